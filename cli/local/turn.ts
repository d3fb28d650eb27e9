import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HomePaths } from '../../shared/config.ts'
import { AppError } from '../../shared/errors.ts'
import { type DaemonState, readDaemonState, tryConnect } from '../daemon.ts'
import { type RunLock, takeRunLock } from './run-lock.ts'

/** A daemon that was told to stop is gone in ten seconds; one that starts for the first time needs three. */
const turnLimitMs = 15_000

/**
 * The run lock, or null when a daemon of the same build answers. One of another build is told to stop, and one that
 * is just stopping (or whose socket has been removed, which it notices itself) is waited for.
 */
export async function takeTurn(paths: HomePaths, build: string): Promise<RunLock | null> {
  const deadline = performance.now() + turnLimitMs
  let told: number | null = null
  for (;;) {
    const lock = takeRunLock(paths.lock)
    if (lock !== null) return lock
    const owner = readDaemonState(paths)
    if (owner?.build === build && (await isListening(owner.socket))) return null
    if (owner !== null && owner.build !== build && owner.pid !== told) {
      tell(owner.pid)
      told = owner.pid
    }
    if (performance.now() > deadline) throw stuck(owner)
    await sleep(20)
  }
}

async function isListening(path: string): Promise<boolean> {
  const socket = await tryConnect(path)
  socket?.destroy()
  return socket !== null
}

function tell(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

function stuck(owner: DaemonState | null): AppError {
  return new AppError('unavailable', 'Another local service holds the data and does not answer.', {
    hint: owner === null ? 'Try again in a moment.' : `End it with \`kill ${owner.pid}\` and try again.`,
    reason: 'daemon_stuck',
  })
}

/** Written as a whole or not at all: commands read it at any moment. */
export function writeState(paths: HomePaths, state: DaemonState): void {
  const draft = `${paths.daemonState}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(state)}\n`, { mode: 0o600 })
  renameSync(draft, paths.daemonState)
}

export function removeState(paths: HomePaths): void {
  rmSync(paths.daemonState, { force: true })
}
