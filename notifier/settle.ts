import type { ChannelKind } from '../shared/api/channel.ts'
import type { DeliveryStatus } from '../shared/api/delivery.ts'
import { nextWaitMs } from './backoff.ts'
import type { Outcome } from './outcome.ts'

/** What a delivery is after an attempt or a decision. Absent fields stay as they are. */
export type Settlement = {
  status: Exclude<DeliveryStatus, 'sending'>
  reason: string | null
  /** Only for `queued`. */
  nextAttemptAt: Date | null
  /** Counts against the schedule of attempts. */
  counted: boolean
  /** Nobody knows whether it arrived. */
  unknown: boolean
  bundle?: string | null
}

export type Tried = {
  kind: ChannelKind
  /** Attempts so far, without this one. */
  tries: number
  unknowns: number
  expiresAt: Date | null
}

/** A mail that may have gone is sent once more and no further: no mail provider can tell a repeat. */
const mostUnknownMails = 2
/** A refused key is not the message's fault; it waits for the operator. */
const credentialWaitMs = 60_000

/** What becomes of a delivery, by the class of the answer. */
export function settle(tried: Tried, outcome: Outcome, now: Date, random: () => number): Settlement {
  const end = (status: Settlement['status'], reason: string | null): Settlement => ({
    status,
    reason,
    nextAttemptAt: null,
    counted: true,
    unknown: false,
  })
  switch (outcome.class) {
    case 'sent':
      return end('sent', outcome.note ?? null)
    case 'permanent':
      return end('dead', 'rejected')
    case 'gone':
      return end('dead', 'gone')
    case 'absent':
      return { ...end('suppressed', outcome.reason), counted: false }
    case 'credential': {
      const nextAttemptAt = new Date(now.getTime() + credentialWaitMs)
      return { ...end('queued', 'credentials'), nextAttemptAt, counted: false }
    }
    case 'transient':
    case 'throttled':
      return again(tried, outcome, now, random)
  }
}

function again(
  tried: Tried,
  outcome: Extract<Outcome, { class: 'transient' | 'throttled' }>,
  now: Date,
  random: () => number,
): Settlement {
  const unknown = outcome.class === 'transient' && outcome.uncertain === true
  const base = { counted: true, unknown, nextAttemptAt: null }
  if (unknown && tried.kind === 'email' && tried.unknowns + 1 >= mostUnknownMails) {
    return { ...base, status: 'unknown', reason: 'no_answer' }
  }
  const wait = nextWaitMs(tried.kind, tried.tries + 1, outcome.retryAfterMs, random)
  if (wait === null) return { ...base, status: 'dead', reason: 'gave_up' }
  const nextAttemptAt = new Date(now.getTime() + wait)
  if (tried.expiresAt !== null && nextAttemptAt > tried.expiresAt) {
    return { ...base, status: 'dead', reason: 'expired' }
  }
  return { ...base, status: 'queued', reason: 'retry', nextAttemptAt }
}
