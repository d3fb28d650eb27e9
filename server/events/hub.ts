import { AppError } from '../../shared/errors.ts'
import type { Deps } from '../deps.ts'
import { eventsForReaders, type Item, type Reader } from './repository.ts'

/** One open stream. */
export type Subscriber = Reader & {
  /** False when the client is slow: nothing more is sent until `ready` is called. */
  send: (items: Item[]) => boolean
  /** Called about every 15 seconds; throws or rejects when the stream must end. */
  beat: () => Promise<void>
  close: () => void
}

export type Subscription = { ready: () => void; end: () => void }

export type Hub = { join: (subscriber: Subscriber) => Subscription }

const heartbeatEvery = 15_000
const pageSize = 100
const streamsPerUser = 20

type HubDeps = Pick<Deps, 'db' | 'log' | 'onWake' | 'signal'>

/**
 * All streams of this process read through one room: a wake-up costs one statement, however many clients listen, and
 * each stream goes on exactly from the last event that it was given.
 */
export function createHub(deps: HubDeps): Hub {
  const all = new Set<Subscriber>()
  const ready = new Set<Subscriber>()
  const pump = createPump(deps, ready)
  let unsubscribe: (() => void) | undefined
  let heart: NodeJS.Timeout | undefined

  const beat = () => {
    for (const one of all) one.beat().catch(() => one.close())
  }
  const leave = (subscriber: Subscriber) => {
    all.delete(subscriber)
    ready.delete(subscriber)
    if (all.size > 0) return
    unsubscribe?.()
    clearInterval(heart)
    unsubscribe = undefined
  }
  const closeAll = () => {
    for (const one of [...all]) one.close()
  }
  deps.signal.addEventListener('abort', closeAll, { once: true })

  return {
    join: (subscriber) => {
      const own = [...all].filter((one) => one.userId === subscriber.userId).length
      if (own >= streamsPerUser) throw tooMany()
      all.add(subscriber)
      ready.add(subscriber)
      if (unsubscribe === undefined) {
        unsubscribe = deps.onWake(pump)
        heart = setInterval(beat, heartbeatEvery).unref()
      }
      pump()
      return {
        ready: () => {
          if (!all.has(subscriber) || ready.has(subscriber)) return
          ready.add(subscriber)
          pump()
        },
        end: () => leave(subscriber),
      }
    },
  }
}

/** Reads for all who are ready, as long as there is more; a call while it reads makes it look once more. */
function createPump({ db, log, signal }: HubDeps, ready: Set<Subscriber>): () => void {
  let running = false
  let dirty = false
  const deliver = async (): Promise<void> => {
    const readers = [...ready]
    if (readers.length === 0) return
    const found = await eventsForReaders(db, readers, pageSize)
    for (const [n, items] of Map.groupBy(found, (one) => one.n)) {
      const reader = readers[n]!
      // It may have left, or a slow client's stream paused, while this was read.
      if (!ready.has(reader)) continue
      reader.after = items.at(-1)!.id
      if (!reader.send(items)) ready.delete(reader)
      if (items.length === pageSize) dirty = true
    }
  }
  const run = async (): Promise<void> => {
    running = true
    try {
      while (dirty && !signal.aborted) {
        dirty = false
        await deliver()
      }
    } catch (error) {
      // The next wake-up, a second away at most, tries again from the same place.
      log.warn({ err: error }, 'could not read events for the streams')
    } finally {
      running = false
    }
  }
  return () => {
    dirty = true
    if (!running) void run()
  }
}

const tooMany = () =>
  new AppError('rate_limited', `There are ${streamsPerUser} open streams of yours already.`, {
    hint: 'Close one of them.',
    reason: 'too_many_streams',
    retryAfterSec: 5,
  })
