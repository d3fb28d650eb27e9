import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'
import { createTemplateOwner, inDays } from '../../test/support/templates.ts'

const api = await createTestApi()
const { call, app } = api

const someone = () => createTemplateOwner(api)

test('a change of the rule plans from now and leaves what was made', async () => {
  const { make, send, tasks } = await someone()
  const { id } = await make({ start: inDays(-10, '00:00') })
  const patched = (
    await send('PATCH', `${id}`, { recurrence_pattern: 'custom', cron_expression: '30 6 * * *' })
  ).json
  assert.match(patched.next_occurrence, /T06:30:00\.000Z$/)
  assert.ok(Date.parse(patched.next_occurrence) > Date.now())
  assert.equal((await tasks(id)).length, 1)
  const back = (await send('PATCH', `${id}`, { recurrence_pattern: 'weekly', cron_expression: null })).json
  assert.ok(Date.parse(back.next_occurrence) > Date.now())
})

test('apply_to=open changes the open tasks too, the done ones stay', async () => {
  const { make, send, tasks, as } = await someone()
  const { id } = await make({ start: inDays(-2, '00:00'), catch_up: 'all', tags: ['old'] })
  const [first] = await tasks(id)
  await call('PATCH', `tasks/${first.id}/complete`, { as, body: {} })
  await send('PATCH', `${id}?apply_to=open`, { template_title: 'Feed cat', tags: ['new'], priority_id: 4 })
  assert.deepEqual(
    (await tasks(id)).map((task: { title: string; tags: { name: string }[]; version: number }) => [
      ...[task.title, task.tags[0]!.name, task.version],
    ]),
    [
      ['Water plants', 'old', 2],
      ['Feed cat', 'new', 2],
      ['Feed cat', 'new', 2],
    ],
  )
  const future = await send('PATCH', `${id}`, { template_title: 'Only later' })
  assert.equal(future.status, 200)
  assert.equal((await tasks(id))[2].title, 'Feed cat')
})

test('deletion keeps the tasks as ordinary ones, and the open ones tell of it', async () => {
  const { make, send, tasks, as } = await someone()
  const { id } = await make({ start: inDays(-1, '00:00'), catch_up: 'all' })
  const [done, open] = await tasks(id)
  await call('PATCH', `tasks/${done.id}/complete`, { as, body: {} })
  assert.equal((await send('DELETE', `${id}`)).status, 204)
  assert.equal((await send('DELETE', `${id}`)).status, 404)
  const kept = (await call('GET', `tasks/${open.id}`, { as })).json
  assert.deepEqual([kept.recurring_task_id, kept.version, kept.occurrence_at], [null, 2, open.occurrence_at])
  const events = (await call('GET', `events?task_id=${open.id}`, { as })).json.items
  assert.deepEqual(
    [events[1].event_type, events[1].data.recurring_task_id, events[1].previous.recurring_task_id],
    ['task.updated', null, id],
  )
  const stored = (await call('GET', `tasks/${done.id}`, { as })).json
  assert.deepEqual([stored.recurring_task_id, stored.version], [null, 2])
})

test('instances=delete_open takes the open tasks along', async () => {
  const { make, send, tasks, as } = await someone()
  const { id } = await make({ start: inDays(-1, '00:00'), catch_up: 'all' })
  const [done, open] = await tasks(id)
  await call('PATCH', `tasks/${done.id}/complete`, { as, body: {} })
  assert.equal((await send('DELETE', `${id}?instances=delete_open&dry_run=true`)).status, 204)
  assert.equal((await tasks(id)).length, 2)
  await send('DELETE', `${id}?instances=delete_open`)
  assert.equal((await call('GET', `tasks/${open.id}`, { as })).status, 404)
  assert.equal((await call('GET', `tasks/${done.id}`, { as })).json.recurring_task_id, null)
  const events = (await call('GET', `events?task_id=${open.id}`, { as })).json.items
  assert.equal(events.at(-1).event_type, 'task.deleted')
})

test('pause and resume are idempotent; what fell into the pause is not made up', async () => {
  const { make, send, tasks } = await someone()
  const { id } = await make({ start: inDays(-9, '00:00'), catch_up: 'all' })
  const paused = (await send('POST', `${id}/pause`)).json
  assert.deepEqual([paused.is_active, paused.next_occurrence, paused.version], [false, null, 2])
  assert.deepEqual((await send('POST', `${id}/pause`)).json, paused)
  const resumed = (await send('POST', `${id}/resume`)).json
  assert.deepEqual([resumed.is_active, resumed.next_occurrence], [true, `${inDays(1)}T00:00:00.000Z`])
  assert.deepEqual((await send('POST', `${id}/resume`)).json, resumed)
  assert.equal((await tasks(id)).length, 10)
})

