import assert from 'node:assert/strict'
import { test } from 'node:test'
import { insertInstances } from '../../shared/db/instances.ts'
import { createTestApi } from '../../test/support/api.ts'

const { call, person, db } = await createTestApi()

const rule = { recurrence_pattern: 'daily', start: '2099-01-01', time_zone: 'UTC' }

async function someone() {
  const as = await person()
  const get = async (path: string) => (await call('GET', path, { as })).json
  const post = async (path: string, body?: unknown) => (await call('POST', path, { body, as })).json
  return { as, get, post }
}

test('undo of a recurring task with its first one takes both back, and redo brings both with their ids', async () => {
  const { as, get, post } = await someone()
  await post('tasks', { title: 'Before' })
  const made = await post('recurring-tasks?first=true', {
    template_title: 'Water plants',
    tags: ['home'],
    project: 'garden',
    ...rule,
  })
  const undone = await post('undo')
  assert.deepEqual(
    undone.undone.map((one: { task_id: number }) => one.task_id),
    [made.first_task.id],
  )
  assert.deepEqual((await get('recurring-tasks')).items, [])
  assert.equal((await call('GET', `tasks/${made.first_task.id}`, { as })).status, 404)
  await post('redo')
  const { first_task: first, ...template } = made
  assert.deepEqual((await get('recurring-tasks')).items, [template])
  const { version, updated_at, ...task } = await get(`tasks/${first.id}`)
  const { version: _1, updated_at: _2, ...was } = first
  assert.deepEqual(task, was)
  await post('undo')
  assert.deepEqual((await get('recurring-tasks')).items, [])
  assert.deepEqual((await db`select count(*) as n from undone_templates where user_id = ${as.id}`)[0]!.n, 1)
})

test('what a template has made since stays as an ordinary task, and belongs to it again after a redo', async () => {
  const { get, post } = await someone()
  const made = await post('recurring-tasks?first=true', { template_title: 'Report', ...rule })
  const occurrence = {
    at: null,
    local: '2099-01-02',
    instant: '2099-01-02T00:00:00.000Z',
    notes: [],
  }
  const emit = { source: 'recurrer', changeId: crypto.randomUUID(), traceparent: null } as const
  const [later] = await insertInstances(db, [{ templateId: made.id, occurrence }], emit)
  const belongsTo = async () => (await get(`tasks/${later!.id}`)).recurring_task_id
  await post('undo')
  assert.deepEqual([await belongsTo(), (await get('recurring-tasks')).items.length], [null, 0])
  await post('redo')
  assert.deepEqual([await belongsTo(), (await get('recurring-tasks')).items.length], [made.id, 1])
  const events = await db`select type from events where task_id = ${later!.id} order by id`
  assert.deepEqual(
    events.map(({ type }) => type),
    ['task.created', 'task.updated', 'task.updated'],
  )
})

test('undo of a completion leaves the template that it went on with', async () => {
  const { get, post, as } = await someone()
  const made = await post('recurring-tasks?first=true', {
    template_title: 'Jog',
    ...rule,
    anchor: 'completion',
  })
  await call('PATCH', `tasks/${made.first_task.id}/complete`, { body: {}, as })
  await post('undo')
  assert.equal((await get('recurring-tasks')).items.length, 1)
  assert.equal((await get(`tasks/${made.first_task.id}`)).status, 'todo')
})

test('undo of an import takes its templates back too, so that the file can be imported anew', async () => {
  const { as, get } = await someone()
  const uid = crypto.randomUUID()
  const lines = [
    { uid, template_title: 'Rent', ...rule, start: '2099-02-01' },
    { title: 'First rent', recurring_task_uid: uid, occurrence_at: '2099-02-01T00:00:00.000Z' },
  ]
  const load = () =>
    call('POST', 'import', {
      as,
      headers: { 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
    })
  assert.deepEqual([(await load()).json.templates, (await get('recurring-tasks')).items.length], [1, 1])
  await call('POST', 'undo', { as })
  assert.equal((await get('recurring-tasks')).items.length, 0)
  assert.equal((await load()).json.templates, 1)
  await call('POST', 'undo', { as })
  await call('POST', 'redo', { as })
  assert.equal((await load()).json.templates, 0, 'it is known by its uid again')
})
