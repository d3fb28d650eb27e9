import type { ChannelKind } from '../shared/api/channel.ts'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'
import type { Tracing } from '../shared/tracing.ts'
import { createAttempts } from './attempt.ts'
import type { Outcome, Sender } from './outcome.ts'
import { type Claimed, claim, nextDue, reclaim, storeSettled, targetOf } from './queue.ts'
import { takeRequests } from './requests.ts'
import { sweep } from './retention.ts'
import { createSettler, type Settler } from './settler.ts'
import { createTargets } from './targets.ts'

export type DelivererOptions = {
  db: Db
  log: Log
  senders: Record<ChannelKind, Sender | null>
  /** The time that preferences, staleness and retries go by. */
  now?: () => Date
  random?: () => number
  /** Longest wait before the queue is looked at without being woken. */
  pollMs?: number
  /** An attempt takes this long at most. The lease must outlast it, with time to store the result. */
  attemptMs?: number
  leaseMs?: number
  /** A channel that has failed without a break for so long is switched off. */
  disableAfterMs?: number
  /** Messages of a kind that one person gets in an hour before the rest is put together. Default: no limit. */
  hourlyLimit?: number | undefined
  observe?: (attempt: Observed) => void
  tracing?: Tracing
  /** Called in every turn: whoever watches knows that the loop goes on. */
  onTurn?: (() => void) | undefined
}

export type Observed = { kind: ChannelKind; class: Outcome['class']; ms: number }

export type Deliverer = {
  /** Something may be due. */
  wake(): void
  /** Sends until the signal aborts; then lets what is on its way end, for a few seconds. */
  run(signal: AbortSignal): Promise<void>
}

/** Attempts of the first second, and all: those that hang occupy few of the places of those that do not. */
const places = { fresh: 64, all: 512 }
const freshMs = 1_000
const choresMs = 200
const sweepMs = 60 * 60_000
const errorPauseMs = 1_000
const graceMs = 5_000

/** The sender loop: claims what is due, hands it to the channels, stores what became of it. */
export function createDeliverer(options: DelivererOptions): Deliverer {
  const { db, log } = options
  const alarm = createAlarm()
  return {
    wake: alarm.ring,
    async run(signal) {
      const grace = new AbortController()
      const settler = createSettler({ store: (batch) => storeSettled(db, batch), onStored: alarm.ring, log })
      const rounds = createRounds(options, settler, alarm.ring, grace.signal)
      while (!signal.aborted) {
        options.onTurn?.()
        try {
          if ((await rounds.next()) === 0) await alarm.wait(await rounds.pauseMs(), signal)
        } catch (error) {
          log.error({ err: error }, 'the delivery queue cannot be read')
          await alarm.wait(errorPauseMs, signal)
        }
      }
      const deadline = setTimeout(() => grace.abort(), graceMs)
      await rounds.ended()
      clearTimeout(deadline)
      await settler.drain(graceMs)
    },
  }
}

/** `onEnd` is called when an attempt has ended; `signal` aborts those that are on their way. */
function createRounds(options: DelivererOptions, settler: Settler, onEnd: () => void, signal: AbortSignal) {
  const { db, senders, pollMs = 1_000, leaseMs = 30_000 } = options
  const caps = capsOf(senders)
  const targets = createTargets()
  const attempt = createAttempts({ ...options, leaseMs, targets, settler, signal })
  const started = new Map<Promise<void>, number>()
  const chores = createChores(db)
  let choresAt: number | null = null

  function begin(claimed: Claimed): void {
    targets.begin(targetOf(claimed))
    const work = attempt(claimed).finally(() => {
      started.delete(work)
      onEnd()
    })
    started.set(work, Date.now())
  }

  return {
    /** Begins as many attempts as there are places, and answers how many. */
    async next(): Promise<number> {
      choresAt = await chores()
      const limit = freePlaces(started)
      if (limit === 0) return 0
      const rooms = targets.rooms((key) => caps[key as ChannelKind] ?? caps.webhook)
      const claimed = await claim(db, { lease: crypto.randomUUID(), leaseMs, limit, caps, rooms })
      for (const one of claimed) begin(one)
      return claimed.length
    },
    /** Until the next delivery is due, a target opens, a place is free, chores are left, or it is time to poll. */
    async pauseMs(): Promise<number> {
      const due = (await nextDue(db))?.getTime()
      const place = freePlaces(started) === 0 ? Date.now() + freshMs / 4 : null
      const times = [due, targets.nextOpening(), place, choresAt].filter((at) => at != null)
      return Math.max(1, Math.min(pollMs, ...times.map((at) => at - Date.now())))
    },
    ended: () => Promise.allSettled(started.keys()),
  }
}

/**
 * What is not worth doing in every round: requests of users, leases that are over, old entries of the log. Answers when
 * to come back if it was too soon, since whoever rang may have rung for them; else null.
 */
function createChores(db: Db): () => Promise<number | null> {
  let done = 0
  let swept = Date.now()
  return async () => {
    const now = Date.now()
    if (now - done < choresMs) return done + choresMs
    await takeRequests(db)
    await reclaim(db)
    if (now - swept >= sweepMs) {
      await sweep(db)
      swept = now
    }
    done = now
    return null
  }
}

const capsOf = (senders: Record<ChannelKind, Sender | null>): Record<ChannelKind, number> => ({
  webhook: senders.webhook?.concurrency ?? 1,
  email: senders.email?.concurrency ?? 1,
  push: senders.push?.concurrency ?? 1,
  desktop: senders.desktop?.concurrency ?? 1,
})

function freePlaces(started: Map<Promise<void>, number>): number {
  const since = Date.now() - freshMs
  let fresh = 0
  for (const at of started.values()) if (at > since) fresh += 1
  return Math.max(0, Math.min(places.fresh - fresh, places.all - started.size))
}

/** A wait that ends early when somebody rings; a ring while nobody waits ends the next wait at once. */
function createAlarm() {
  let rung = false
  let end: (() => void) | null = null
  return {
    ring() {
      rung = true
      end?.()
    },
    async wait(ms: number, signal: AbortSignal): Promise<void> {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          end = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', end, { once: true })
        })
        if (end !== null) signal.removeEventListener('abort', end)
        end = null
      }
      rung = false
    },
  }
}
