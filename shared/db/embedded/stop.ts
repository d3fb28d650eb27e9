import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning } from './process.ts'

/** Postgres' own ladder: fast shutdown, immediate shutdown (recovers at the next start), and what cannot be refused. */
const ladder = [
  { signal: 'SIGINT', graceMs: 10_000 },
  { signal: 'SIGQUIT', graceMs: 3_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const

/** Ends a Postgres by its postmaster's pid and resolves when it has gone. */
export async function endProcess(pid: number): Promise<void> {
  for (const { signal, graceMs } of ladder) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    const deadline = performance.now() + graceMs
    while (performance.now() < deadline) {
      if (!isRunning(pid)) return
      await sleep(3)
    }
  }
}

/** Resolves when `isAlive` has become false; waiting for it keeps no process running. */
export async function untilGone(isAlive: () => boolean, everyMs: number): Promise<void> {
  while (isAlive()) await sleep(everyMs, undefined, { ref: false })
}
