import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskRecordInput } from '../../shared/api/transfer.ts'
import { createTestApi, type Person } from '../../test/support/api.ts'

const { call, db, person } = await createTestApi()

const send = (as: Person, records: object[], query = '') =>
  call('POST', `import${query}`, {
    as,
    headers: { 'content-type': 'application/x-ndjson' },
    body: records.map((record) => JSON.stringify(record)).join('\n'),
  })
const exported = async (as: Person, query = '') =>
  (await call('GET', `export${query}`, { as })).text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const uid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const task = (n: number, more: Partial<TaskRecordInput> = {}) => ({ uid: uid(n), title: `t${n}`, ...more })

test('an import keeps what a task was, with its times, in one change that one undo takes back', async () => {
  const as = await person()
  const records = [
    task(1, {
      status: 'done',
      priority: 'high',
      tags: ['home', { name: 'Work', color: '#112233' }],
      project: 'a.b',
      due_date: '2026-12-01',
      created_at: '2020-01-02T03:04:05.006Z',
      completed_at: '2021-01-02T03:04:05.006Z',
      reminders: ['2h'],
      extra: { json: { estimate: 3 } },
    }),
    task(2, { description: 'line\nline', due_at: '2026-12-01T10:00:00.000Z', position: 5 }),
  ]
  const { status, json } = await send(as, records)
  assert.deepEqual([status, json.tasks, json.unchanged], [200, 2, 0])
  const [two, one] = await exported(as)
  assert.deepEqual(
    [two.title, two.due_at, two.position, two.uid],
    ['t2', '2026-12-01T10:00:00.000Z', 5, uid(2)],
  )
  assert.deepEqual(
    [one.status, one.priority.name, one.project, one.created_at, one.completed_at, one.reminders, one.extra],
    [
      'done',
      'High',
      'a.b',
      records[0]!.created_at,
      records[0]!.completed_at,
      ['2h'],
      { json: { estimate: 3 } },
    ],
  )
  assert.deepEqual(one.tags, [
    { name: 'home', color: null },
    { name: 'Work', color: '#112233' },
  ])
  const [events] = await db`select count(*) as n, count(distinct change_id) as changes, min(type) as type
    from events where user_id = ${as.id}`
  assert.deepEqual({ ...events }, { n: 2, changes: 1, type: 'task.created' })
  await call('POST', 'undo', { as })
  assert.deepEqual(await exported(as), [])
})

test('importing again changes nothing, also among repeats of one file and what was made here', async () => {
  const as = await person()
  const made = (await call('POST', 'tasks', { as, body: { title: 'made here', tags: ['x'] } })).json
  const [own] = await exported(as)
  assert.equal((await send(as, [task(1), task(2), task(1), own])).json.tasks, 2)
  const again = await send(as, [task(2), own, task(1)])
  assert.deepEqual([again.json.tasks, again.json.unchanged], [0, 3])
  await call('DELETE', `tasks/${made.id}`, { as })
  assert.equal((await send(as, [own])).json.tasks, 1, 'what was deleted comes back from a backup')
  assert.equal((await send(as, [own])).json.tasks, 0)
})

test('an export imported elsewhere exports as the same', async () => {
  const [here, there] = [await person(), await person()]
  await call('POST', 'tags', { as: here, body: { name: 'red', color: '#ff0000' } })
  await call('POST', 'tasks', { as: here, body: { title: 'a', tags: ['red', 'b'], due_date: '2030-01-01' } })
  await call('POST', 'tasks', { as: here, body: { title: 'b', status: 'doing', priority: 'critical' } })
  const rule = {
    template_title: 'Rent',
    recurrence_pattern: 'monthly',
    start: '2030-01-31T09:00',
    time_zone: 'Europe/Berlin',
    tags: ['red'],
  }
  const made = await call('POST', 'recurring-tasks?first=true', { as: here, body: rule })
  assert.equal(made.status, 201, made.text)
  const first = await exported(here)
  assert.equal(first.length, 4)
  assert.ok(first[0].next_occurrence)
  assert.equal(first.find((one) => one.title === 'Rent').recurring_task_uid, first[0].uid)
  const { json } = await send(there, first)
  assert.deepEqual([json.tasks, json.templates], [3, 1])
  assert.deepEqual(await exported(there), first)
  const back = await send(here, await exported(there))
  assert.deepEqual([back.json.tasks, back.json.templates, back.json.unchanged], [0, 0, 4])
})

test('a bad record keeps everything out and is told with its line; skip_bad leaves only it out', async () => {
  const as = await person()
  const records = [
    task(1),
    { ...task(2), title: '', line: 77 },
    { template_title: 'x', recurrence_pattern: 'custom' },
  ]
  const refused = await send(as, records)
  assert.equal(refused.status, 422)
  assert.deepEqual(
    refused.json.errors.map((fault: { pointer: string }) => fault.pointer),
    ['/77/title'],
  )
  assert.deepEqual(await exported(as), [])
  const skipped = await send(as, records, '?skip_bad=true')
  assert.deepEqual([skipped.json.tasks, skipped.json.bad_count, skipped.json.bad[0].line], [1, 2, 77])
  assert.equal((await send(as, [task(9)], '?dry_run=true')).json.tasks, 1)
  assert.equal((await exported(as)).length, 1)
})

test('other types and broken lines are refused', async () => {
  const as = await person()
  assert.equal((await call('POST', 'import', { as, body: {} })).status, 415)
  const headers = { 'content-type': 'application/x-ndjson' }
  assert.equal((await call('POST', 'import', { as, headers, body: '{"title"' })).status, 422)
  assert.equal((await send(as, [task(1, { extra: { a: 'x\0' } })])).status, 422)
  assert.equal((await send(as, [task(1, { extra: { a: '\ud800' } })])).status, 422)
})

test('an export can be filtered like a list', async () => {
  const as = await person()
  await send(as, [task(1, { tags: ['a'] }), task(2), task(3, { tags: ['a'], status: 'done' })])
  assert.deepEqual(
    (await exported(as, '?tag=a')).map((one) => one.title),
    ['t1', 't3'],
  )
  assert.deepEqual(
    (await exported(as, '?filter=not%20tag:a')).map((one) => one.title),
    ['t2'],
  )
})

test('ten thousand records go in and out, each once', async () => {
  const as = await person()
  const records = Array.from({ length: 10_001 }, (_, n) => task(n, { tags: [`t${n % 7}`] }))
  assert.equal((await send(as, records)).json.tasks, 10_001)
  const out = await exported(as)
  assert.deepEqual(
    out.map((one) => one.title),
    records.map((one) => one.title),
  )
})
