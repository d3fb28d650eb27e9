import type { Attempt } from '../shared/api/delivery.ts'
import { type Decision, decide } from './decide.ts'
import type { DelivererOptions } from './deliver.ts'
import { beginFailing, disableChannel, endFailing } from './health.ts'
import { writeDigest, writeMessage } from './messages.ts'
import type { Outcome, Outgoing, Sender } from './outcome.ts'
import { type Claimed, claimBundle, type Settled, targetOf } from './queue.ts'
import { recordEvent } from './record.ts'
import { type Settlement, settle } from './settle.ts'
import type { Settler } from './settler.ts'
import type { Targets } from './targets.ts'
import { beginDelivery } from './trace.ts'

type AttemptOptions = DelivererOptions & {
  leaseMs: number
  targets: Targets
  settler: Settler
  /** Aborts when the process will not wait any longer. */
  signal: AbortSignal
}

const defaultAttemptMs = 14_000
const defaultDisableAfterMs = 5 * 86_400_000

/** One attempt at one claimed delivery, or at the bundle that it heads. Never rejects. */
export function createAttempts(options: AttemptOptions): (claimed: Claimed) => Promise<void> {
  const { db, log, senders, targets, settler } = options
  const now = options.now ?? (() => new Date())
  const random = options.random ?? Math.random

  return async (head) => {
    let outcome: Outcome | null = null
    try {
      const members =
        head.bundle === null ? [head] : [head, ...(await claimBundle(db, head, options.leaseMs))]
      const leaving = members.filter((one) => keep(one, decide(one, now(), options.hourlyLimit), settler))
      if (leaving.length === 0) return
      const sender = senders[head.kind]
      const began = performance.now()
      const at = now()
      const span = await beginDelivery(options, head)
      const message = { ...compose(leaving), traceparent: span.traceparent }
      outcome = sender ? await send(sender, message, options) : { class: 'absent', reason: 'not_configured' }
      span.end({ outcome, members: leaving.length })
      const ms = Math.round(performance.now() - began)
      options.observe?.({ kind: head.kind, class: outcome.class, ms })
      // First, or the next message of the same task would still go to a target that is no more.
      if (outcome.class === 'gone') await giveUp(head, outcome.error, options)
      settler.add(leaving.map((one) => settledBy(one, outcome!, { at, ms, now: now(), random })))
      await learn(head, outcome, options)
    } catch (error) {
      // The lease runs out, and the delivery is tried again.
      log.error({ err: error, delivery_id: head.id, kind: head.kind }, 'an attempt failed')
    } finally {
      targets.end(targetOf(head), outcome)
    }
  }
}

/** True when it may leave; else what was decided instead is stored. */
function keep(one: Claimed, decision: Decision, settler: Settler): boolean {
  if (decision.do === 'send') return true
  const base = { counted: false, unknown: false }
  const settlement: Settlement =
    decision.do === 'hold'
      ? {
          ...base,
          status: 'queued',
          reason: decision.reason,
          nextAttemptAt: decision.until,
          bundle: decision.bundle,
        }
      : { ...base, status: 'suppressed', reason: decision.reason, nextAttemptAt: null }
  settler.add([{ id: one.id, lease: one.lease, attempt: null, settlement }])
  return false
}

function compose(members: Claimed[]): Outgoing {
  const head = members[0]!
  const messages = members.map((one) => writeMessage(one.event_type, one.payload, one.time_zone))
  return {
    deliveryId: head.id,
    eventId: head.event_id,
    eventType: head.event_type,
    taskId: members.length === 1 ? head.task_id : null,
    timestamp: String(head.payload.timestamp),
    ...writeDigest(messages),
    payload: head.payload,
    expiresAt: head.expires_at,
    channel: {
      id: head.channel_id,
      ownerId: head.user_id,
      target: head.channel_target!,
      secrets: head.secrets,
      unsubscribeToken: head.unsubscribe_token,
    },
  }
}

const noAnswer = (error: string): Outcome => ({
  class: 'transient',
  status: null,
  error,
  outage: true,
  uncertain: true,
})

async function send(sender: Sender, message: Outgoing, options: AttemptOptions): Promise<Outcome> {
  const attemptMs = options.attemptMs ?? defaultAttemptMs
  const timeout = AbortSignal.timeout(attemptMs)
  try {
    return await sender.send(message, AbortSignal.any([timeout, options.signal]))
  } catch (error) {
    if (timeout.aborted) return noAnswer(`no answer within ${attemptMs / 1000} s`)
    if (options.signal.aborted) return noAnswer('the notifier was stopped')
    options.log.error({ err: error, delivery_id: message.deliveryId }, 'a channel failed')
    return { class: 'transient', status: null, error: 'an internal error', outage: false }
  }
}

type When = { at: Date; ms: number; now: Date; random: () => number }

function settledBy(one: Claimed, outcome: Outcome, { at, ms, now, random }: When): Settled {
  const tried = { kind: one.kind, tries: one.tries, unknowns: one.unknowns, expiresAt: one.expires_at }
  const attempt: Attempt | null =
    outcome.class === 'absent'
      ? null
      : {
          at: at.toISOString(),
          status: outcome.status,
          error: 'error' in outcome ? outcome.error : null,
          ms,
        }
  return { id: one.id, lease: one.lease, attempt, settlement: settle(tried, outcome, now, random) }
}

/** What an answer says of its channel: that it works, or since when it has failed. */
async function learn(head: Claimed, outcome: Outcome, options: AttemptOptions): Promise<void> {
  const { db } = options
  if (head.kind !== 'webhook' || outcome.class === 'gone') return
  if (outcome.class === 'sent') {
    if (head.failing_since !== null) await endFailing(db, head.channel_id)
    return
  }
  if (head.failing_since === null) {
    await beginFailing(db, head.channel_id)
    return
  }
  const days = (Date.now() - head.failing_since.getTime()) / 86_400_000
  if (days * 86_400_000 >= (options.disableAfterMs ?? defaultDisableAfterMs)) {
    await giveUp(head, `It has failed for ${Math.floor(days)} days.`, options)
  }
}

/** Switches the channel off and tells its user on the other ones. */
async function giveUp(head: Claimed, reason: string, { db, log }: AttemptOptions): Promise<void> {
  if (!(await disableChannel(db, head.channel_id, reason))) return
  log.warn({ channel_id: head.channel_id, kind: head.kind }, 'a channel was switched off')
  const id = crypto.randomUUID()
  await recordEvent(db, {
    eventId: id,
    type: 'notification.send',
    source: '/todo/notifier',
    subject: '',
    time: new Date().toISOString(),
    traceparent: null,
    data: {
      event_type: 'notification.send',
      user_id: head.user_id,
      task_id: null,
      timestamp: new Date().toISOString(),
      source: 'notifier',
      title: `Your ${head.kind} channel was switched off`,
      body: `${reason} Switch it on again with: todo channel edit ${head.channel_id} --on`,
    },
  })
}
