import assert from 'node:assert/strict'
import { after, afterEach, beforeEach, test } from 'node:test'
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
  setPreferences,
  startNotifier,
  untilDeliveries,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'

const { db } = await createDatabase({ max: 8 })
const signal = new AbortController().signal

let notifier: RunningNotifier
let senders: Record<'webhook' | 'email' | 'push' | 'desktop', ReturnType<typeof fakeSender>>
/** The time that preferences are judged by; what is due is due by the database's clock (`passTime`). */
let now: Date

beforeEach(() => {
  senders = { webhook: fakeSender(), email: fakeSender(), push: fakeSender(), desktop: fakeSender() }
  now = new Date()
  notifier = startNotifier(db, { senders, now: () => now })
})
afterEach(() => notifier.stop())
after(() => notifier.stop())

const mail: NewChannel = { kind: 'email', target: 'ann@example.org' }
const hook: NewChannel = { kind: 'webhook', target: 'http://127.0.0.1:9/' }
const day = 86_400_000
/** Near enough that news, which are worth something for two days, still are; and its evening has not begun. */
const today = new Date(Date.now() + day / 2).toISOString().slice(0, 10)
/** A time of that day in UTC, or of a day after it. */
const at = (time: string, days = 0) => new Date(Date.parse(`${today}T${time}:00.000Z`) + days * day)
const tomorrow = () => new Date(Date.now() + day).toISOString()

const outcomes = async (userId: string) =>
  (await untilDeliveries(db, userId, allEnded)).map(({ kind, status, reason }) => [kind, status, reason])
const held = (userId: string, n = 1) =>
  untilDeliveries(db, userId, (rows) => rows.filter(({ bundle }) => bundle !== null).length === n)

for (const [what, change, reason] of [
  ['completed', { status: 'done', completed_at: new Date() }, 'task_completed'],
  ['deleted', { deleted_at: new Date() }, 'task_deleted'],
  ['moved', { due_at: new Date(Date.now() + 3 * day) }, 'task_rescheduled'],
  ['freed of its due time', { due_at: null }, 'task_rescheduled'],
] as const) {
  test(`a reminder of a task that was ${what} meanwhile is not sent to anybody`, async () => {
    const ann = await createUser(db)
    for (const channel of [mail, hook]) await addChannel(db, ann, channel)
    const task = await createTask(db, ann, { due_at: tomorrow() })
    const event = await createEvent(db, task, 'task.due.approaching', { source: 'recurrer' })
    await db`update tasks set ${db(change as object)} where id = ${task}`
    await notifier.handle(event, signal)
    assert.deepEqual(await outcomes(ann), [
      ['email', 'suppressed', reason],
      ['webhook', 'suppressed', reason],
    ])
  })
}

test('a reminder of a task that only got another title is sent', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, mail)
  const task = await createTask(db, ann, { due_at: tomorrow() })
  const event = await createEvent(db, task, 'task.due.approaching', { source: 'recurrer' })
  await db`update tasks set title = 'Other', version = version + 1 where id = ${task}`
  await notifier.handle(event, signal)
  assert.deepEqual(await outcomes(ann), [['email', 'sent', null]])
  assert.match(senders.email.sent[0]!.title, /^Due in 24 hours: Pay rent$/)
})

test('a reminder that is an hour late is dropped as stale, also for programs', async () => {
  const ann = await createUser(db)
  for (const channel of [mail, hook]) await addChannel(db, ann, channel)
  const task = await createTask(db, ann, { due_at: new Date(Date.now() - 3_700_000).toISOString() })
  await notifier.handle(await createEvent(db, task, 'task.due.approaching'), signal)
  assert.deepEqual(await outcomes(ann), [
    ['email', 'suppressed', 'stale'],
    ['webhook', 'suppressed', 'stale'],
  ])
})

