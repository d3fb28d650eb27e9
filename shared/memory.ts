import type { EventBus, EventHandler, StateStore } from './ports.ts'

/**
 * The bus inside one process: an event is published when every handler has taken it. A handler that wants it again
 * keeps it in the outbox, so that it comes back like from any bus, at least once and in its task's order.
 */
export function memoryBus(handlers: readonly EventHandler[]): EventBus {
  return {
    publish: (events, signal) =>
      Promise.all(
        events.map(async (event) => {
          const { eventId } = event
          try {
            const verdicts = await Promise.all(handlers.map((handle) => handle(event, signal)))
            if (!verdicts.includes('retry')) return { eventId, ok: true as const }
            return { eventId, ok: false as const, error: 'a handler asked for it again' }
          } catch (error) {
            return { eventId, ok: false as const, error: String(error) }
          }
        }),
      ),
  }
}

/** Claims, leases and throttles of one process; expired entries leave when they are met or the map has grown. */
export function memoryState(now: () => number = Date.now): StateStore {
  const entries = new Map<string, { value: string; until: number }>()
  let sweepAt = 1000
  const live = (key: string) => {
    const entry = entries.get(key)
    if (entry === undefined || entry.until > now()) return entry
    entries.delete(key)
    return undefined
  }
  const put = (key: string, value: string, ttlSec: number) => {
    entries.set(key, { value, until: now() + ttlSec * 1000 })
    if (entries.size < sweepAt) return
    for (const known of [...entries.keys()]) live(known)
    sweepAt = Math.max(1000, entries.size * 2)
  }
  return {
    get: async (key) => live(key)?.value ?? null,
    put: async (key, value, ttlSec) => put(key, value, ttlSec),
    putIfAbsent: async (key, value, ttlSec) => {
      if (live(key) !== undefined) return false
      put(key, value, ttlSec)
      return true
    },
    delete: async (key) => void entries.delete(key),
  }
}
