import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { HomePaths } from '../../shared/config.ts'
import { AppError } from '../../shared/errors.ts'
import type { Store } from './store.ts'

export type ErrorLog = {
  file: string
  write: (text: string) => void
  /** stderr and the warnings of Node go where they went before. */
  release: () => void
}

const onlySequences = /^(?:\x1b\[[0-9;?]*[A-Za-z])*$/

/** At this size the log begins anew; the one before stays beside it. */
const mostBytes = 1_000_000

/**
 * The log of a board. While the board is drawn, a word on stderr would stand in the middle of it, so all that is
 * written there goes to the log.
 */
export function createErrorLog(paths: Pick<HomePaths, 'state'>): ErrorLog {
  const file = join(paths.state, 'board.log')
  turnOver(file)
  const write = (text: string) => {
    try {
      mkdirSync(paths.state, { recursive: true, mode: 0o700 })
      appendFileSync(file, `${new Date().toISOString()} ${text.trimEnd()}\n`, { mode: 0o600 })
    } catch {
      // A folder that cannot be written costs the log, not the board.
    }
  }
  const { stderr } = process
  const writeBefore = stderr.write
  stderr.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    // Ink shows the cursor again through stderr when the process ends.
    if (onlySequences.test(text)) return writeBefore.call(stderr, text)
    write(text)
    const done = rest.at(-1)
    if (typeof done === 'function') done()
    return true
  }) as typeof stderr.write
  // Node's own listener writes past the stream.
  const warnedBefore = process.listeners('warning')
  const warn = (warning: Error) => write(warning.stack ?? warning.message)
  process.removeAllListeners('warning')
  process.on('warning', warn)
  return {
    file,
    write,
    release: () => {
      stderr.write = writeBefore
      process.off('warning', warn)
      for (const listener of warnedBefore) process.on('warning', listener)
    },
  }
}

function turnOver(file: string): void {
  try {
    if (statSync(file).size > mostBytes) renameSync(file, `${file}.1`)
  } catch {
    // There is none yet.
  }
}

/**
 * Every error that is told on the screen, so that it can be read later. What it answers looks once more: the store tells
 * of a change up to a frame later, and a key that ends the board may come before.
 */
export function logNotices(store: Store, log: ErrorLog): () => void {
  let last = store.get().notice
  const look = () => {
    const { notice } = store.get()
    if (notice === last) return
    last = notice
    if (notice?.kind !== 'error') return
    log.write(notice.detail === null ? notice.text : `${notice.text}\n${notice.detail}`)
  }
  store.subscribe(look)
  return look
}

/** What nobody foresaw as a line with the place of the log; what was foreseen stays as it is. */
export function told(error: unknown, log: ErrorLog): AppError {
  if (error instanceof AppError && error.code !== 'internal') return error
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  log.write(stack ?? message)
  return new AppError('internal', `The board had to end: ${message.split('\n')[0]}`, {
    hint: `What led to it is in ${log.file}. Please report it.`,
  })
}