test("one's own changes go to webhooks, and to people only if they ask for it", async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook)
  await addChannel(db, ann, { ...mail, events: ['task.created'] })
  await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
  assert.deepEqual(await outcomes(ann), [
    ['webhook', 'sent', null],
    ['email', 'suppressed', 'own_change'],
  ])
  await setPreferences(db, ann, { notify_self: true })
  await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
  assert.deepEqual((await outcomes(ann)).slice(2), [
    ['webhook', 'sent', null],
    ['email', 'sent', null],
  ])
})

test('what the recurrer makes is nobody’s own change', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { ...mail, events: ['task.created'] })
  await notifier.handle(
    await createEvent(db, await createTask(db, ann), 'task.created', { source: 'recurrer' }),
    signal,
  )
  assert.deepEqual(await outcomes(ann), [['email', 'sent', null]])
})

test('the matrix switches an event off for a kind of channel, and is read when sending', async () => {
  const ann = await createUser(db, { preferences: { matrix: { 'notification.send': { email: false } } } })
  for (const channel of [mail, { kind: 'desktop' } as const]) await addChannel(db, ann, channel)
  await notifier.handle(createNotification(ann), signal)
  assert.deepEqual(await outcomes(ann), [
    ['email', 'suppressed', 'preferences'],
    ['desktop', 'sent', null],
  ])
})

test('in quiet hours people are left alone until their end, and programs are not', async () => {
  const ann = await createUser(db, {
    timeZone: 'Asia/Tokyo',
    preferences: { quiet_hours: { from: '22:00', to: '07:00' } },
  })
  for (const channel of [mail, { ...hook, events: ['notification.send'] } as NewChannel])
    await addChannel(db, ann, channel)
  now = at('13:30')
  await notifier.handle(createNotification(ann), signal)
  const rows = await untilDeliveries(
    db,
    ann,
    (all) => all.some(({ bundle }) => bundle !== null) && all.some(({ status }) => status === 'sent'),
  )
  const [waiting, sent] = rows
  assert.deepEqual([sent!.kind, sent!.status], ['webhook', 'sent'])
  assert.deepEqual([waiting!.status, waiting!.reason], ['queued', 'quiet_hours'])
  assert.equal(waiting!.next_attempt_at!.toISOString(), at('22:00').toISOString())
})

test('what quiet hours held back leaves as one message, in its order', async () => {
  const ann = await createUser(db, { preferences: { quiet_hours: { from: '22:00', to: '07:00' } } })
  await addChannel(db, ann, { kind: 'desktop' })
  now = at('23:00')
  for (const title of ['One', 'Two', 'Three'])
    await notifier.handle(createNotification(ann, { title }), signal)
  await held(ann, 3)
  now = at('07:00', 1)
  await passTime(db, ann)
  const rows = await untilDeliveries(db, ann, allEnded)
  assert.deepEqual(
    rows.map(({ status, attempts }) => [status, attempts.length]),
    Array(3).fill(['sent', 1]),
  )
  assert.equal(senders.desktop.sent.length, 1)
  const [message] = senders.desktop.sent
  assert.match(message!.title, /^3 notifications: One/)
  assert.match(message!.body, /One[\s\S]*Two[\s\S]*Three/)
})

test('a reminder that quiet hours would make stale is not sent at their end', async () => {
  const ann = await createUser(db, { preferences: { quiet_hours: { from: '22:00', to: '07:00' } } })
  await addChannel(db, ann, mail)
  now = at('23:00')
  const task = await createTask(db, ann, { due_at: at('01:00', 1).toISOString() })
  await notifier.handle(await createEvent(db, task, 'task.due.approaching'), signal)
  assert.deepEqual(await outcomes(ann), [['email', 'suppressed', 'quiet_hours']])
})

