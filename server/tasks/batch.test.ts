import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, bob } = await createTestApi()

const batch = (operations: unknown, options: object = {}) =>
  call('POST', 'tasks/batch', { body: { operations, ...options } })
const newTask = async (body: object) => (await call('POST', 'tasks', { body })).json
const eventsOf = (id: number) =>
  db`select type, version, change_id, previous->>'title' as before, data->>'title' as after
     from events where task_id = ${id} order by id`

test('operations of every kind are done in their order and answered in their order', async () => {
  const [a, b, c, d] = await Promise.all(['a', 'b', 'c', 'd'].map((title) => newTask({ title })))
  const answer = await batch([
    { op: 'create', body: { title: 'new', tags: ['home'], priority: 'high' } },
    { op: 'update', id: a.id, body: { title: 'A', tags: ['home', 'work'] } },
    { op: 'complete', id: b.id },
    { op: 'delete', id: c.id },
    { op: 'complete', id: b.id },
    { op: 'reopen', id: b.id },
    { op: 'reopen', id: d.id },
    { op: 'create', body: { title: 'done already', status: 'done' } },
  ])
  assert.equal(answer.status, 200)
  const results = answer.json.results
  assert.deepEqual(
    results.map((result: { status: number }) => result.status),
    [201, 200, 200, 204, 200, 200, 200, 201],
  )
  assert.deepEqual(
    results[1].task.tags.map((tag: { name: string }) => tag.name),
    ['home', 'work'],
  )
  assert.equal(results[0].task.tags[0].id, results[1].task.tags[0].id, 'a tag named twice is made once')
  assert.deepEqual([results[2].task.status, results[5].task.status], ['done', 'todo'])
  assert.deepEqual([results[4].task.version, results[5].task.version, results[6].task.version], [2, 3, 1])
  assert.ok(results[7].task.completed_at)
  assert.equal('task' in results[3], false)
  assert.equal((await call('GET', `tasks/${c.id}`)).status, 404)
  for (const result of results.filter((one: { task?: object }) => one.task)) {
    const stored = await call('GET', `tasks/${result.task.id}`)
    if (stored.json.version === result.task.version) assert.deepEqual(stored.json, result.task)
  }
})

test('one batch is one change, each task version has its event, and the order of a task is kept', async () => {
  const task = await newTask({ title: 'one' })
  await batch([
    { op: 'update', id: task.id, body: { title: 'two' } },
    { op: 'create', body: { title: 'other' } },
    { op: 'update', id: task.id, body: { title: 'three' } },
    { op: 'delete', id: task.id },
  ])
  const events = await eventsOf(task.id)
  assert.deepEqual(
    events.map(({ type, version, before, after }) => [type, version, before, after]),
    [
      ['task.created', 1, null, 'one'],
      ['task.updated', 2, 'one', 'two'],
      ['task.updated', 3, 'two', 'three'],
      ['task.deleted', 4, 'three', 'three'],
    ],
  )
  assert.equal(new Set(events.slice(1).map((event) => event.change_id)).size, 1)
})

test('without atomic a bad operation is a problem in its place and the others are done', async () => {
  const task = await newTask({ title: 'kept' })
  const foreign = (await call('POST', 'tasks', { body: { title: 'theirs' }, as: bob })).json
  const answer = await batch([
    { op: 'update', id: task.id, body: { title: 'done' } },
    { op: 'update', id: foreign.id, body: { title: 'stolen' } },
    { op: 'update', id: 987654321, body: { title: 'nobody' } },
    { op: 'create', body: { title: '', colour: 'red' } },
    { op: 'create', body: { title: 'x', tag_ids: [987654321] } },
    { op: 'archive', id: task.id },
    { op: 'complete' },
    'delete everything',
    { op: 'create', body: { title: 'also done' } },
  ])
  assert.equal(answer.status, 200)
  const results = answer.json.results
  assert.deepEqual(
    results.map((result: { status: number }) => result.status),
    [200, 404, 404, 422, 422, 422, 422, 422, 201],
  )
  const pointers = results.map((result: { problem?: { errors: { pointer: string }[] } }) =>
    result.problem?.errors.map((error) => error.pointer),
  )
  assert.deepEqual(pointers[1], ['/operations/1/id'])
  assert.deepEqual(pointers[3].sort(), ['/operations/3/body/colour', '/operations/3/body/title'])
  assert.deepEqual(pointers[4], ['/operations/4/body/tag_ids'])
  assert.deepEqual([pointers[5], pointers[6]], [['/operations/5/op'], ['/operations/6/id']])
  const { request_id: one, ...theirs } = results[1].problem
  const { request_id: two, ...unknown } = results[2].problem
  assert.equal(one, two)
  assert.deepEqual(
    JSON.parse(JSON.stringify(theirs).replaceAll(String(foreign.id), 'N').replace('/1/', '/2/')),
    JSON.parse(JSON.stringify(unknown).replaceAll('987654321', 'N')),
    "another user's task looks like one that does not exist",
  )
  assert.equal((await call('GET', `tasks/${foreign.id}`, { as: bob })).json.title, 'theirs')
})

