import type { EventRecord } from './events.ts'

/** What became of one published event. A failure names its reason; the relay tries that task again later. */
export type PublishResult = { eventId: string; ok: true } | { eventId: string; ok: false; error: string }

/**
 * Where events go once they are committed. `publish` resolves with one result for each event, in any order, and
 * throws only when the whole call failed or its outcome is unknown (then every event is published again).
 */
export type EventBus = { publish(events: EventRecord[], signal: AbortSignal): Promise<PublishResult[]> }

/** `ok` = handled or a repeat, `retry` = try again later, `drop` = hopeless, to the dead letters at once. */
export type Verdict = 'ok' | 'retry' | 'drop'

export type EventHandler = (event: EventRecord, signal: AbortSignal) => Promise<Verdict>

/** Short-lived state only: claims, leases, caches, throttles. Everything has a time to live in seconds. */
export type StateStore = {
  get(key: string): Promise<string | null>
  put(key: string, value: string, ttlSec: number): Promise<void>
  /** True for the one caller who created the key. */
  putIfAbsent(key: string, value: string, ttlSec: number): Promise<boolean>
  delete(key: string): Promise<void>
}

export type Clock = { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> }
