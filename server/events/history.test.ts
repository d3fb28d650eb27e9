import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, bob, person } = await createTestApi()

test('the history tells every version of a task with what it was before, oldest first', async () => {
  const as = await person()
  const task = (await call('POST', 'tasks', { as, body: { title: 'one', tags: ['t'] } })).json
  await call('PATCH', `tasks/${task.id}`, { as, body: { title: 'two' } })
  await call('PATCH', `tasks/${task.id}/complete`, { as })
  await call('DELETE', `tasks/${task.id}`, { as })
  const { json } = await call('GET', `events?task_id=${task.id}`, { as })
  assert.deepEqual(
    json.items.map((item: { event_type: string; version: number }) => [item.event_type, item.version]),
    [
      ['task.created', 1],
      ['task.updated', 2],
      ['task.completed', 3],
      ['task.deleted', 4],
    ],
  )
  const [created, updated] = json.items
  assert.deepEqual([created.data, created.previous], [task, null])
  assert.deepEqual(updated.previous, task)
  assert.deepEqual([updated.user_id, updated.task_id, updated.source], [as.id, task.id, 'server'])
  assert.match(updated.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.equal(json.next_cursor, null)
})

test('pages of the history follow each other by cursor and by after, without gap or repeat', async () => {
  const as = await person()
  for (let n = 0; n < 7; n += 1) await call('POST', 'tasks', { as, body: { title: `t${n}` } })
  const all = (await call('GET', 'events', { as })).json.items
  let path = 'events?limit=3'
  const paged = []
  for (;;) {
    const { json, headers } = await call('GET', path, { as })
    paged.push(...json.items)
    if (json.next_cursor === null) break
    assert.match(headers.get('link')!, /rel="next"/)
    path = `events?limit=3&cursor=${json.next_cursor}`
  }
  assert.deepEqual(paged, all)
  const later = (await call('GET', `events?after=${all[2].id}`, { as })).json.items
  assert.deepEqual(later, all.slice(3))
  assert.deepEqual((await call('GET', 'events', { as: bob })).json.items, [])
})

test('a bad after, task_id, limit or cursor is told; a cursor belongs to its filter', async () => {
  for (const query of ['after=x', 'after=-1', 'task_id=0', 'limit=0', 'limit=201', 'since=1']) {
    assert.equal((await call('GET', `events?${query}`)).status, 422, query)
  }
  const as = await person()
  for (let n = 0; n < 2; n += 1) await call('POST', 'tasks', { as, body: { title: `t${n}` } })
  const { next_cursor } = (await call('GET', 'events?limit=1', { as })).json
  assert.equal((await call('GET', `events?task_id=1&cursor=${next_cursor}`, { as })).status, 400)
  assert.equal((await call('GET', 'events?cursor=xx', { as })).status, 400)
})