test('an atomic batch with a fault is 422, names every fault and writes nothing', async () => {
  const task = await newTask({ title: 'untouched' })
  const operations = [
    { op: 'create', body: { title: 'never', tags: ['never-made'] } },
    { op: 'update', id: task.id, body: { title: 'never' } },
    { op: 'update', id: 987654321, body: { title: 'x' } },
    { op: 'delete', id: 987654322 },
  ]
  const answer = await batch(operations, { atomic: true })
  assert.equal(answer.status, 422)
  assert.deepEqual(
    answer.json.errors.map((error: { pointer: string }) => error.pointer),
    ['/operations/2/id', '/operations/3/id'],
  )
  const invalid = await batch([...operations, { op: 'create', body: {} }], { atomic: true })
  assert.deepEqual(
    invalid.json.errors.map((error: { pointer: string }) => error.pointer),
    ['/operations/4/body/title'],
  )
  assert.equal((await call('GET', `tasks/${task.id}`)).json.version, 1)
  assert.equal((await call('GET', 'tasks?q=never')).json.items.length, 0)
  assert.equal((await db`select 1 from tags where name = 'never-made'`).length, 0)
})

test('an atomic batch whose fault shows only in its middle takes back what it did before', async () => {
  const task = await newTask({ title: 'still here' })
  const answer = await batch(
    [
      { op: 'delete', id: task.id },
      { op: 'update', id: task.id, body: { title: 'gone' } },
    ],
    { atomic: true },
  )
  assert.deepEqual([answer.status, answer.json.errors[0].pointer], [422, '/operations/1/id'])
  assert.equal((await call('GET', `tasks/${task.id}`)).status, 200)
})

test('a batch of none, of 101, or of something else is 422 as a whole', async () => {
  const one = { op: 'create', body: { title: 'x' } }
  for (const body of [
    { operations: [] },
    { operations: Array(101).fill(one) },
    { operations: one },
    {},
    { operations: [one], extra: 1 },
  ]) {
    const answer = await call('POST', 'tasks/batch', { body })
    assert.equal(answer.status, 422, JSON.stringify(body).slice(0, 60))
  }
})

test('a hundred creates with tags are made together and answered in their order', async () => {
  const answer = await batch(
    Array.from({ length: 100 }, (_, n) => ({
      op: 'create',
      body: { title: `t${n}`, tags: [`bulk${n % 7}`] },
    })),
  )
  assert.ok(answer.json.results.every((result: { status: number }) => result.status === 201))
  const titles = answer.json.results.map((result: { task: { title: string } }) => result.task.title)
  assert.deepEqual(
    titles,
    Array.from({ length: 100 }, (_, n) => `t${n}`),
  )
  const list = await call('GET', 'tasks?tag=bulk3&limit=200')
  assert.equal(list.json.items.length, 14)
})

test('the fixed path of the batch is no task id', async () => {
  const answer = await call('GET', 'tasks/batch')
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST, OPTIONS'])
})

test('a dry run of a batch answers and stores nothing', async () => {
  const answer = await call('POST', 'tasks/batch?dry_run=true', {
    body: { operations: [{ op: 'create', body: { title: 'dry batch' } }] },
  })
  assert.equal(answer.json.results[0].task.title, 'dry batch')
  assert.equal((await call('GET', 'tasks?q=dry%20batch')).json.items.length, 0)
})
