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
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}
