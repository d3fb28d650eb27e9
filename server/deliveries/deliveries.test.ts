import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTestApi, type Person } from '../../test/support/api.ts'
import {
  allEnded,
  createNotification,
  fakeSender,
  nobody,
  startNotifier,
  untilDeliveries,
} from '../../test/support/notifications.ts'

const { call, ann, bob, db, person } = await createTestApi({ max: 8 })
const email = fakeSender()
const notifier = startNotifier(db, { senders: { ...nobody, email } })
after(() => notifier.stop())
const signal = new AbortController().signal

/** A person with a mail channel and `n` deliveries that have ended. */
async function withDeliveries(n: number): Promise<Person> {
  const someone = await person()
  await call('POST', 'channels', { as: someone, body: { kind: 'email', target: 'cat@example.org' } })
  for (let i = 0; i < n; i++)
    await notifier.handle(createNotification(someone.id, { title: `N${i}` }), signal)
  if (n > 0) await untilDeliveries(db, someone.id, (rows) => rows.length === n && allEnded(rows))
  return someone
}

test('the log shows each delivery with its attempts, newest first', async () => {
  const cat = await withDeliveries(2)
  const { json } = await call('GET', 'deliveries', { as: cat })
  assert.equal(json.items.length, 2)
  assert.ok(json.items[0].id > json.items[1].id)
  const [one] = json.items
  assert.deepEqual(Object.keys(one), [
    'id',
    'event_id',
    'event_type',
    'task_id',
    'channel_id',
    'kind',
    'target',
    'status',
    'attempts',
    'next_attempt_at',
    'reason',
    'created_at',
    'updated_at',
  ])
  assert.deepEqual([one.status, one.event_type, one.target], ['sent', 'notification.send', 'cat@example.org'])
  assert.deepEqual(Object.keys(one.attempts[0]).sort(), ['at', 'error', 'ms', 'status'])
  assert.deepEqual((await call('GET', `deliveries/${one.id}`, { as: cat })).json, one)
})

test('the log is filtered by status and event, and paged without a gap', async () => {
  const cat = await withDeliveries(5)
  const ids: number[] = []
  let cursor = ''
  for (;;) {
    const { json } = await call('GET', `deliveries?limit=2&status=sent${cursor}`, { as: cat })
    ids.push(...json.items.map((one: { id: number }) => one.id))
    if (json.next_cursor === null) break
    cursor = `&cursor=${json.next_cursor}`
  }
  assert.equal(new Set(ids).size, 5)
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => b - a),
  )
  const none = await call('GET', 'deliveries?status=dead', { as: cat })
  assert.equal(none.json.items.length, 0)
  const byType = await call('GET', 'deliveries?event=notification.send', { as: cat })
  assert.equal(byType.json.items.length, 5)
  const byId = await call('GET', `deliveries?event=${byType.json.items[0].event_id}`, { as: cat })
  assert.equal(byId.json.items.length, 1)
  assert.equal((await call('GET', 'deliveries?status=lost', { as: cat })).status, 422)
  assert.equal((await call('GET', `deliveries?event=x&limit=2${cursor}`, { as: cat })).status, 400)
})

test("another user's delivery cannot be read or replayed", async () => {
  const cat = await withDeliveries(1)
  const [row] = (await call('GET', 'deliveries', { as: cat })).json.items
  assert.equal((await call('GET', `deliveries/${row.id}`, { as: bob })).status, 404)
  assert.equal((await call('POST', `deliveries/${row.id}/replay`, { as: bob })).status, 404)
})

test('a replay is queued at once, is sent again with the same event id, and adds to the same entry', async () => {
  const cat = await withDeliveries(1)
  const [row] = (await call('GET', 'deliveries', { as: cat })).json.items
  const before = email.sent.length
  const answer = await call('POST', `deliveries/${row.id}/replay`, { as: cat })
  assert.equal(answer.status, 202)
  assert.deepEqual([answer.json.id, answer.json.status], [row.id, 'queued'])
  const [again] = await untilDeliveries(db, cat.id, ([one]) => one!.attempts.length === 2)
  assert.equal(again!.status, 'sent')
  assert.equal(email.sent.length, before + 1)
  assert.equal(email.sent.at(-1)!.eventId, row.event_id)
})

test('a replay goes whatever preferences and age say, but never to an address that has unsubscribed', async () => {
  const cat = await withDeliveries(1)
  await call('PUT', 'preferences', { as: cat, body: { matrix: { 'notification.send': { email: false } } } })
  const [row] = (await call('GET', 'deliveries', { as: cat })).json.items
  await db`update deliveries set expires_at = now() - interval '1 day' where id = ${row.id}`
  await call('POST', `deliveries/${row.id}/replay`, { as: cat })
  await untilDeliveries(db, cat.id, ([one]) => one!.attempts.length === 2)
  await db`insert into mail_suppressions (address, user_id, reason) values ('cat@example.org', ${cat.id}, 'unsubscribed')`
  await call('POST', `deliveries/${row.id}/replay`, { as: cat })
  const [held] = await untilDeliveries(db, cat.id, ([one]) => one!.status === 'suppressed')
  assert.equal(held!.reason, 'unsubscribed')
})

test('a test is answered with the delivery that it becomes, and is sent although the channel is off', async () => {
  const made = await call('POST', 'channels', {
    body: { kind: 'email', target: 'ann@example.org', is_active: false },
  })
  const answer = await call('POST', `channels/${made.json.id}/test`)
  assert.equal(answer.status, 202)
  const [row] = await untilDeliveries(db, ann.id, allEnded)
  assert.deepEqual([row!.id, row!.event_id, row!.status], [answer.json.id, answer.json.event_id, 'sent'])
  const read = await call('GET', `deliveries/${answer.json.id}`)
  assert.deepEqual(Object.keys(read.json), Object.keys(answer.json))
  assert.match(email.sent.at(-1)!.title, /Test/)
})
