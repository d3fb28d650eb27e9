import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { NewChannel } from '../shared/api/channel.ts'
import {
  addChannel,
  allEnded,
  createEvent,
  createNotification,
  createTask,
  createUser,
  deliveriesOf,
  fakeSender,
  passTime,
  type RunningNotifier,
  startNotifier,
  untilDeliveries,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'

const { db } = await createDatabase({ max: 8 })
const signal = new AbortController().signal
const day = 86_400_000
/** A time of a day after today in UTC: news are worth something for two days from now. */
const at = (time: string, days: number) =>
  new Date(Date.parse(`${new Date().toISOString().slice(0, 10)}T${time}:00.000Z`) + days * day)
const mail: NewChannel = { kind: 'email', target: 'ann@example.org' }
const hook: NewChannel = { kind: 'webhook', target: 'http://127.0.0.1:9/' }

let notifier: RunningNotifier
let senders: Record<'webhook' | 'email' | 'push' | 'desktop', ReturnType<typeof fakeSender>>
/** The time that preferences are judged by; what is due is due by the database's clock (`passTime`). */
let now: Date
const start = (hourlyLimit: number) => {
  senders = { webhook: fakeSender(), email: fakeSender(), push: fakeSender(), desktop: fakeSender() }
  notifier = startNotifier(db, { senders, now: () => now, hourlyLimit })
}
afterEach(() => notifier.stop())
const held = (userId: string, n: number) =>
  untilDeliveries(db, userId, (rows) => rows.filter(({ bundle }) => bundle !== null).length === n)

test('over the hourly limit the rest waits for the full hour and leaves as one; programs and urgent ones do not wait', async () => {
  start(3)
  now = at('12:20', 1)
  const ann = await createUser(db)
  const events = ['notification.send'] as NewChannel['events']
  await addChannel(db, ann, { ...mail, events })
  await addChannel(db, ann, { ...hook, events })
  for (let n = 1; n <= 6; n++) await notifier.handle(createNotification(ann, { title: `news ${n}` }), signal)
  await held(ann, 3)
  await untilDeliveries(db, ann, (rows) => rows.filter(({ status }) => status === 'sent').length === 9)
  assert.equal(senders.webhook.sent.length, 6)
  assert.deepEqual(senders.email.sent.map(({ title }) => title).toSorted(), ['news 1', 'news 2', 'news 3'])
  await notifier.handle(createNotification(ann, { title: 'fire', urgent: true }), signal)
  await untilDeliveries(db, ann, (rows) => rows.filter(({ status }) => status === 'sent').length === 11)
  assert.equal(senders.email.sent.at(-1)!.title, 'fire')
  const waiting = (await deliveriesOf(db, ann)).filter(({ status }) => status === 'queued')
  assert.deepEqual([...new Set(waiting.map(({ reason }) => reason))], ['hourly_limit'])
  assert.equal(waiting[0]!.next_attempt_at!.toISOString(), at('13:00', 1).toISOString())
  now = at('13:00', 1)
  await passTime(db, ann)
  await untilDeliveries(db, ann, allEnded)
  assert.equal(senders.email.sent.length, 5)
  assert.match(senders.email.sent.at(-1)!.title, /^3 notifications: news 4/)
})

test('a reminder over the limit that would be stale with the full hour is sent at once', async () => {
  start(1)
  const ann = await createUser(db)
  await addChannel(db, ann, mail)
  const due = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000)
  now = new Date(due.getTime() + 60_000)
  for (let n = 0; n < 2; n++) {
    const task = await createTask(db, ann, { due_at: new Date(due.getTime() - 30 * 60_000).toISOString() })
    const event = await createEvent(db, task, 'task.due.approaching', { source: 'recurrer' })
    await notifier.handle(event, signal)
  }
  await untilDeliveries(db, ann, allEnded)
  assert.equal(senders.email.sent.length, 2)
})

test('the reminder of a critical task comes through quiet hours and a digest, any other waits', async () => {
  start(60)
  const preferences = { quiet_hours: { from: '22:00', to: '07:00' }, digest_at: '08:00' }
  const ann = await createUser(db, { preferences })
  await addChannel(db, ann, mail)
  await addChannel(db, ann, { kind: 'push', target: 'a-device-token-of-some-length' })
  now = at('23:00', 1)
  const due_at = new Date(now.getTime() + 2 * day).toISOString()
  for (const priority_id of [4, 3]) {
    const task = await createTask(db, ann, { due_at, priority_id })
    await notifier.handle(await createEvent(db, task, 'task.due.approaching', { source: 'recurrer' }), signal)
  }
  await held(ann, 2)
  await untilDeliveries(db, ann, (rows) => rows.filter(({ status }) => status === 'sent').length === 2)
  const told = (kind: 'email' | 'push') =>
    senders[kind].sent.map(({ payload }) => (payload.data as { priority: { level: number } }).priority.level)
  assert.deepEqual([told('email'), told('push')], [[4], [4]])
})
