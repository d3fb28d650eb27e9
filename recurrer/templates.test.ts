import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../shared/log.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createTemplate, createUser, daysOf, instancesOf } from '../test/support/recurrence.ts'
import { generateDue } from './templates.ts'

const { db } = await createDatabase()
const log = createLog('test', { level: 'silent' })
const generate = () => generateDue({ db, log }, new AbortController().signal)
const ann = await createUser(db)

const templateOf = async (id: number) => {
  const [row] = await db`select * from recurring_tasks where id = ${id}`
  return row!
}

test('what is due becomes a task with its event and publication, and the template goes on', async () => {
  const id = await createTemplate(db, ann)
  assert.equal(await generate(), 1)
  const [task] = await instancesOf(db, id)
  assert.deepEqual(task!.due_at, task!.occurrence_at)
  const events = await db`select e.type, e.version, e.source, o.id is not null as pending
    from events e left join outbox o on o.id = e.id where e.task_id = ${task!.id}`
  assert.deepEqual([...events], [{ type: 'task.created', version: 1, source: 'recurrer', pending: true }])
  const template = await templateOf(id)
  assert.equal(template.next_occurrence - task!.occurrence_at.getTime(), 86_400_000)
  assert.deepEqual([template.generated, template.missed, template.version], [1, 0, 1])
  assert.equal(await generate(), 0)
})

for (const [policy, days, missed] of [
  ['latest', [0], 3],
  ['all', [-3, -2, -1, 0], 0],
  ['none', [], 4],
] as const) {
  test(`after three days of downtime catch_up ${policy} makes ${days.length} and counts the rest as missed`, async () => {
    const id = await createTemplate(db, ann, { dueDays: 3, catch_up: policy })
    // On the first minutes of a day the newest one is on time.
    const [clock] = await db<
      { early: boolean }[]
    >`select now() - date_trunc('day', now()) < interval '3 minutes' as early`
    await generate()
    const isOnTime = policy === 'none' && clock!.early
    assert.deepEqual(await daysOf(db, id), isOnTime ? [0] : days)
    const template = await templateOf(id)
    assert.equal(template.missed, isOnTime ? missed - 1 : missed)
    assert.ok(template.next_occurrence > new Date())
  })
}

test('all makes a hundred at most, oldest first, and goes on from now', async () => {
  const id = await createTemplate(db, ann, { dueDays: 150, catch_up: 'all' })
  await generate()
  const days = await daysOf(db, id)
  assert.deepEqual([days.length, days[0], days.at(-1)], [100, -150, -51])
  assert.deepEqual([(await templateOf(id)).missed, await generate()], [51, 0])
})

test('overlap skip makes none while one is open, and one when it is done', async () => {
  const id = await createTemplate(db, ann, { overlap: 'skip', dueDays: 1 })
  await generate()
  const again = () => db`update recurring_tasks set next_run_at = now(),
    next_occurrence = date_trunc('day', now()) - interval '1 day' where id = ${id}`
  await again()
  await generate()
  assert.equal((await instancesOf(db, id)).length, 1)
  await db`update tasks set status = 'done', completed_at = now(),
    occurrence_at = occurrence_at - interval '2 days' where recurring_task_id = ${id}`
  await again()
  await generate()
  assert.equal((await instancesOf(db, id)).length, 2)
})

test('after completion: one is made, and nothing is planned while it is open', async () => {
  const id = await createTemplate(db, ann, { anchor: 'completion', dueDays: 2, catch_up: 'all' })
  await generate()
  assert.deepEqual(await daysOf(db, id), [0])
  assert.equal((await templateOf(id)).next_run_at, null)
  await db`update recurring_tasks set next_run_at = now(), next_occurrence = now() where id = ${id}`
  await generate()
  assert.equal((await instancesOf(db, id)).length, 1)
  assert.equal((await templateOf(id)).next_run_at, null)
})

test('create_ahead makes the task so long before it is due', async () => {
  const id = await createTemplate(db, ann, { create_ahead: '2d' })
  await db`update recurring_tasks set next_occurrence = date_trunc('day', now()) + interval '1 day', next_run_at = now()
    where id = ${id}`
  await generate()
  assert.deepEqual((await daysOf(db, id)).at(-1), 2)
  const { next_occurrence: next, next_run_at: run } = await templateOf(id)
  assert.equal(next - run, 2 * 86_400_000)
})

