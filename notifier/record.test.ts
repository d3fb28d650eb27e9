import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addChannel,
  createEvent,
  createNotification,
  createTask,
  createUser,
  deliveriesOf,
  nobody,
  silentLog,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createNotifier } from './app.ts'

const { db } = await createDatabase()
const notifier = createNotifier({ db, log: silentLog, senders: nobody })
const handle = (event: Parameters<typeof notifier.handle>[0]) =>
  notifier.handle(event, new AbortController().signal)
const hook = { kind: 'webhook', target: 'http://127.0.0.1:9/' } as const

test('an event makes one delivery for each channel of its user that listens to it, and sends nothing', async () => {
  const [ann, bob] = [await createUser(db), await createUser(db)]
  await addChannel(db, ann, hook)
  await addChannel(db, ann, { kind: 'email', target: 'ann@example.org' })
  await addChannel(db, ann, { ...hook, events: ['task.deleted'] })
  await addChannel(db, ann, { ...hook, is_active: false })
  await addChannel(db, bob, hook)
  assert.equal(await handle(await createEvent(db, await createTask(db, ann), 'task.created')), 'ok')
  const rows = await deliveriesOf(db, ann)
  assert.deepEqual(
    rows.map(({ kind, status, attempts }) => [kind, status, attempts]),
    [['webhook', 'queued', []]],
  )
  assert.equal((await deliveriesOf(db, bob)).length, 0)
})

test('an event that comes again, even ten times at once, adds nothing', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook)
  const event = await createEvent(db, await createTask(db, ann), 'task.created')
  await Promise.all(Array.from({ length: 10 }, () => handle(event)))
  assert.equal((await deliveriesOf(db, ann)).length, 1)
})

test('the payload is the item of the history, with its number', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook)
  const task = await createTask(db, ann, { due_at: '2030-01-01T10:00:00Z' })
  for (const type of ['task.created', 'task.due.approaching'] as const) {
    const event = await createEvent(db, task, type)
    await handle(event)
    const [row] = await db`select payload from deliveries where event_id = ${event.eventId}`
    const [logged] = await db`select id from events where event_id = ${event.eventId}`
    assert.deepEqual(Object.keys(row!.payload), [
      'id',
      'event_id',
      'event_type',
      'task_id',
      'user_id',
      'timestamp',
      'version',
      'source',
      'data',
      'previous',
    ])
    assert.equal(row!.payload.id, logged!.id)
    assert.equal(row!.payload.event_id, event.eventId)
  }
})

test('two notifications with one key are one, and the key of another user does not matter', async () => {
  const [ann, bob] = [await createUser(db), await createUser(db)]
  for (const user of [ann, bob]) {
    await addChannel(db, user, { ...hook, events: ['notification.send'] })
    await handle(createNotification(user, { dedup_key: 'backup-failed' }))
    await handle(createNotification(user, { dedup_key: 'backup-failed' }))
    assert.equal((await deliveriesOf(db, user)).length, 1)
  }
})

test('a notification may name its channels by kind, name or number', async () => {
  const ann = await createUser(db)
  const mail = await addChannel(db, ann, { kind: 'email', target: 'ann@example.org', name: 'Private' })
  const desktop = await addChannel(db, ann, { kind: 'desktop' })
  for (const [channels, expected] of [
    [['desktop'], [desktop.id]],
    [['Private'], [mail.id]],
    [
      [String(mail.id), 'desktop'],
      [mail.id, desktop.id],
    ],
    [['push'], []],
  ] as const) {
    const event = createNotification(ann, { channels })
    await handle(event)
    const rows = (await deliveriesOf(db, ann)).filter((row) => row.event_id === event.eventId)
    assert.deepEqual(
      rows.map((row) => row.channel_id),
      expected,
    )
  }
})

test('what cannot be read is dropped, what is not known is let pass, and a stranger gets nothing', async () => {
  const ann = await createUser(db)
  const event = createNotification(ann)
  assert.equal(await handle({ ...event, data: { user_id: ann } }), 'drop')
  assert.equal(await handle({ ...event, type: 'task.archived' }), 'ok')
  assert.equal(await handle(createNotification(crypto.randomUUID())), 'ok')
  assert.equal((await deliveriesOf(db, ann)).length, 0)
})

test('the log masks the token of a device', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'abcdefghijklmnopqrstuvwxyz' })
  await handle(createNotification(ann))
  const [row] = await db`select target from deliveries where user_id = ${ann}`
  assert.equal(row!.target, 'abcdef…wxyz')
})

test('a reminder is worth something until an hour after its task is due; one of a day, until that day is over', async () => {
  const ann = await createUser(db, { timeZone: 'America/New_York' })
  await addChannel(db, ann, hook)
  const atTime = await createTask(db, ann, { due_at: '2030-01-01T10:00:00Z' })
  const onDay = await createTask(db, ann, { due_date: '2030-01-01' })
  await handle(await createEvent(db, atTime, 'task.due.approaching'))
  await handle(await createEvent(db, onDay, 'task.due.approaching'))
  const rows = await db`select expires_at from deliveries where user_id = ${ann} order by id`
  assert.deepEqual(
    rows.map((row) => row.expires_at.toISOString()),
    ['2030-01-01T11:00:00.000Z', '2030-01-02T05:00:00.000Z'],
  )
})
