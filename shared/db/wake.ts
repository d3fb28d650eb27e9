import { randomUUID } from 'node:crypto'
import type { Log } from '../log.ts'
import type { Db } from './connect.ts'

export type Wake = {
  /** To be called after a commit that wrote events. Never waits and never throws. */
  notify: () => void
  /** Calls `listener` soon after events were committed, here or in another process; the result takes it off. */
  onWake: (listener: () => void) => () => void
}

const channel = 'todo_commits'

/** Milliseconds between two NOTIFYs of one process: a thousand commits a second need not be told one by one. */
const notifyGap = 50

/** A NOTIFY may be lost with its connection, so listeners look for themselves about once a second. */
const defaultPollMs = 1000

/** Where wake-ups come from this process alone, looking is only a back-stop. */
const lonePollMs = 30_000

/**
 * Tells everybody who reads committed events (streams, relay) that there may be more, in every server process on one
 * database. A wake-up carries nothing and may come for nothing: listeners go on from what they have read.
 */
export function createWake(db: Db, log: Log, signal: AbortSignal): Wake {
  const self = randomUUID()
  const bell = createBell(atOnce)
  let listening = false
  const send = coalesced(signal, () => tellOthers(db, log, self))
  const listen = async () => {
    if (listening || signal.aborted) return
    listening = true
    try {
      // The driver listens again by itself when this connection was lost, and calls the last argument then.
      await db.listen(channel, (sender) => sender !== self && bell.ring(), bell.ring)
    } catch (error) {
      listening = false
      log.debug({ err: error }, 'could not listen for commits; polling')
    }
  }
  const notify = () => {
    bell.ring()
    send()
  }
  return { notify, onWake: bell.attended(signal, defaultPollMs, listen) }
}

/**
 * The same for a process that is the only one on its database: it has nobody to tell and nobody to listen to, which
 * spares each write a statement and the database a session.
 */
export function createLoneWake(signal: AbortSignal): Wake {
  const bell = createBell(whenTheyHaveGone)
  return { notify: bell.ring, onWake: bell.attended(signal, lonePollMs, () => {}) }
}

/** Calls later, and gives back what takes that back. */
type Later = (call: () => void) => () => void

const atOnce: Later = (call) => {
  const immediate = setImmediate(call)
  return () => clearImmediate(immediate)
}

/**
 * Who has just been answered is a command that still has to print and to end, on the same few cores: what the relay and
 * the others do after each write made it 2 ms slower.
 */
const whenTheyHaveGone: Later = (call) => {
  const timer = setTimeout(call, 10)
  return () => clearTimeout(timer)
}

/** Calls its listeners, once for all that rings until then. */
function createBell(later: Later) {
  const listeners = new Set<() => void>()
  let cancel: (() => void) | undefined
  const ring = () => {
    cancel ??= later(() => {
      cancel = undefined
      for (const listener of listeners) listener()
    })
  }
  /** While somebody listens, it rings every `pollMs` by itself, and `attend` is called at first and as often. */
  const attended = (signal: AbortSignal, pollMs: number, attend: () => unknown): Wake['onWake'] => {
    let poll: NodeJS.Timeout | undefined
    const silence = () => {
      clearInterval(poll)
      poll = undefined
    }
    const stop = () => {
      silence()
      cancel?.()
      listeners.clear()
    }
    signal.addEventListener('abort', stop, { once: true })
    return (listener) => {
      if (signal.aborted) return () => {}
      listeners.add(listener)
      poll ??= setInterval(() => {
        attend()
        ring()
      }, pollMs).unref()
      attend()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) silence()
      }
    }
  }
  return { ring, attended }
}

/**
 * Its own transaction: a NOTIFY inside a write would hold a lock on all notifiers until that commit is on disk. Nothing
 * here needs to survive a crash, so this one does not wait for the disk either.
 */
async function tellOthers(db: Db, log: Log, self: string): Promise<void> {
  try {
    await db`select set_config('synchronous_commit', 'off', true), pg_notify(${channel}, ${self})`
  } catch (error) {
    log.debug({ err: error }, 'could not notify the other processes; they will poll')
  }
}

/** At once when idle, else once more after the gap, however often it was asked for meanwhile. */
function coalesced(signal: AbortSignal, work: () => Promise<void>): () => void {
  let busy = false
  let again = false
  const run = async () => {
    busy = true
    again = false
    await work()
    setTimeout(() => {
      busy = false
      if (again && !signal.aborted) void run()
    }, notifyGap).unref()
  }
  return () => {
    if (busy) again = true
    else if (!signal.aborted) void run()
  }
}
