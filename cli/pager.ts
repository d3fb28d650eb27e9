import { type CliConfig, pagerEnvironment } from '../shared/config.ts'
import type { Terminal } from './terminal.ts'

const less = 'if command -v less >/dev/null; then exec less; else exec cat; fi'

/**
 * Shows text on a terminal, by the user's pager when it is longer than the screen. Waits for the pager; leaving it
 * early is no failure, and one that is not there leaves the text to the terminal.
 */
export function page(text: string, terminal: Terminal, config: Pick<CliConfig, 'pager' | 'isDumb'>): void {
  const { stdout } = terminal
  // A terminal that does not know how tall it is says 0.
  const isShort = countLines(text) < (stdout.rows || 24)
  const isPlain = config.isDumb && config.pager === null
  if (stdout.isTTY !== true || isShort || isPlain || !hasKeyboard(terminal)) {
    stdout.write(text)
    return
  }
  // Ctrl-C is the pager's while it runs.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { status, error } = spawnSync('/bin/sh', ['-c', config.pager ?? less], {
    input: text,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: pagerEnvironment(),
  })
  process.off('SIGINT', ignore)
  const isMissing = status === 126 || status === 127 || (error as NodeJS.ErrnoException)?.code === 'ENOENT'
  if (isMissing) stdout.write(text)
}

const hasKeyboard = ({ stdin }: Terminal) => 'isTTY' in stdin && stdin.isTTY === true

const countLines = (text: string): number => text.split('\n').length - 1
