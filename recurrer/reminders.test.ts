import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase } from '../test/support/postgres.ts'
import { createUser } from '../test/support/recurrence.ts'
import { remindDue } from './reminders.ts'

const { db } = await createDatabase()
const remind = () => remindDue({ db }, new AbortController().signal)

/** A task that is due so many seconds from now. */
async function task(inSec: number, reminders = ['1d'], more: object = {}): Promise<number> {
  const user = await createUser(db)
  const [row] = await db<{ id: number }[]>`
    insert into tasks ${db({ user_id: user, title: 'Pay rent', reminders, ...more } as never, 'user_id', 'title', 'reminders')} returning id`
  await setDue(row!.id, inSec)
  return row!.id
}
const setDue = (id: number, inSec: number) =>
  db`update tasks set due_at = now() + make_interval(secs => ${inSec}), version = version + 1 where id = ${id}`
const sent = async (id: number) =>
  (await db`select version from events where task_id = ${id} and type = 'task.due.approaching'`).length
/** Time goes by: what was to fire then, fires now. */
const pass = (id: number, sec: number) =>
  db`update reminders set fire_at = fire_at - make_interval(secs => ${sec}) where task_id = ${id} and sent_at is null`
const [hour, day] = [3_600, 86_400]

test('a reminder is sent once, a day before by default, with the version of the task and its publication', async () => {
  const id = await task(2 * day)
  await remind()
  assert.equal(await sent(id), 0)
  await pass(id, day)
  assert.equal(await remind(), 1)
  assert.equal(await remind(), 0)
  const [event] =
    await db`select e.version, e.source, e.data ->> 'title' as title, o.id is not null as pending
    from events e left join outbox o on o.id = e.id where e.task_id = ${id}`
  assert.deepEqual(event, { version: 2, source: 'recurrer', title: 'Pay rent', pending: true })
})

test('each lead time is sent once, and an empty list sends none', async () => {
  const id = await task(3 * day, ['2d', '1d', '1d', '15m'])
  const none = await task(3 * day, [])
  await pass(id, day)
  await pass(none, day)
  await remind()
  assert.equal(await sent(id), 1)
  await pass(id, 3 * day)
  await remind()
  assert.deepEqual([await sent(id), await sent(none)], [3, 0])
})

test('another due date arms it again, the same one does not', async () => {
  const id = await task(2 * day)
  await pass(id, day)
  await remind()
  await db`update tasks set title = 'Pay the rent' where id = ${id}`
  await db`update tasks set reminders = '{1d,2h}' where id = ${id}`
  await remind()
  assert.equal(await sent(id), 1)
  await setDue(id, 5 * day)
  await pass(id, 4 * day)
  await remind()
  assert.equal(await sent(id), 2)
})

test('done and deleted tasks are not told of, reopened ones are', async () => {
  const [done, deleted] = [await task(2 * day), await task(2 * day)]
  await db`update tasks set status = 'done', completed_at = now() where id = ${done}`
  await db`update tasks set deleted_at = now() where id = ${deleted}`
  assert.equal((await db`select 1 from reminders where task_id in (${done}, ${deleted})`).length, 0)
  await db`update tasks set status = 'todo', completed_at = null where id = ${done}`
  await pass(done, day)
  await remind()
  assert.deepEqual([await sent(done), await sent(deleted)], [1, 0])
})

test('a lead that passed less than five minutes before the write is sent at once, an older one never', async () => {
  const [just, older] = [await task(day - 240), await task(day - 360)]
  await remind()
  assert.deepEqual([await sent(just), await sent(older)], [1, 0])
})

test('what fell into a downtime is sent late; where it helps nobody any more it is marked stale', async () => {
  const [late, stale] = [await task(2 * day), await task(2 * day)]
  await pass(late, 2 * day)
  await db`update reminders set fire_at = now() - interval '1 day', due_key = now() - interval '2 hours' where task_id = ${stale}`
  await remind()
  assert.deepEqual([await sent(late), await sent(stale)], [1, 0])
  const [row] = await db`select stale, sent_at is not null as settled from reminders where task_id = ${stale}`
  assert.deepEqual(row, { stale: true, settled: true })
})

test('an all-day task is due at the beginning of its day in the zone of its user, also when that moves', async () => {
  const user = await createUser(db, 'Pacific/Kiritimati')
  const [made] = await db`
    insert into tasks (user_id, title, due_date, reminders) values (${user}, 'x', '2027-06-10', '{2h}') returning id`
  const firesAt = async () =>
    (await db`select fire_at from reminders where task_id = ${made!.id}`)[0]!.fire_at.toISOString()
  assert.equal(await firesAt(), '2027-06-09T08:00:00.000Z')
  await db`update users set time_zone = 'America/New_York' where id = ${user}`
  assert.equal(await firesAt(), '2027-06-10T02:00:00.000Z')
})

test('two recurrers at the same time send each reminder once', async () => {
  const ids = []
  for (let n = 0; n < 20; n += 1) ids.push(await task(day + hour))
  for (const id of ids) await pass(id, 2 * hour)
  await Promise.all([remind(), remind(), remind()])
  for (const id of ids) assert.equal(await sent(id), 1)
})
