import { setTimeout as sleep } from 'node:timers/promises'
import { type EmbeddedOptions, type EmbeddedPostgres, startPostgres } from '../../shared/db/embedded.ts'
import type { Log } from '../../shared/log.ts'

export type KeptPostgres = {
  socketDir: string
  port: number
  /**
   * Null while Postgres runs; else a promise that resolves when it does again and rejects when it does not come back.
   * Cheap enough for every request.
   */
  restarting(): Promise<void> | null
  /** Rejects when Postgres has gone and does not come back. */
  lost: Promise<never>
  stop(): Promise<void>
}

/** More ends than this within a minute mean that something else is wrong, and trying on would only hide it. */
const mostRestarts = 20

/** How long an answer about the process is believed; asking the kernel costs some 30 µs. */
const believedMs = 20

/** Starts or adopts Postgres and starts it again on the same socket whenever it ends by itself. */
export async function keepPostgres(options: EmbeddedOptions, log: Log): Promise<KeptPostgres> {
  let current = await startPostgres(options)
  let stopping = false
  let back = nextStart()
  let askedAt = 0
  log.info({ pid: current.pid, adopted: current.adopted }, 'Postgres runs')

  const keep = async (): Promise<never> => {
    const ends: number[] = []
    for (;;) {
      await current.exited
      if (stopping) return new Promise<never>(() => {})
      const now = performance.now()
      ends.push(now)
      if (ends.filter((time) => now - time < 60_000).length > mostRestarts) {
        throw new Error('Postgres ended again and again')
      }
      log.warn({ pid: current.pid }, 'Postgres ended by itself and is started again')
      current = await restart(options, log)
      if (stopping) await current.stop()
      askedAt = 0
      back.resolve()
      back = nextStart()
    }
  }

  const lost = keep()
  lost.catch((error) => back.reject(error))
  return {
    socketDir: current.socketDir,
    port: current.port,
    lost,
    restarting: () => {
      const now = performance.now()
      if (now - askedAt < believedMs) return null
      if (!current.isAlive()) return stopping ? null : back.promise
      askedAt = now
      return null
    },
    stop: async () => {
      stopping = true
      await current.stop()
    },
  }
}

/** Its failure is told to those who wait for it; when nobody does, it is nobody's error. */
function nextStart(): PromiseWithResolvers<void> {
  const next = Promise.withResolvers<void>()
  next.promise.catch(() => {})
  return next
}

/** A full disk or a lack of memory may pass; three tries, then the error is the caller's. */
async function restart(options: EmbeddedOptions, log: Log): Promise<EmbeddedPostgres> {
  for (const pauseMs of [0, 200, 1_000]) {
    await sleep(pauseMs)
    try {
      return await startPostgres(options)
    } catch (error) {
      log.error({ err: error }, 'Postgres could not be started again')
    }
  }
  return startPostgres(options)
}
