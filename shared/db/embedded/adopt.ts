import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../errors.ts'
import type { EmbeddedPostgres } from '../embedded.ts'
import { answers, isPostmaster, readPostmaster } from './process.ts'
import { endProcess, untilGone } from './stop.ts'

/** Recovery after a crash can take this long before an inherited Postgres answers. */
const startLimitMs = 60_000

/** A process that is there and does not answer for so long is stuck, or its socket has been removed. */
const answerLimitMs = 2_000

/**
 * The Postgres that already runs on the data folder, once it answers; null when none runs. One that cannot be
 * reached any more (its socket's folder was cleared) is stopped, so that a new one can take the folder.
 */
export async function adoptPostgres(dataDir: string): Promise<EmbeddedPostgres | null> {
  const deadline = performance.now() + startLimitMs
  for (;;) {
    const found = readPostmaster(dataDir)
    if (found === null || !isPostmaster(found.pid, dataDir)) return null
    if (found.status === 'ready') {
      if (await answers(found.socketDir, found.port, answerLimitMs)) return adopted(found, dataDir)
      await endProcess(found.pid)
    } else if (performance.now() > deadline) {
      throw new AppError(
        'unavailable',
        `Postgres (process ${found.pid}) has been "${found.status}" for too long.`,
        {
          hint: `Stop it with "kill -QUIT ${found.pid}" and try again.`,
          reason: 'postgres_stuck',
        },
      )
    }
    await sleep(10)
  }
}

function adopted(
  { pid, port, socketDir }: { pid: number; port: number; socketDir: string },
  dataDir: string,
): EmbeddedPostgres {
  const isAlive = () => isPostmaster(pid, dataDir)
  const gone = Promise.withResolvers<void>()
  // Nobody is told of the end of a process that is not his child, so it is looked for.
  void untilGone(isAlive, 100).then(gone.resolve)
  return {
    pid,
    port,
    socketDir,
    adopted: true,
    isAlive,
    exited: gone.promise,
    stop: () => endProcess(pid).then(gone.resolve),
  }
}
