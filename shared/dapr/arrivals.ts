import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import type { Db } from '../db/connect.ts'
import type { Log } from '../log.ts'
import type { StateStore } from '../ports.ts'

export type ArrivalWatch = {
  /** An event has arrived, whatever it was. */
  arrived(): void
  /** Events were published, and none has arrived at any replica of this app since. */
  isStuck(): boolean
  /** Looks until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

export type ArrivalWatchOptions = {
  db: Db
  /** Its keys are the app's own, so all replicas of the app share one. */
  state: StateStore
  log: Log
  /** Ends the sidecar; null where nothing would start it again. */
  restart: (() => Promise<void>) | null
  lookMs?: number
  /** Longer than a broker needs to give the partitions of a dead member to another. */
  graceMs?: number
  now?: () => number
}

const key = 'last-arrival'
const keepSec = 86_400
/** Between two notes in the store of one replica. */
const noteMs = 2_000
/** Waits between two restarts: doubled each time that one has not helped. */
const restartMs = { first: 60_000, most: 30 * 60_000 }

/**
 * Finds a consumer that is dead although its sidecar says that all is well: the subscription is listed, the group is
 * empty or its offsets stand. What was published is what has left the outbox; what has arrived is known here and, for
 * the other replicas, in the state store. While that store is away nothing is concluded.
 */
export function createArrivalWatch(options: ArrivalWatchOptions): ArrivalWatch {
  const { db, state, log, restart, lookMs = 5_000, graceMs = 30_000, now = Date.now } = options
  let [last, noted] = [now(), 0]
  let published: number | null = null
  let looked = now()
  let waitingSince: number | null = null
  let [nextRestart, wait] = [0, restartMs.first]

  const look = async (): Promise<void> => {
    const since = looked
    const [at, upTo, elsewhere] = [now(), await publishedUpTo(db), Number((await state.get(key)) ?? 0)]
    const latest = Math.max(last, elsewhere)
    const isNew = published !== null && upTo > published
    published = upTo
    looked = at
    // An event may arrive a moment before its row leaves the outbox, so an arrival counts for the look before too.
    if (isNew && latest < since - lookMs) waitingSince ??= at
    if (waitingSince !== null && latest >= waitingSince) {
      waitingSince = null
      wait = restartMs.first
    }
    if (isStuck() && at >= nextRestart) await heal(at)
  }
  const isStuck = () => waitingSince !== null && now() - waitingSince >= graceMs
  const heal = async (at: number) => {
    log.error(
      { restart: restart !== null },
      'events are published and none arrives: the consumer of the sidecar is stuck',
    )
    nextRestart = at + wait
    wait = Math.min(wait * 2, restartMs.most)
    await restart?.()
  }
  return {
    arrived: () => {
      last = now()
      if (last - noted < noteMs) return
      noted = last
      state.put(key, String(last), keepSec).catch(() => {})
    },
    isStuck,
    run: async (signal) => {
      while (await sleep(lookMs, true, { signal, ref: false }).catch(() => false)) {
        await look().catch((error: unknown) => log.debug({ err: error }, 'could not look for arrivals'))
      }
    },
  }
}

/** The number of an event; it and all before it have been acknowledged by the bus. */
async function publishedUpTo(db: Db): Promise<number> {
  const [row] = await db<{ id: number }[]>`
    select coalesce((select min(id) - 1 from outbox), (select max(id) from events), 0)::bigint as id`
  return row!.id
}

/** Asks a sidecar to end in order: what it is delivering is answered first. */
export async function shutdownSidecar(sidecar: string, apiToken: string | undefined): Promise<void> {
  const { body } = await request(`${sidecar}/v1.0/shutdown`, {
    method: 'POST',
    headers: apiToken ? { 'dapr-api-token': apiToken } : {},
    signal: AbortSignal.timeout(5_000),
  })
  await body.dump()
}
