import type { Hono } from 'hono'
import { listenHttp } from './http.ts'
import type { Log } from './log.ts'
import { requestListener } from './request-listener.ts'
import { run } from './run.ts'
import type { Watchdog } from './watchdog.ts'

export type RunningService = {
  app: Hono
  /** Called first at the end: whatever takes in new work of its own accord ends, and readiness says no. */
  stopIntake?: () => void
  /** Called when the last answer is out: ends background work and closes connections. */
  close(): Promise<void>
}

export type ServiceOptions = { host: string; port: number; log: Log; graceMs?: number }

/** Whatever hangs would keep an orderly end waiting too, so `exit` ends the process at once. */
export function endHanging(watchdog: Watchdog, signal: AbortSignal, exit: (code: number) => void): void {
  void watchdog.watch(signal).then((hanging) => hanging !== null && exit(1))
}

/** Serves until SIGTERM or SIGINT, then answers what it has received and closes. Resolves with the exit code. */
export function runService(service: RunningService, options: ServiceOptions): Promise<number> {
  const { log, graceMs = 9_000 } = options
  return run(async (signal) => {
    try {
      const answer = requestListener(service.app)
      const listener = await listenHttp(options, answer)
      log.info({ host: listener.host, port: listener.port }, 'listening')
      await aborted(signal)
      service.stopIntake?.()
      await listener.drain(graceMs)
    } finally {
      await service.close()
    }
    log.info('stopped')
  }, log)
}

export const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
