import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './db/connect.ts'
import type { Log } from './log.ts'

export type Watchdog = {
  /** The named work goes on. Called in each turn of a loop; a loop that has ended calls it no more. */
  beat(name: string): void
  /** Seconds since the last beat of each work. */
  ages(): Record<string, number>
  /**
   * Looks until the signal aborts. Resolves with the names of what hangs once something does, else with null. While
   * the database does not answer nothing counts as hanging: everything waits for it, and a restart would not help.
   */
  watch(signal: AbortSignal): Promise<string[] | null>
}

export type WatchdogOptions = {
  db: Db
  log: Log
  /** Far above what a turn takes at worst, which is some time-outs one after the other. */
  limitMs?: number
  lookMs?: number
}

/** How long the database may take to show that it is not what everything waits for. */
const answerMs = 5_000

/**
 * Notices work that hangs: a promise that never settles, a connection whose other end is gone. No time-out knows of
 * these; a new process does.
 */
export function createWatchdog({ db, log, limitMs = 120_000, lookMs = 10_000 }: WatchdogOptions): Watchdog {
  const beats = new Map<string, number>()
  const hanging = () => {
    const since = performance.now() - limitMs
    return [...beats].flatMap(([name, at]) => (at < since ? [name] : []))
  }
  const look = async (): Promise<string[]> => {
    const suspects = hanging()
    return suspects.length > 0 && (await databaseAnswers(db)) ? suspects : []
  }
  return {
    beat: (name) => void beats.set(name, performance.now()),
    ages: () => Object.fromEntries([...beats].map(([name, at]) => [name, (performance.now() - at) / 1000])),
    watch: async (signal) => {
      let before: string[] = []
      while (await pause(lookMs, signal)) {
        const found = await look()
        // Twice in a row: a process that was stopped for a while (SIGSTOP, a closed lid) has old beats at first.
        const again = found.filter((name) => before.includes(name))
        if (again.length > 0) {
          log.fatal({ hanging: again }, 'work hangs; this process ends, so that a new one takes over')
          return again
        }
        before = found
      }
      return null
    },
  }
}

async function databaseAnswers(db: Db): Promise<boolean> {
  const late = sleep(answerMs, false, { ref: false })
  return Promise.race([
    db`select 1`.then(
      () => true,
      () => false,
    ),
    late,
  ])
}

/** False when the signal has aborted. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, true, { signal, ref: false }).catch(() => false)
