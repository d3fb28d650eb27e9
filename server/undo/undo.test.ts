import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi, scriptOf } from '../../test/support/api.ts'

const { call, person, db, ann } = await createTestApi()

/** Each test has a person of its own, since undo goes by person. */
async function someone() {
  const as = await person()
  const make = async (body: object) => (await call('POST', 'tasks', { body, as })).json
  const patch = async (id: number, body: object, who = as) =>
    (await call('PATCH', `tasks/${id}`, { body, as: who })).json
  const get = (id: number) => call('GET', `tasks/${id}`, { as })
  const undo = (body?: object, who = as) => call('POST', 'undo', { body, as: who })
  const redo = (body?: object, who = as) => call('POST', 'redo', { body, as: who })
  return { as, make, patch, get, undo, redo }
}

const ids = (list: { task_id: number }[]) => list.map((one) => one.task_id)

test('undo of a create makes the task 404, redo brings the same id back with its tags', async () => {
  const { make, get, undo, redo, as } = await someone()
  const task = await make({
    title: 'Pay rent',
    tags: ['home', 'money'],
    priority: 'high',
    due_date: '2026-12-01',
  })
  const undone = await undo()
  assert.equal(undone.status, 200)
  assert.deepEqual(
    undone.json.undone.map((one: { event_type: string; task_id: number }) => [one.event_type, one.task_id]),
    [['task.created', task.id]],
  )
  assert.equal((await get(task.id)).status, 404)
  const redone = await redo()
  assert.deepEqual(ids(redone.json.redone), [task.id])
  const { version, updated_at, ...back } = (await get(task.id)).json
  const { version: _1, updated_at: _2, ...was } = task
  assert.deepEqual(back, was)
  assert.equal(version, 3)
  const events =
    await db`select type, version, previous is null as fresh from events where task_id = ${task.id} order by id`
  assert.deepEqual(
    events.map((event) => [event.type, event.version, event.fresh]),
    [
      ['task.created', 1, true],
      ['task.deleted', 2, false],
      ['task.created', 3, true],
    ],
  )
  assert.equal(redone.json.redone[0].task.user_id, as.id)
})

test('undo goes back one request at a time, newest first, and redo forth again', async () => {
  const { make, patch, get, undo, redo } = await someone()
  const task = await make({ title: 'one' })
  await patch(task.id, { title: 'two', project: 'work' })
  await patch(task.id, { due_date: '2026-12-24', tags: ['x'] })
  await undo()
  assert.deepEqual(pick((await get(task.id)).json), ['two', 'work', null, []])
  await undo()
  assert.deepEqual(pick((await get(task.id)).json), ['one', null, null, []])
  await redo()
  await redo()
  assert.deepEqual(pick((await get(task.id)).json), ['two', 'work', '2026-12-24', ['x']])
  assert.equal((await get(task.id)).json.version, 7)
  assert.deepEqual((await redo()).json, { redone: [] })
})

const pick = (task: { title: string; project: string; due_date: string; tags: { name: string }[] }) => [
  task.title,
  task.project,
  task.due_date,
  task.tags.map((tag) => tag.name),
]

test('a batch is one step, and count takes several at once or as many as there are', async () => {
  const { make, get, undo, redo, as } = await someone()
  const [a, b] = [await make({ title: 'a' }), await make({ title: 'b' })]
  const batch = await call('POST', 'tasks/batch', {
    as,
    body: {
      operations: [
        { op: 'complete', id: a.id },
        { op: 'update', id: b.id, body: { title: 'B' } },
        { op: 'create', body: { title: 'c' } },
        { op: 'update', id: b.id, body: { title: 'BB' } },
        { op: 'delete', id: a.id },
      ],
    },
  })
  const c = batch.json.results[2].task
  assert.equal(ids((await undo()).json.undone).length, 3)
  assert.deepEqual([(await get(a.id)).json.status, (await get(b.id)).json.title], ['todo', 'b'])
  assert.equal((await get(c.id)).status, 404)
  await redo()
  assert.deepEqual([(await get(a.id)).status, (await get(b.id)).json.title], [404, 'BB'])
  assert.equal((await get(c.id)).status, 200)
  const all = await undo({ count: 10 })
  assert.equal(all.json.undone.length, 5)
  assert.deepEqual((await undo()).json, { undone: [] })
  assert.equal((await redo({ count: 3 })).json.redone.length, 5)
  assert.deepEqual([(await get(a.id)).status, (await get(b.id)).json.title], [404, 'BB'])
})

test('undo of complete, reopen and delete brings back what was, the time of completion included', async () => {
  const { make, get, undo, as } = await someone()
  const task = await make({ title: 'x', tags: ['t'] })
  const done = (await call('PATCH', `tasks/${task.id}/complete`, { as })).json.task
  await call('PATCH', `tasks/${task.id}/complete`, { as, body: { completed: false } })
  await undo()
  const again = (await get(task.id)).json
  assert.deepEqual([again.status, again.completed_at], ['done', done.completed_at])
  await undo()
  assert.deepEqual([(await get(task.id)).json.status, (await get(task.id)).json.completed_at], ['todo', null])
  await call('DELETE', `tasks/${task.id}`, { as })
  await undo()
  const back = (await get(task.id)).json
  assert.deepEqual([back.title, back.tags[0].name], ['x', 't'])
})