test('count, until and exdates end it or leave some out', async () => {
  const today = new Date().toISOString().slice(0, 10)
  const counted = await createTemplate(db, ann, { dueDays: 5, catch_up: 'all', count: 2 })
  const ended = await createTemplate(db, ann, { dueDays: 1, catch_up: 'all', until: today })
  const left = await createTemplate(db, ann, { dueDays: 1, catch_up: 'all', exdates: [today] })
  await generate()
  assert.deepEqual(await daysOf(db, counted), [-5, -4])
  assert.deepEqual(await daysOf(db, ended), [-1, 0])
  assert.deepEqual(await daysOf(db, left), [-1])
  assert.deepEqual(
    [(await templateOf(counted)).next_occurrence, (await templateOf(ended)).next_run_at],
    [null, null],
  )
})

test('a deleted instance is not made again', async () => {
  const id = await createTemplate(db, ann)
  await generate()
  await db`update tasks set deleted_at = now() where recurring_task_id = ${id}`
  await db`update recurring_tasks set next_run_at = now(), next_occurrence = date_trunc('day', now()) where id = ${id}`
  assert.equal(await generate(), 0)
  assert.equal((await templateOf(id)).generated, 1)
})

test('a rule that breaks stops its template and no other', async () => {
  const broken = await createTemplate(db, ann, { dueDays: 1 })
  const good = await createTemplate(db, ann)
  await db`update recurring_tasks set time_zone = 'Atlantis/Gone' where id = ${broken}`
  await generate()
  const stopped = await templateOf(broken)
  assert.deepEqual(
    [stopped.is_active, stopped.next_run_at, (await instancesOf(db, broken)).length],
    [false, null, 0],
  )
  assert.match(stopped.last_error, /Atlantis/)
  assert.equal((await instancesOf(db, good)).length, 1)
})

test('what the database refuses stops its template and no other', async () => {
  const [refused, good] = [await createTemplate(db, ann), await createTemplate(db, ann)]
  await db.unsafe(`alter table tasks add constraint test_refusal check (recurring_task_id <> ${refused})`)
  await generate()
  await db`alter table tasks drop constraint test_refusal`
  const stopped = await templateOf(refused)
  assert.equal(stopped.is_active, false)
  assert.match(stopped.last_error, /test_refusal/)
  assert.equal((await instancesOf(db, good)).length, 1)
})

test('paused templates and those of the future are left alone', async () => {
  const paused = await createTemplate(db, ann, { is_active: false, dueDays: 1 })
  const future = await createTemplate(db, ann, { dueDays: -1 })
  assert.equal(await generate(), 0)
  assert.deepEqual([await instancesOf(db, paused), await instancesOf(db, future)].flat(), [])
})

const zoned = (id: number, next: string) =>
  db`update recurring_tasks set next_occurrence = ${next}::text::timestamptz, next_run_at = ${next}::text::timestamptz
    where id = ${id}`

test('monthly from the 31st stays at the end of each month and returns to the 31st', async () => {
  const id = await createTemplate(db, ann, {
    recurrence_pattern: 'monthly',
    start: '2026-01-31',
    all_day: true,
    catch_up: 'all',
  })
  await zoned(id, '2026-01-31T00:00:00Z')
  await generate()
  const dates = (await instancesOf(db, id)).map(({ due_date }) => due_date)
  assert.deepEqual(dates.slice(0, 5), ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'])
})

test('daily at 08:00 stays at 08:00 across both changes of Berlin', async () => {
  const id = await createTemplate(db, ann, {
    time_zone: 'Europe/Berlin',
    start: '2025-10-20T08:00',
    catch_up: 'all',
    until: '2026-04-02',
  })
  for (const begin of ['2025-10-24T06:00:00Z', '2026-03-27T07:00:00Z']) {
    await zoned(id, begin)
    await generate()
  }
  const rows = await db`select distinct to_char(due_at at time zone 'Europe/Berlin', 'HH24:MI') as wall,
    to_char(due_at, 'HH24:MI') as utc from tasks where recurring_task_id = ${id} order by 2`
  assert.deepEqual(
    [...rows],
    [
      { wall: '08:00', utc: '06:00' },
      { wall: '08:00', utc: '07:00' },
    ],
  )
})

test('weekly all day keeps its weekday and its date in every zone', async () => {
  for (const time_zone of ['Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu']) {
    const id = await createTemplate(db, ann, {
      recurrence_pattern: 'weekly',
      start: '2026-03-02',
      all_day: true,
      catch_up: 'all',
      time_zone,
    })
    await zoned(id, '2026-03-01T00:00:00Z')
    await generate()
    const dates = (await instancesOf(db, id)).map(({ due_date }) => due_date!)
    assert.ok(dates.length > 30)
    assert.ok(dates.every((date) => new Date(date).getUTCDay() === 1))
  }
})
