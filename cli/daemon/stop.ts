import { setTimeout as sleep } from 'node:timers/promises'
import type { HomePaths } from '../../shared/config.ts'
import { stopLeftPostgres } from '../../shared/db/embedded.ts'
import { AppError } from '../../shared/errors.ts'
import { readDaemonState } from '../daemon.ts'
import { isLocked } from '../local/run-lock.ts'

/** A daemon that has been told to stop answers what it received and then stops Postgres, within ten seconds. */
const stopLimitMs = 15_000

export async function stopRunning(paths: HomePaths): Promise<boolean> {
  const wasRunning = isLocked(paths.lock)
  const deadline = performance.now() + stopLimitMs
  let told: number | null = null
  while (isLocked(paths.lock)) {
    // The state of a daemon that starts right now is still its predecessor's; the lock says only that one is there.
    const pid = readDaemonState(paths)?.pid ?? null
    if (pid !== null && pid !== told) tell(pid)
    told = pid
    if (performance.now() > deadline) throw stuck(pid)
    await sleep(20)
  }
  // Of a daemon that was killed, also while it was stopping.
  const wasLeft = await stopLeftPostgres(paths.postgresData)
  return wasRunning || wasLeft
}

function tell(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

function stuck(pid: number | null): AppError {
  return new AppError('unavailable', 'The local service does not stop.', {
    hint:
      pid === null ? 'Try again in a moment.' : `End it with \`kill -9 ${pid}\`; nothing is lost by that.`,
    reason: 'daemon_stuck',
  })
}
