import type { Command } from './tty.ts'
export const findKanban = (): string | null => null
export const createKanban = (
  _p: string,
  _n: number,
): { command: Command; mark: string; remove: () => void } => {
  throw new Error()
}
