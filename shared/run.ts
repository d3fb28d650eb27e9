import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Log } from './log.ts'

export type RunningService = {
  app: Hono
  /** Called first at the end: whatever takes in new work of its own accord ends, and readiness says no. */
  stopIntake?: () => void
  /** Called when the last answer is out: ends background work and closes connections. */
  close(): Promise<void>
}

export type RunOptions = { host: string; port: number; log: Log; graceMs?: number }

/**
 * Serves until SIGTERM or SIGINT, then answers what it has received and closes. Resolves with the exit code: 0, or 1
 * when the port cannot be had or the end took longer than `graceMs`.
 */
export async function runService(service: RunningService, options: RunOptions): Promise<number> {
  const { host, port, log, graceMs = 9_000 } = options
  const server = await listen(service.app, host, port).catch((error: unknown) => {
    log.fatal({ err: error }, `cannot listen on ${host}:${port}`)
    return null
  })
  if (server === null) {
    await service.close()
    return 1
  }
  log.info({ host, port }, 'listening')
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  log.info({ signal }, 'ending')
  const began = Date.now()
  service.stopIntake?.()
  const ended = drain(server).then(service.close)
  const late = new Promise<'late'>((resolve) => setTimeout(resolve, graceMs, 'late').unref())
  if ((await Promise.race([ended, late])) === 'late') {
    log.error(`still busy after ${graceMs / 1000} s`)
    return 1
  }
  log.info({ ms: Date.now() - began }, 'ended')
  return 0
}

function listen(app: Hono, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, () => resolve(server)) as Server
    server.once('error', reject)
  })
}

/** Connections that are kept alive become idle one by one as their answers go out. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearInterval(timer)
      resolve()
    })
    server.closeIdleConnections()
  })
}
