import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, person } = await createTestApi()

const headers = { 'content-type': 'application/x-ndjson' }

test('thousands of operations as lines are one change, which one undo takes back', async () => {
  const as = await person()
  await db`insert into tasks (user_id, title) select ${as.id}, 'n' || n from generate_series(1, 2500) n`
  const rows = await db<{ id: number }[]>`select id from tasks where user_id = ${as.id} order by id`
  const body = rows
    .map(({ id }) => JSON.stringify({ op: 'update', id, body: { add_tags: ['x'] } }))
    .join('\n')
  const { status, json } = await call('POST', 'tasks/batch', { as, headers, body })
  assert.equal(status, 200)
  assert.deepEqual(
    json.results.map((result: { task: Task }) => result.task.id),
    rows.map(({ id }) => id),
  )
  const changes = await db`select count(*) as events, count(distinct change_id) as changes from events
    where user_id = ${as.id}`
  assert.deepEqual({ ...changes[0] }, { events: 2500, changes: 1 })
  const undone = await call('POST', 'undo', { as })
  assert.equal(undone.json.undone.length, 2500)
  const [left] = await db`select count(*) as n from task_tags where user_id = ${as.id}`
  assert.equal(left!.n, 0)
})

test('a line that is not JSON is named, and more than 10,000 are refused', async () => {
  const bad = await call('POST', 'tasks/batch', { headers, body: '{"op":"complete","id":1}\n{"op"' })
  assert.equal(bad.status, 400)
  assert.match(bad.json.detail, /Line 2/)
  const many = await call('POST', 'tasks/batch', {
    headers,
    body: '{"op":"complete","id":1}\n'.repeat(10_001),
  })
  assert.equal(many.status, 422)
})

test('tags are put on and taken off whatever other tags a task has', async () => {
  const task = (await call('POST', 'tasks', { body: { title: 'a', tags: ['Home', 'old'] } })).json
  const names = (json: Task) => json.tags.map((tag) => tag.name)
  const patch = async (body: object) => (await call('PATCH', `tasks/${task.id}`, { body })).json
  assert.deepEqual(names(await patch({ add_tags: ['new', 'HOME'], remove_tags: ['OLD', 'nope'] })), [
    'Home',
    'new',
  ])
  const again = await patch({ add_tags: ['new'], remove_tags: ['old'] })
  assert.equal(again.version, 2, 'nothing changed, so there is no new version')
  const both = await call('PATCH', `tasks/${task.id}`, { body: { tags: ['x'], add_tags: ['y'] } })
  assert.equal(both.json.errors[0].pointer, '/tags')
})

test('the history can be read newest first, page by page', async () => {
  const as = await person()
  for (const title of ['a', 'b', 'c', 'd', 'e']) await call('POST', 'tasks', { as, body: { title } })
  const first = (await call('GET', 'events?sort=-id&limit=3', { as })).json
  const second = (await call('GET', `events?sort=-id&limit=3&cursor=${first.next_cursor}`, { as })).json
  const titles = [...first.items, ...second.items].map((item: { data: Task }) => item.data.title)
  assert.deepEqual([titles, second.next_cursor], [['e', 'd', 'c', 'b', 'a'], null])
})
