import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from './process.ts'

/** A program that we start, or one that starts itself detached from us and tells its pid. */
type Program =
  | { command(): Command; launch?: undefined }
  | { command?: undefined; launch(logFile: string): Promise<number> }

/** One program of the stack. */
export type Part = Program & {
  name: string
  /** Others stand on it, so it goes last. */
  ground: boolean
  /** What must be there before the program can start; finds its own earlier work done. */
  prepare?(): Promise<void>
  /** True once it answers. Asked again and again, so it must be cheap and must not throw. */
  ready(): Promise<boolean>
  stopSignal: NodeJS.Signals
  /** How long an orderly end may take before it is cut. */
  graceMs: number
  /** Where it can be reached, for the table of `stack-status`. */
  address: string
}

/** Asks until the answer is yes; throws what `giveUp` says, or after `ms`. */
export async function until(
  check: () => Promise<boolean>,
  options: { ms: number; what: string; giveUp?: () => string | null },
): Promise<void> {
  const end = Date.now() + options.ms
  while (!(await check())) {
    const reason =
      options.giveUp?.() ??
      (Date.now() > end ? `${options.what} did not answer in ${options.ms / 1000} s` : null)
    if (reason) throw new Error(reason)
    await sleep(40)
  }
}

/** True when something accepts connections at the port of this machine. */
export function portOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.setTimeout(1000, () => done(false))
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** True when the address answers with a 2xx. */
export async function answers(url: string, headers: Record<string, string> = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
