import type { CliConfig } from '../shared/config.ts'

/** Where a command's words come from and go to. Tests pass streams of their own. */
export type Terminal = {
  stdin: NodeJS.ReadStream | AsyncIterable<Buffer | string>
  stdout: Output
  stderr: Output
  isInteractive: boolean
  /** The board is on it: nothing else may be written. */
  isDrawnOn?: boolean
}

export type Output = { write(text: string): unknown; isTTY?: boolean; columns?: number; rows?: number }

/** `--no-color` > NO_COLOR > CLICOLOR_FORCE, FORCE_COLOR > CLICOLOR=0, TERM=dumb > whether it is a terminal. */
export function hasColor(stream: Output, { color }: Pick<CliConfig, 'color'>, flag: boolean): boolean {
  if (!flag || color.never) return false
  if (color.always) return true
  return !color.off && stream.isTTY === true
}

/** The columns to fill; null in a pipe, where nothing is cut unless COLUMNS says so. */
export const widthOf = (stream: Output, config: Pick<CliConfig, 'columns'>): number | null =>
  config.columns ?? (stream.isTTY === true ? stream.columns || 80 : null)
