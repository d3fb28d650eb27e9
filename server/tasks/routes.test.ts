import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Task } from '../../shared/api/task.ts'
import { createTestApi, type TestApi } from '../../test/support/api.ts'

let api: TestApi

before(async () => {
  api = await createTestApi()
})

const create = async (body: object) => {
  const { status, json, text } = await api.call('POST', 'tasks', { body })
  assert.equal(status, 201, text)
  return json as Task
}

const eventsOf = (id: number) =>
  api.db<{ type: string; version: number; data: Task; previous: Task | null }[]>`
    select type, version, data, previous from events where task_id = ${id} order by id`

test('a task is created with everything a writer may say, read back as it was answered, and found at its Location', async () => {
  const body = {
    title: '  Pay rent  ',
    description: 'to Ms Miller',
    status: 'doing',
    priority: 'High',
    tags: ['home', 'Money'],
    project: 'home.flat',
    due_at: '2026-12-01T18:00:00+01:00',
    reminders: ['2h', '1d'],
    position: 1.5,
  }
  const { status, json, headers } = await api.call('POST', 'tasks', { body })
  assert.equal(status, 201)
  Task.strict().parse(json)
  const { id, version, created_at, updated_at, ...rest } = json
  assert.deepEqual(rest, {
    user_id: api.ann.id,
    title: 'Pay rent',
    description: 'to Ms Miller',
    status: 'doing',
    priority_id: 3,
    priority: { id: 3, name: 'High', level: 3, color: '#F59E0B' },
    tags: rest.tags,
    project: 'home.flat',
    due_date: null,
    due_at: '2026-12-01T17:00:00.000Z',
    reminders: ['2h', '1d'],
    recurring_task_id: null,
    occurrence_at: null,
    position: 1.5,
    completed_at: null,
  })
  assert.deepEqual([version, created_at], [1, updated_at])
  assert.deepEqual(
    rest.tags.map(({ name }: { name: string }) => name),
    ['home', 'Money'],
  )
  assert.equal(headers.get('location'), `/api/${api.ann.id}/tasks/${id}`)
  assert.equal(headers.get('etag'), '"1"')
  const read = await api.call('GET', headers.get('location')!)
  assert.deepEqual(read.json, json)
})

test('tags by name are made once, whatever their case, and tags by id must be there', async () => {
  const [first, second] = await Promise.all([
    create({ title: 'a', tags: ['Café', 'shared'] }),
    create({ title: 'b', tags: ['cafe\u0301', 'SHARED', 'shared'] }),
  ])
  const ids = (task: Task) => task.tags.map(({ id }) => id)
  assert.deepEqual(ids(first), ids(second))
  assert.deepEqual(ids(await create({ title: 'c', tag_ids: ids(first) })), ids(first))
  const before = await api.db`select count(*) as count from tasks`
  const refused = await api.call('POST', 'tasks', { body: { title: 'd', tag_ids: [...ids(first), 999_999] } })
  assert.deepEqual([refused.status, refused.json.errors[0].pointer], [422, '/tag_ids'])
  assert.deepEqual(await api.db`select count(*) as count from tasks`, before)
})

test('a patch changes what it names, null clears, and the rest stays', async () => {
  const { id, ...before } = await create({
    title: 'Old',
    description: 'text',
    project: 'p',
    priority: 'low',
    tags: ['x'],
    due_date: '2026-12-01',
  })
  const { json: after, headers } = await api.call('PATCH', `tasks/${id}`, {
    body: { title: 'New', project: null },
  })
  assert.deepEqual(after, {
    id,
    ...before,
    title: 'New',
    project: null,
    version: 2,
    updated_at: after.updated_at,
  })
  assert.ok(after.updated_at >= before.updated_at)
  assert.equal(headers.get('etag'), '"2"')
  const cleared = { description: null, priority_id: null, tags: [], due_date: null, reminders: null }
  const { json } = await api.call('PATCH', `tasks/${id}`, { body: cleared })
  assert.deepEqual(
    [json.description, json.priority_id, json.tags, json.due_date, json.reminders],
    ['', 2, [], null, ['1d']],
  )
  const headersOfPatch = { 'content-type': 'application/merge-patch+json' }
  assert.equal(
    (await api.call('PATCH', `tasks/${id}`, { body: { title: 'M' }, headers: headersOfPatch })).status,
    200,
  )
})

test('one kind of due takes the place of the other', async () => {
  const { id } = await create({ title: 'a', due_date: '2026-12-01' })
  const timed = await api.call('PATCH', `tasks/${id}`, { body: { due_at: '2026-12-02T00:00:00Z' } })
  assert.deepEqual([timed.json.due_date, timed.json.due_at], [null, '2026-12-02T00:00:00.000Z'])
  const dated = await api.call('PATCH', `tasks/${id}`, { body: { due_date: '2026-12-03' } })
  assert.deepEqual([dated.json.due_date, dated.json.due_at], ['2026-12-03', null])
})

test('a replacement gives what it does not mention its default', async () => {
  const { id } = await create({
    title: 'a',
    description: 'd',
    priority: 'high',
    tags: ['x'],
    due_date: '2026-12-01',
    project: 'p',
  })
  const { json } = await api.call('PUT', `tasks/${id}`, { body: { title: 'b' } })
  assert.deepEqual(
    [json.title, json.description, json.priority_id, json.tags, json.due_date, json.project, json.version],
    ['b', '', 2, [], null, null, 2],
  )
  assert.equal((await api.call('PUT', `tasks/${id}`, { body: { description: 'x' } })).status, 422)
})

