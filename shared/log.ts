import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino'

export type Log = Logger

/**
 * JSON lines with ISO times, written synchronously so that the last words before a crash are there. Titles, e-mail
 * addresses and tokens never go in: log ids.
 */
export function createLog(
  service: string,
  options: { level?: LevelWithSilent; destination?: DestinationStream } = {},
): Log {
  const settings = {
    level: options.level ?? 'info',
    base: { service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: safeError },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
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
