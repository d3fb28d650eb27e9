import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../shared/db/connect.ts'
import type { Wake } from '../shared/db/wake.ts'
import type { Log } from '../shared/log.ts'
import type { EventBus } from '../shared/ports.ts'
import { claimWave, type Pending, postpone, remove, takeRelayLock } from './relay/outbox.ts'

export type RelayDeps = {
  /** A pool of exactly one connection, the relay's own: the lock that makes it the leader lives on it. */
  db: Db
  bus: EventBus
  wake: Wake
  log: Log
}

/** What operators ask of a relay; `isLeader` is true in one process of many. */
export type RelayState = { isLeader: boolean; isBusDown: boolean; published: number; failed: number }

/** Events of one bulk call. Larger waves gain nothing on Kafka and make a repeat after a lost answer dearer. */
const waveSize = 200

/** How often a process that is not the leader asks whether it may be. */
const electionMs = 1000

/** Waits between probes while the bus is down. A probe costs the bus one event and at most some seconds. */
const breakerMs = { first: 250, most: 2000 }

/** Without a wake-up the table is looked at so often: the back-stop for a lost one and the clock of postponed events. */
const pollMs = 1000

/**
 * Publishes committed events until the signal aborts: the oldest pending one of each task, a wave at a time, so that a
 * task's events keep their order. A row leaves the outbox when the bus has acknowledged it; what is published twice
 * after a lost answer carries the same id. One relay is active among all processes of a database.
 */
export function startRelay(
  deps: RelayDeps,
  signal: AbortSignal,
): { state: RelayState; stopped: Promise<void> } {
  const state: RelayState = { isLeader: false, isBusDown: false, published: 0, failed: 0 }
  return { state, stopped: run(deps, state, signal) }
}

async function run(deps: RelayDeps, state: RelayState, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await lead(deps, state, signal)
    } catch (error) {
      if (!signal.aborted) deps.log.warn({ err: error }, 'the relay lost its database connection')
    } finally {
      state.isLeader = false
    }
    await pause(electionMs, signal)
  }
}

/** Works as long as this process holds the lock, which lives as long as its connection. */
async function lead(deps: RelayDeps, state: RelayState, signal: AbortSignal): Promise<void> {
  const sql = deps.db
  try {
    const pid = await takeRelayLock(sql)
    if (pid === null) return
    state.isLeader = true
    const bell = createBell(deps.wake)
    try {
      let wait = 0
      while (!signal.aborted) {
        const wave = await claimWave(sql, pid, state.isBusDown ? 1 : waveSize)
        const events = await publish(deps, state, wave, signal)
        if (events === null) {
          wait = Math.min(Math.max(wait * 2, breakerMs.first), breakerMs.most)
          await pause(wait, signal)
          continue
        }
        wait = 0
        await remove(sql, events.acknowledged)
        await postpone(sql, events.refused)
        if (wave.length === 0) await bell.rung(pollMs, signal)
      }
    } finally {
      bell.off()
    }
  } finally {
    await sql`select pg_advisory_unlock_all()`.catch(() => undefined)
  }
}

/** Null when the bus as a whole did not take the wave, or may have without saying so. */
async function publish(deps: RelayDeps, state: RelayState, wave: Pending[], signal: AbortSignal) {
  if (wave.length === 0) return { acknowledged: [], refused: [] }
  try {
    const results = await deps.bus.publish(
      wave.map(({ event }) => event),
      signal,
    )
    if (state.isBusDown) deps.log.info('the bus takes events again')
    state.isBusDown = false
    const taken = new Set(results.filter((result) => result.ok).map((result) => result.eventId))
    for (const result of results) {
      if (!result.ok)
        deps.log.warn({ event_id: result.eventId, error: result.error }, 'the bus refused an event')
    }
    const acknowledged = wave.filter(({ event }) => taken.has(event.eventId)).map(({ id }) => id)
    const refused = wave.filter(({ event }) => !taken.has(event.eventId)).map(({ id }) => id)
    state.published += acknowledged.length
    state.failed += refused.length
    return { acknowledged, refused }
  } catch (error) {
    if (!state.isBusDown && !signal.aborted)
      deps.log.warn({ err: error }, 'the bus is down; events wait in the outbox')
    state.isBusDown = true
    return null
  }
}

/** Remembers a wake-up that came while nobody waited. */
function createBell(wake: Wake) {
  let rang = false
  let ring = () => {
    rang = true
  }
  const remember = ring
  const off = wake.onWake(() => ring())
  return {
    off,
    rung: (limitMs: number, signal: AbortSignal): Promise<void> => {
      if (rang || signal.aborted) {
        rang = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          ring = remember
          resolve()
        }
        const timer = setTimeout(done, limitMs)
        signal.addEventListener('abort', done, { once: true })
        ring = done
      })
    },
  }
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined)
