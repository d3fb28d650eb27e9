import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino'

export type Log = Logger

/** Lines of a busy moment are written together, so late at most. */
const gatherMs = 20

/**
 * JSON lines with ISO times on stdout. Warnings and worse, and what came before them, are written at once, so that the
 * last words before a crash are there. Titles, e-mail addresses and tokens never go in: log ids.
 */
export function createLog(
  service: string,
  options: { level?: LevelWithSilent; destination?: DestinationStream } = {},
): Log {
  const settings = {
    level: options.level ?? 'info',
    base: { service },
    timestamp: createTimestamp(),
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: safeError },
  }
  return pino(settings, options.destination ?? gathered(pino.destination({ dest: 1, sync: true })))
}

/** The part of a line that says when, in UTC. What stays the same for a second is written once: a date costs a line a third. */
function createTimestamp(): () => string {
  let second = -1
  let upToSecond = ''
  return () => {
    const now = Date.now()
    const ms = now % 1000
    if (now - ms !== second) {
      second = now - ms
      upToSecond = `,"time":"${new Date(second).toISOString().slice(0, 20)}`
    }
    return `${upToSecond}${String(ms).padStart(3, '0')}Z"`
  }
}

type Gathering = DestinationStream & { [metadata]: true; lastLevel: number }
const metadata = Symbol.for('pino.metadata')
const warning = 40

/**
 * The first line of a quiet time is written at once and the following ones of `gatherMs` in one piece: a system call
 * for each line would cost a busy server a tenth of its time.
 */
export function gathered(out: DestinationStream): DestinationStream {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    if (waiting !== '') out.write(waiting)
    waiting = ''
  }
  const stream: Gathering = {
    [metadata]: true,
    lastLevel: 0,
    write: (line) => {
      waiting += line
      if (timer === undefined) {
        flush()
        timer = setTimeout(() => {
          timer = undefined
          flush()
        }, gatherMs)
        timer.unref()
      } else if (stream.lastLevel >= warning) flush()
    },
  }
  process.once('exit', flush)
  return stream
}

/**
 * What may be told of an error: its kind, its message without what stands in quotes or brackets, where it happened.
 * Postgres puts values into messages and details (`Key (email)=(…) already exists`), and those are people's.
 */
export function safeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code } = error as { code?: unknown }
  const cause = error.cause === undefined ? {} : { cause: safeError(error.cause) }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const message = error.message.replaceAll(/"[^"]*"|'[^']*'|\([^)]*\)/g, '…')
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    message,
    stack: frames.slice(0, 12).join('\n'),
    ...cause,
  }
}
