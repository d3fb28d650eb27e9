import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import {
  addChannel,
  allEnded,
  createNotification,
  createUser,
  fakeSender,
  type RunningNotifier,
  startNotifier,
  untilDeliveries,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'
import type { Outcome } from './outcome.ts'

const { db } = await createDatabase({ max: 8 })
const running: RunningNotifier[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((notifier) => notifier.stop()))
})
const start = (options: Parameters<typeof startNotifier>[1]): RunningNotifier => {
  const notifier = startNotifier(db, options)
  running.push(notifier)
  return notifier
}
const signal = new AbortController().signal
const senders = (one: object) => ({ webhook: null, email: null, push: null, desktop: null, ...one })

/** Leaves the user's deliveries as a notifier that was killed while it sent them does. */
const die = (userId: string) => db`
  update deliveries set status = 'sending', lease = gen_random_uuid(), lease_until = now() - interval '1 second'
  where user_id = ${userId}`

test('what a killed notifier was sending is sent again when its lease is over', async () => {
  const ann = await createUser(db)
  const push = fakeSender()
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  const idle = startNotifier(db, {})
  await idle.stop()
  await idle.handle(createNotification(ann), signal)
  await die(ann)
  start({ senders: senders({ push }) })
  const [row] = await untilDeliveries(db, ann, allEnded)
  assert.equal(row!.status, 'sent')
  assert.deepEqual(
    row!.attempts.map(({ status }) => status),
    [null, 200],
  )
  assert.match(row!.attempts[0]!.error!, /stopped while it was sending/)
})

test('a mail that may have gone is sent once more after a crash, and not after a second one', async () => {
  const ann = await createUser(db)
  const email = fakeSender()
  await addChannel(db, ann, { kind: 'email', target: 'ann@example.org' })
  const notifier = start({ senders: senders({ email }) })
  await notifier.handle(createNotification(ann), signal)
  await untilDeliveries(db, ann, allEnded)
  await die(ann)
  await untilDeliveries(db, ann, ([row]) => row!.status === 'sent')
  assert.equal(email.sent.length, 2)
  await die(ann)
  const [row] = await untilDeliveries(db, ann, ([one]) => one!.status === 'unknown')
  assert.equal(row!.reason, 'no_answer')
  assert.equal(email.sent.length, 2)
})

test('a result that comes after the lease was lost changes nothing', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  const push = fakeSender()
  let answer: (outcome: Outcome) => void = () => {}
  push.next.push(new Promise<Outcome>((resolve) => (answer = resolve)))
  const slow = start({ senders: senders({ push }) })
  await slow.handle(createNotification(ann), signal)
  await untilDeliveries(db, ann, ([row]) => row?.status === 'sending')
  await db`update deliveries set lease_until = now() - interval '1 second' where user_id = ${ann}`
  await untilDeliveries(db, ann, allEnded)
  answer({ class: 'permanent', status: 400, error: 'too late' })
  await slow.stop()
  const [row] = await untilDeliveries(db, ann, allEnded)
  assert.equal(row!.status, 'sent')
  assert.equal(push.sent.length, 2)
})

test('several notifiers on one queue send everything once', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  const push = fakeSender()
  const recorder = startNotifier(db, {})
  await recorder.stop()
  await Promise.all(Array.from({ length: 300 }, () => recorder.handle(createNotification(ann), signal)))
  for (let n = 0; n < 3; n++) start({ senders: senders({ push }) })
  await untilDeliveries(db, ann, allEnded)
  assert.equal(push.sent.length, 300)
  assert.equal(new Set(push.sent.map(({ deliveryId }) => deliveryId)).size, 300)
})

test('a stop waits for what is on its way and stores its result', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  const push = fakeSender()
  let answer: (outcome: Outcome) => void = () => {}
  push.next.push(new Promise<Outcome>((resolve) => (answer = resolve)))
  const notifier = start({ senders: senders({ push }) })
  await notifier.handle(createNotification(ann), signal)
  await untilDeliveries(db, ann, ([row]) => row?.status === 'sending')
  const stopped = notifier.stop()
  answer({ class: 'sent', status: 200 })
  await stopped
  assert.deepEqual(
    (await untilDeliveries(db, ann, () => true)).map(({ status }) => status),
    ['sent'],
  )
})

test('lost connections to the database cost no notification', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  const push = fakeSender()
  const notifier = start({ senders: senders({ push }), leaseMs: 300 })
  for (let n = 0; n < 60; n++) {
    const event = createNotification(ann)
    if (n % 20 === 10) {
      await db`select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid()`
    }
    // What the bus does with a handler that failed.
    while ((await notifier.handle(event, signal).catch(() => 'retry')) === 'retry');
  }
  await untilDeliveries(db, ann, allEnded)
  assert.equal(new Set(push.sent.map(({ deliveryId }) => deliveryId)).size, 60)
})