test('skip leaves out next_occurrence for good; with nothing to skip it is 409', async () => {
  const { make, send } = await someone()
  const { id } = await make({ start: '2099-01-01', until: '2099-01-02' })
  const skipped = (await send('POST', `${id}/skip`)).json
  assert.deepEqual([skipped.next_occurrence, skipped.exdates], ['2099-01-02T00:00:00.000Z', ['2099-01-01']])
  assert.equal((await send('POST', `${id}/skip`)).json.next_occurrence, null)
  assert.equal((await send('POST', `${id}/skip`)).status, 409)
  const other = await make({ start: '2099-01-01' })
  await send('POST', `${other.id}/pause`)
  assert.equal((await send('POST', `${other.id}/skip`)).status, 409)
})

test('count counts tasks that were made, until includes its day', async () => {
  const { make } = await someone()
  assert.equal((await make({ start: inDays(-9, '00:00'), catch_up: 'all', count: 3 })).next_occurrence, null)
  assert.notEqual((await make({ start: inDays(-9, '00:00'), count: 3 })).next_occurrence, null)
  const until = await make({ start: inDays(-2, '00:00'), until: inDays(1) })
  assert.equal(until.next_occurrence, `${inDays(1)}T00:00:00.000Z`)
})

test('occurrences pages through from ≤ at < to, and shows dates of an all-day rule', async () => {
  const { make, as } = await someone()
  const { id } = await make({ start: '2027-01-31', recurrence_pattern: 'monthly', exdates: ['2027-03-31'] })
  const path = `recurring-tasks/${id}/occurrences?from=2027-01-31T00:00:00Z&to=2027-06-30T00:00:00Z&limit=2`
  const first = await call('GET', path, { as })
  assert.deepEqual(first.json.items, [
    { at: null, local: '2027-01-31', notes: [] },
    { at: null, local: '2027-02-28', notes: ['clamped'] },
  ])
  const second = await app.request(first.headers.get('link')!.match(/<(.*)>/)![1]!, { headers: as.headers })
  const page = (await second.json()) as { items: { local: string }[]; next_cursor: string | null }
  assert.deepEqual(
    [page.items.map(({ local }) => local), page.next_cursor],
    [['2027-04-30', '2027-05-31'], null],
  )
  const bare = await call('GET', `recurring-tasks/${id}/occurrences?limit=1`, { as })
  const next = await call(
    'GET',
    `recurring-tasks/${id}/occurrences?limit=1&cursor=${bare.json.next_cursor}`,
    { as },
  )
  assert.equal(next.status, 200)
  const wrong = await call(
    'GET',
    `recurring-tasks/${id}/occurrences?to=2028-01-01T00:00:00Z&cursor=${bare.json.next_cursor}`,
    { as },
  )
  assert.equal(wrong.status, 400)
})

test('occurrences of a counted template end when its tasks will have been made', async () => {
  const { make, send, as } = await someone()
  const { id } = await make({ start: '2099-01-01', count: 3 })
  await send('POST', `${id}/skip`)
  const { json } = await call('GET', `recurring-tasks/${id}/occurrences`, { as })
  assert.deepEqual(
    json.items.map((one: { local: string }) => one.local),
    ['2099-01-02', '2099-01-03', '2099-01-04'],
  )
})

test('preview needs no template, begins at the start, and tells notes and warnings', async () => {
  const { as } = await someone()
  const body = {
    recurrence_pattern: 'daily',
    time_zone: 'Europe/Berlin',
    start: '2027-03-27T02:30',
    limit: 2,
  }
  const { status, json } = await call('POST', 'recurring-tasks/preview', { as, body })
  assert.equal(status, 200)
  assert.deepEqual(json, {
    occurrences: [
      { at: '2027-03-27T01:30:00.000Z', local: '2027-03-27T02:30', notes: [] },
      { at: '2027-03-28T01:00:00.000Z', local: '2027-03-28T03:00', notes: ['gap_shifted'] },
    ],
    warnings: json.warnings,
  })
  const after = await call('POST', 'recurring-tasks/preview', {
    as,
    body: { ...body, after: '2027-03-27T01:30:00Z' },
  })
  assert.equal(after.json.occurrences[0].at, '2027-03-28T01:00:00.000Z')
  const bare = await call('POST', 'recurring-tasks/preview', { as, body: { recurrence_pattern: 'daily' } })
  assert.equal(bare.json.occurrences[0].local, inDays(1))
})

test('lists page by id', async () => {
  const { make, as } = await someone()
  const ids = [await make({}), await make({}), await make({})].map(({ id }) => id)
  const first = (await call('GET', 'recurring-tasks?limit=2', { as })).json
  const rest = (await call('GET', `recurring-tasks?limit=2&cursor=${first.next_cursor}`, { as })).json
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ id }: { id: number }) => id),
    ids,
  )
})
