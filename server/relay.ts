import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../shared/db/connect.ts'
import type { Wake } from '../shared/db/wake.ts'
import { AppError } from '../shared/errors.ts'
import type { Log } from '../shared/log.ts'
import type { EventBus } from '../shared/ports.ts'
import { claimWave, type Pending, postpone, remove, takeRelayLock } from './relay/outbox.ts'
import { count, createTally, type Tally } from './tally.ts'

/**
 * How the relay connects: one connection of its own, because the lock that makes it the leader lives on it. A leader
 * asks at least every few seconds; when nothing is heard for so long, its process hangs or its machine is gone, and
 * Postgres ends the session so that another one may lead.
 */
export const relayConnection = {
  max: 1,
  name: 'todo-relay',
  idleSessionMs: 30_000,
  // What it writes is that rows have left the outbox. A crash of the database may bring the last ones back, which is
  // a repeat like others; waiting for the disk in each wave would hold the next one up.
  waitsForDisk: false,
} as const

export type RelayDeps = {
  /** A pool as `relayConnection` says. */
  db: Db
  bus: EventBus
  wake: Wake
  log: Log
  /** Called in every turn, also while another process leads: whoever watches knows that the loop goes on. */
  onTurn?: () => void
}

/** What operators ask of a relay; `isLeader` is true in one process of many. */
export type RelayState = {
  isLeader: boolean
  /** The last publication failed as a whole: the breaker is open, and single events probe. */
  isBusDown: boolean
  /** Why it failed, in a word: `sidecar_unreachable`, `pubsub_not_loaded`, `publish_failed`; null when it did not. */
  fault: string | null
  /** Acknowledged by the bus. */
  published: number
  /** Refused by name; tried again later. */
  refused: number
  /** Publications that failed as a whole. */
  failures: number
  /** Seconds from a change to its acknowledgement. */
  delays: Tally
}

/** Close together where the targets lie. */
const delayBounds = [
  ...[0.002, 0.004, 0.006, 0.008, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 60, 600],
]

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
  const state: RelayState = {
    isLeader: false,
    isBusDown: false,
    fault: null,
    published: 0,
    refused: 0,
    failures: 0,
    delays: createTally(delayBounds),
  }
  return { state, stopped: run(deps, state, signal) }
}

async function run(deps: RelayDeps, state: RelayState, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    deps.onTurn?.()
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
      let written: Promise<unknown> = Promise.resolve()
      while (!signal.aborted) {
        deps.onTurn?.()
        const [wave] = await Promise.all([claimWave(sql, pid, state.isBusDown ? 1 : waveSize), written])
        const events = await publish(deps, state, wave, signal)
        if (events === null) {
          wait = Math.min(Math.max(wait * 2, breakerMs.first), breakerMs.most)
          await pause(wait, signal)
          continue
        }
        wait = 0
        // The next claim is sent without waiting for them: one connection does them in their order.
        written = Promise.all([remove(sql, events.acknowledged), postpone(sql, events.refused)])
        written.catch(() => {})
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
    state.fault = null
    const taken = new Set(results.filter((result) => result.ok).map((result) => result.eventId))
    for (const result of results) {
      if (!result.ok)
        deps.log.warn({ event_id: result.eventId, error: result.error }, 'the bus refused an event')
    }
    const [acknowledged, refused] = [[] as number[], [] as number[]]
    for (const { id, event } of wave) {
      if (!taken.has(event.eventId)) refused.push(id)
      else {
        acknowledged.push(id)
        count(state.delays, Math.max(0, Date.now() - Date.parse(event.time)) / 1000)
      }
    }
    state.published += acknowledged.length
    state.refused += refused.length
    return { acknowledged, refused }
  } catch (error) {
    if (signal.aborted) return null
    if (!state.isBusDown) deps.log.warn({ err: error }, 'the bus is down; events wait in the outbox')
    state.isBusDown = true
    state.failures += 1
    state.fault = (error instanceof AppError && error.reason) || 'publish_failed'
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