test('completing sets the time, reopening takes it back, and both may be repeated without effect', async () => {
  const { id } = await create({ title: 'a' })
  const complete = async (body: object) => {
    const { json } = await api.call('PATCH', `tasks/${id}/complete`, { body })
    assert.equal(json.next, null)
    return json.task as Task
  }
  const done = await complete({})
  assert.deepEqual([done.status, done.version], ['done', 2])
  assert.ok(done.completed_at !== null)
  assert.deepEqual(await complete({ completed: true }), done)
  const open = await complete({ completed: false })
  assert.deepEqual([open.status, open.completed_at, open.version], ['todo', null, 3])
  assert.deepEqual(await complete({ completed: false }), open)
  await api.call('PATCH', `tasks/${id}`, { body: { status: 'doing' } })
  const again = await api.call('PATCH', `tasks/${id}`, { body: { status: 'done', title: 'b' } })
  assert.deepEqual(
    [again.json.status, again.json.title, again.json.completed_at !== null],
    ['done', 'b', true],
  )
  assert.deepEqual(
    (await eventsOf(id)).map(({ type }) => type),
    ['task.created', 'task.completed', 'task.reopened', 'task.updated', 'task.completed'],
  )
})

test('a deleted task is gone for every way to it, and deleting it again is 404', async () => {
  const { id } = await create({ title: 'gone', tags: ['only-here'] })
  assert.deepEqual(
    [(await api.call('DELETE', `tasks/${id}`)).status, (await api.call('DELETE', `tasks/${id}`)).status],
    [204, 404],
  )
  for (const [method, path, body] of [
    ['GET', `tasks/${id}`],
    ['PATCH', `tasks/${id}`, { title: 'x' }],
    ['PUT', `tasks/${id}`, { title: 'x' }],
    ['PATCH', `tasks/${id}/complete`, {}],
  ] as const) {
    assert.equal((await api.call(method, path, body ? { body } : {})).status, 404, `${method} ${path}`)
  }
  assert.ok(!(await api.call('GET', 'tasks?limit=200')).json.items.some((task: Task) => task.id === id))
  const tags = await api.call('GET', 'tags?limit=200')
  assert.equal(tags.json.items.find(({ name }: { name: string }) => name === 'only-here').task_count, 0)
})

test('each version has one event with the task after and before it, and a row in the outbox', async () => {
  const created = await create({ title: 'a', tags: ['t'] })
  const { id } = created
  await api.call('PATCH', `tasks/${id}`, { body: { title: 'b' } })
  await api.call('PATCH', `tasks/${id}/complete`, { body: {} })
  await api.call('DELETE', `tasks/${id}`)
  const events = await eventsOf(id)
  assert.deepEqual(
    events.map(({ type, version }) => [type, version]),
    [
      ['task.created', 1],
      ['task.updated', 2],
      ['task.completed', 3],
      ['task.deleted', 4],
    ],
  )
  assert.equal(events[0]!.previous, null)
  assert.deepEqual(events[0]!.data, created)
  for (const [n, event] of events.entries()) {
    Task.parse(event.data)
    if (n > 0) assert.deepEqual(event.previous, events[n - 1]!.data)
  }
  const outbox = await api.db`select o.id from outbox o join events e on e.id = o.id where e.task_id = ${id}`
  assert.equal(outbox.length, 4)
})

test('a write that changes nothing makes no version and no event', async () => {
  const task = await create({ title: 'same', tags: ['b', 'a'], due_at: '2026-12-01T17:00:00Z' })
  const same = [
    {},
    { title: ' same ' },
    { tags: ['A', 'B'] },
    { tag_ids: task.tags.map(({ id }) => id) },
    { due_at: '2026-12-01T18:00:00+01:00' },
    { status: 'todo', priority: 'medium', project: null },
  ]
  for (const body of same) {
    const { status, json } = await api.call('PATCH', `tasks/${task.id}`, { body })
    assert.deepEqual([status, json], [200, task], JSON.stringify(body))
  }
  assert.equal((await eventsOf(task.id)).length, 1)
})

test('a dry run answers what would be and leaves task, tags, events and outbox as they were', async () => {
  const { id } = await create({ title: 'kept' })
  const state = async () => {
    const rows =
      await api.db`select (select count(*) from tasks) as tasks, (select count(*) from tags) as tags,
      (select max(id) from events) as events, (select count(*) from outbox) as outbox`
    return JSON.stringify([rows[0], (await api.call('GET', `tasks/${id}`)).json])
  }
  const before = await state()
  const dry = async (method: string, path: string, body: object) =>
    (await api.call(method, `${path}?dry_run=true`, { body })).json
  assert.equal((await dry('POST', 'tasks', { title: 'x', tags: ['new-tag'] })).tags[0].name, 'new-tag')
  assert.deepEqual(
    (({ title, version }) => [title, version])(await dry('PATCH', `tasks/${id}`, { title: 'y' })),
    ['y', 2],
  )
  assert.equal((await dry('PUT', `tasks/${id}`, { title: 'z' })).title, 'z')
  assert.equal((await dry('PATCH', `tasks/${id}/complete`, {})).task.status, 'done')
  assert.equal(await state(), before)
})
