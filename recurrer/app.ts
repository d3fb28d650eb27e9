import type { Db } from '../shared/db/connect.ts'
import type { Wake } from '../shared/db/wake.ts'
import type { Log } from '../shared/log.ts'
import type { Tracing } from '../shared/tracing.ts'
import { remindDue } from './reminders.ts'
import { generateDue } from './templates.ts'

export type RecurrerDeps = {
  db: Db
  wake: Wake
  log: Log
  /** Called in every turn: whoever watches knows that the work goes on. */
  onTurn?: () => void
  tracing?: Tracing
  /** How many instances and reminders a turn has made. */
  observe?: (done: { made: number; sent: number }) => void
}

export type Recurrer = {
  /** Does everything that is due now. The clock's tick calls it as the back-stop; calls while one runs join it. */
  tick: () => Promise<void>
  /** Runs until the signal aborts: sleeps until the next thing is due, woken by commits that may have changed that. */
  run: () => Promise<void>
}

/** The longest sleep: the back-stop for a wake-up that was lost. */
const longestSleepMs = 60_000

/** What is due still, after everything due was done, is in the hands of another recurrer. */
const shortestSleepMs = 20

/** After a failure (the database away) it is tried again so soon. */
const retryMs = 1_000

/** Makes the instances of recurring templates and the reminders of tasks, each at its time. */
export function createRecurrer(deps: RecurrerDeps, signal: AbortSignal): Recurrer {
  let running: Promise<void> | null = null
  const once = async () => {
    const made = await generateDue(deps, signal)
    const sent = await remindDue(deps, signal)
    deps.observe?.({ made, sent })
    if (made + sent > 0) {
      deps.wake.notify()
      deps.log.debug({ made, sent }, 'instances and reminders')
    }
  }
  const tick = () => {
    running ??= once().finally(() => {
      running = null
    })
    return running
  }
  const run = async () => {
    let alarm = () => {}
    const off = deps.wake.onWake(() => alarm())
    signal.addEventListener('abort', () => alarm(), { once: true })
    while (!signal.aborted) {
      deps.onTurn?.()
      // Set before the look, so that a commit during it is not overslept.
      const { promise: slept, resolve } = Promise.withResolvers<void>()
      alarm = resolve
      let sleepMs = retryMs
      try {
        await tick()
        sleepMs = await untilNext(deps.db)
      } catch (error) {
        if (!signal.aborted) deps.log.warn({ err: error }, 'the recurrer could not look; trying again')
      }
      const timer = setTimeout(resolve, sleepMs)
      if (!signal.aborted) await slept
      clearTimeout(timer)
    }
    off()
  }
  return { tick, run }
}

/** Milliseconds until the next template or reminder is due, by the database's clock. Reads two index entries. */
async function untilNext(db: Db): Promise<number> {
  const [row] = await db<{ ms: number | null }[]>`
    select extract(epoch from least(
      (select next_run_at from recurring_tasks where is_active and next_run_at is not null order by next_run_at limit 1),
      (select fire_at from reminders where sent_at is null order by fire_at limit 1)
    ) - clock_timestamp()) * 1000 as ms`
  const ms = row?.ms === null || row?.ms === undefined ? longestSleepMs : Number(row.ms)
  return Math.min(Math.max(Math.ceil(ms), shortestSleepMs), longestSleepMs)
}