test('what a script changed since is not overwritten: 409 with both values, and nothing is written', async () => {
  const { make, patch, get, undo, as } = await someone()
  const script = scriptOf(as)
  const [task, other] = [await make({ title: 'one' }), await make({ title: 'other' })]
  await call('POST', 'tasks/batch', {
    as,
    body: {
      operations: [
        { op: 'update', id: other.id, body: { title: 'OTHER' } },
        { op: 'update', id: task.id, body: { title: 'two', project: 'work' } },
      ],
    },
  })
  await patch(task.id, { title: 'three' }, script)
  const refused = await undo()
  assert.deepEqual([refused.status, refused.json.code], [409, 'changed_since'])
  assert.deepEqual(
    refused.json.errors.map((error: object) => ({ ...error, message: undefined })),
    [{ pointer: '/title', code: 'changed_since', message: undefined, current: 'three', wanted: 'one' }],
  )
  assert.match(refused.json.detail, /"three".*"one"/)
  assert.equal((await get(other.id)).json.title, 'OTHER', 'all of it or nothing')
  await patch(task.id, { title: 'two' }, script)
  assert.equal((await undo()).status, 200, 'possible again once the value is back')
  assert.deepEqual([(await get(task.id)).json.title, (await get(task.id)).json.project], ['one', null])
})

test('a change of another field does not stand in the way and is kept', async () => {
  const { make, patch, get, undo, as } = await someone()
  const task = await make({ title: 'one' })
  await patch(task.id, { title: 'two' })
  await patch(task.id, { description: 'by the script' }, scriptOf(as))
  await undo()
  const now = (await get(task.id)).json
  assert.deepEqual([now.title, now.description], ['one', 'by the script'])
  assert.equal((await undo()).status, 409, 'undoing the create would lose what the script wrote')
})

test('a redo is refused as well when the field was changed after the undo', async () => {
  const { make, patch, undo, redo } = await someone()
  const task = await make({ title: 'one' })
  await patch(task.id, { title: 'two' })
  await undo()
  await patch(task.id, { title: 'three' })
  const refused = await redo()
  assert.equal(refused.status, 409)
  assert.deepEqual([refused.json.errors[0].current, refused.json.errors[0].wanted], ['three', 'two'])
})

test('a person undoes what the same person did on another device, never what a script did, and the reverse', async () => {
  const { make, get, undo, as } = await someone()
  const laptop = { id: as.id, headers: { authorization: `Bearer ${as.id};expires=${Date.now() + 60_000}` } }
  const mine = await make({ title: 'mine' })
  const scripted = (await call('POST', 'tasks', { body: { title: 'scripted' }, as: scriptOf(as) })).json
  assert.deepEqual(ids((await undo(undefined, laptop)).json.undone), [mine.id])
  assert.deepEqual((await undo()).json.undone, [])
  assert.equal((await get(scripted.id)).status, 200)
  assert.deepEqual((await undo(undefined, scriptOf(as, 'second script'))).json.undone, [])
  assert.deepEqual(ids((await undo(undefined, scriptOf(as))).json.undone), [scripted.id])
})

test('nobody undoes what another person did', async () => {
  const { undo } = await someone()
  await call('POST', 'tasks', { body: { title: 'hers' }, as: ann })
  assert.deepEqual((await undo()).json, { undone: [] })
})

test('undo of a renamed or deleted tag brings the tag back, with its id, colour and tasks', async () => {
  const { make, get, undo, redo, as } = await someone()
  const task = await make({ title: 'x', tags: ['work'] })
  const tag = (await get(task.id)).json.tags[0]
  const put = (name: string, color: string) => call('PUT', `tags/${tag.id}`, { as, body: { name, color } })
  await put('office', '#112233')
  await call('DELETE', `tags/${tag.id}`, { as })
  assert.deepEqual((await get(task.id)).json.tags, [])
  await undo()
  assert.deepEqual((await get(task.id)).json.tags, [{ id: tag.id, name: 'office', color: '#112233' }])
  await undo()
  assert.deepEqual((await get(task.id)).json.tags, [{ id: tag.id, name: 'work', color: null }])
  await redo()
  assert.deepEqual((await get(task.id)).json.tags[0].name, 'office')
  const { version } = (await get(task.id)).json
  const events = await db`select version from events where task_id = ${task.id} order by id`
  assert.deepEqual(
    events.map((event) => event.version),
    Array.from({ length: version }, (_, n) => n + 1),
  )
})

test('a bad count is 422, and an undo in a dry run changes nothing', async () => {
  const { make, get, undo } = await someone()
  const task = await make({ title: 'x' })
  for (const count of [0, -1, 1.5, 101, '2', null]) assert.equal((await undo({ count })).status, 422)
  assert.equal((await undo({ steps: 1 })).json.errors[0].pointer, '/steps')
  assert.equal((await get(task.id)).status, 200)
})
