import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, person } = await createTestApi()

test('the figures are those of what was made, started and completed', async () => {
  const as = await person()
  const add = async (title: string, made: string, done: string | null, more = {}) => {
    const { json } = await call('POST', 'tasks', { as, body: { title, ...more } })
    await db`update tasks set created_at = now() - ${made}::interval where id = ${json.id}`
    if (done === null) return json.id
    await call('PATCH', `tasks/${json.id}`, { as, body: { status: 'doing' } })
    await call('PATCH', `tasks/${json.id}/complete`, { as })
    await db`update tasks set completed_at = now() - ${done}::interval where id = ${json.id}`
    await db`update events set created_at = now() - ${made}::interval + '1 hour' where task_id = ${json.id}`
    return json.id
  }
  await add('open', '10 days', null, { due_date: '2020-01-01', project: 'a.b' })
  await add('young', '1 hour', null, { status: 'doing' })
  await add('done', '5 days', '3 days', { project: 'a' })
  await add('before', '90 days', '60 days')
  const gone = await add('gone', '1 day', null)
  await call('DELETE', `tasks/${gone}`, { as })
  const { json } = await call('GET', 'stats?days=30', { as })
  assert.deepEqual([json.todo, json.doing, json.overdue, json.done], [1, 1, 1, 2])
  assert.equal(json.days.length, 30)
  const sums = json.days.reduce(
    (sum: number[], day: { created: number; completed: number }) => [
      sum[0]! + day.created,
      sum[1]! + day.completed,
    ],
    [0, 0],
  )
  assert.deepEqual([...sums, json.days[0].open, json.days.at(-1).open], [3, 1, 0, 2])
  assert.deepEqual([json.lead_time.count, json.lead_time.median], [1, 48])
  assert.deepEqual([json.cycle_time.count, json.cycle_time.median], [1, 47])
  assert.deepEqual(
    json.ages.map((age: { count: number }) => age.count),
    [1, 0, 1, 0, 0],
  )
  assert.equal((await call('GET', 'stats?project=a', { as })).json.done, 1)
})

test('a new user has figures too, and bad questions are refused', async () => {
  const as = await person()
  const { json } = await call('GET', 'stats', { as })
  assert.deepEqual([json.days.length, json.lead_time], [30, { count: 0, median: null, p85: null }])
  for (const query of ['days=0', 'days=x', 'time_zone=Mars', 'nope=1']) {
    assert.equal((await call('GET', `stats?${query}`, { as })).status, 422, query)
  }
})