test('a digest collects the mails of a day for its hour and leaves out what was done meanwhile', async () => {
  const ann = await createUser(db, { timeZone: 'Asia/Tokyo', preferences: { digest_at: '08:00' } })
  await addChannel(db, ann, mail)
  now = at('03:00')
  const [open, done] = [
    await createTask(db, ann, { title: 'Open', due_at: at('00:00', 3).toISOString() }),
    await createTask(db, ann, { title: 'Finished', due_at: at('00:00', 3).toISOString() }),
  ]
  for (const task of [open, done]) {
    await notifier.handle(await createEvent(db, task, 'task.due.approaching'), signal)
  }
  await notifier.handle(createNotification(ann, { title: 'Backup failed' }), signal)
  const rows = await held(ann, 3)
  for (const row of rows) {
    assert.equal(row.reason, 'digest')
    assert.equal(row.next_attempt_at!.toISOString(), at('23:00').toISOString())
  }
  await db`update tasks set status = 'done', completed_at = now() where id = ${done}`
  now = at('23:00')
  await passTime(db, ann)
  assert.deepEqual(await outcomes(ann), [
    ['email', 'sent', null],
    ['email', 'suppressed', 'task_completed'],
    ['email', 'sent', null],
  ])
  assert.equal(senders.email.sent.length, 1)
  assert.match(senders.email.sent[0]!.body, /Open[\s\S]*Backup failed/)
  assert.doesNotMatch(senders.email.sent[0]!.body, /Finished/)
})

test('a digest of which nothing is left is not sent', async () => {
  const ann = await createUser(db, { preferences: { digest_at: '08:00' } })
  await addChannel(db, ann, mail)
  const task = await createTask(db, ann, { due_at: new Date(Date.now() + 9 * day).toISOString() })
  await notifier.handle(await createEvent(db, task, 'task.due.approaching'), signal)
  await held(ann)
  await db`update tasks set deleted_at = now() where id = ${task}`
  await passTime(db, ann)
  assert.deepEqual(await outcomes(ann), [['email', 'suppressed', 'task_deleted']])
  assert.equal(senders.email.sent.length, 0)
})

test('a reminder that the digest would bring too late is sent by itself; other channels have no digest', async () => {
  const ann = await createUser(db, { preferences: { digest_at: '08:00' } })
  for (const channel of [mail, { kind: 'desktop' } as const]) await addChannel(db, ann, channel)
  now = at('09:00')
  const task = await createTask(db, ann, { due_at: at('12:00').toISOString() })
  await notifier.handle(await createEvent(db, task, 'task.due.approaching'), signal)
  assert.deepEqual(await outcomes(ann), [
    ['email', 'sent', null],
    ['desktop', 'sent', null],
  ])
})

test('an address on the suppression list gets no mail: its own list, or everybody’s after a bounce', async () => {
  const [ann, bob] = [await createUser(db), await createUser(db)]
  await addChannel(db, ann, { kind: 'email', target: 'Stop@example.org' })
  await addChannel(db, bob, { kind: 'email', target: 'stop@example.org' })
  await db`insert into mail_suppressions (address, user_id, reason) values ('stop@example.org', ${ann}, 'unsubscribed')`
  for (const user of [ann, bob]) await notifier.handle(createNotification(user), signal)
  assert.deepEqual(await outcomes(ann), [['email', 'suppressed', 'unsubscribed']])
  assert.deepEqual(await outcomes(bob), [['email', 'sent', null]])
  await db`insert into mail_suppressions (address, reason) values ('stop@example.org', 'bounced')`
  await notifier.handle(createNotification(bob), signal)
  assert.deepEqual((await outcomes(bob)).at(-1), ['email', 'suppressed', 'bounced'])
})

test('what waits for a channel that was deleted or switched off says so', async () => {
  const ann = await createUser(db, { preferences: { quiet_hours: { from: '00:00', to: '23:59' } } })
  const deleted = await addChannel(db, ann, mail)
  const off = await addChannel(db, ann, { kind: 'desktop' })
  now = at('12:00')
  await notifier.handle(createNotification(ann), signal)
  await held(ann, 2)
  await db`delete from notification_channels where id = ${deleted.id}`
  await db`update notification_channels set is_active = false where id = ${off.id}`
  await passTime(db, ann)
  assert.deepEqual(await outcomes(ann), [
    ['email', 'suppressed', 'channel_deleted'],
    ['desktop', 'suppressed', 'channel_disabled'],
  ])
  assert.equal((await deliveriesOf(db, ann)).length, 2)
})
