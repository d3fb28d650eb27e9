import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChannelKind } from '../shared/api/channel.ts'
import { nextWaitMs } from './backoff.ts'
import type { Outcome } from './outcome.ts'
import { settle } from './settle.ts'

const now = new Date('2026-11-21T12:00:00Z')
const fresh = { kind: 'webhook' as ChannelKind, tries: 0, unknowns: 0, expiresAt: null }
const most = () => 0.999999
const failed: Outcome = { class: 'transient', status: 503, error: 'answered 503', outage: true }
const after = (outcome: Outcome, tried = {}) => settle({ ...fresh, ...tried }, outcome, now, most)
const waitOf = (settlement: { nextAttemptAt: Date | null }) =>
  (settlement.nextAttemptAt!.getTime() - now.getTime()) / 1000

test('the first retry comes within 10 seconds, the second within 30 more', () => {
  assert.ok(waitOf(after(failed)) <= 10)
  assert.ok(waitOf(after(failed, { tries: 1 })) <= 30)
})

test('no retry comes at once, however small the random number', () => {
  assert.ok(nextWaitMs('webhook', 1, undefined, () => 0)! >= 500)
})

test('a webhook is tried eleven times over about three days, then it is dead', () => {
  const waits = Array.from({ length: 11 }, (_, n) => nextWaitMs('webhook', n + 1, undefined, most))
  assert.equal(waits.at(-1), null)
  const hours = waits.slice(0, -1).reduce((sum: number, wait) => sum + wait!, 0) / 3_600_000
  assert.ok(hours > 72 && hours < 80, String(hours))
  const last = after(failed, { tries: 10 })
  assert.deepEqual([last.status, last.reason], ['dead', 'gave_up'])
})

test('a Retry-After that is longer than our own wait wins, a shorter one does not', () => {
  const throttled = (retryAfterMs: number): Outcome => ({
    class: 'throttled',
    status: 429,
    error: '',
    retryAfterMs,
  })
  assert.equal(waitOf(after(throttled(120_000))), 120)
  assert.ok(waitOf(after(throttled(1_000))) > 7)
})

test('a Retry-After of years is cut to a day', () => {
  assert.equal(waitOf(after({ ...failed, retryAfterMs: 1e12 } as Outcome)), 86_400)
})

test('a message that would be stale at its next attempt is dead now', () => {
  const expired = after(failed, { expiresAt: new Date(now.getTime() + 1000) })
  assert.deepEqual([expired.status, expired.reason, expired.nextAttemptAt], ['dead', 'expired', null])
})

test('what is refused for good is dead after one try', () => {
  assert.equal(after({ class: 'permanent', status: 400, error: '' }).status, 'dead')
  assert.equal(after({ class: 'gone', status: 410, error: '' }).status, 'dead')
})

test('a refused key leaves the message queued and costs it no attempt', () => {
  const waiting = after({ class: 'credential', status: 401, error: '' }, { kind: 'email', tries: 11 })
  assert.deepEqual([waiting.status, waiting.reason, waiting.counted], ['queued', 'credentials', false])
})

test('a mail whose answer was lost is sent once more; then its fate is unknown, and it stays so', () => {
  const lost: Outcome = {
    class: 'transient',
    status: null,
    error: 'no answer',
    outage: true,
    uncertain: true,
  }
  const first = after(lost, { kind: 'email' })
  assert.deepEqual([first.status, first.unknown], ['queued', true])
  const second = after(lost, { kind: 'email', tries: 1, unknowns: 1 })
  assert.deepEqual([second.status, second.reason], ['unknown', 'no_answer'])
})

test('a webhook whose answer was lost is repeated like any other, as its receiver can tell', () => {
  const lost: Outcome = {
    class: 'transient',
    status: null,
    error: 'no answer',
    outage: true,
    uncertain: true,
  }
  assert.equal(after(lost, { tries: 5, unknowns: 5 }).status, 'queued')
})
