import type { Terminal } from './terminal.ts'

const afterMs = 300

/**
 * Says on a terminal what a command waits for once that takes longer than a moment, and takes it away again. A stream
 * of stderr is made only then, since it costs every command 3 ms.
 */
export async function whileWaiting<T>(
  terminal: Terminal,
  what: () => string,
  work: () => Promise<T>,
): Promise<T> {
  if (!terminal.isInteractive || terminal.isDrawnOn) return work()
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    terminal.stderr.write(`Waiting for ${what()} …`)
  }, afterMs)
  try {
    return await work()
  } finally {
    clearTimeout(timer)
    if (isShown) terminal.stderr.write('\r\x1b[K')
  }
}
