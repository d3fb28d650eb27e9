import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'
import { createTemplateOwner, daily, inDays } from '../../test/support/templates.ts'

const api = await createTestApi()
const { call, db } = api

const someone = () => createTemplateOwner(api)

test('a new template has every field of the contract, with its defaults', async () => {
  const { as, make } = await someone()
  const made = await make({ start: '2099-01-01' })
  const { id, created_at, updated_at, ...rest } = made
  assert.deepEqual(rest, {
    ...daily,
    user_id: as.id,
    template_description: '',
    interval: 1,
    cron_expression: null,
    rrule: null,
    start: '2099-01-01',
    all_day: true,
    until: null,
    count: null,
    exdates: [],
    anchor: 'schedule',
    month_day_policy: 'clamp',
    catch_up: 'latest',
    overlap: 'allow',
    create_ahead: null,
    priority_id: 2,
    tags: [],
    project: null,
    reminders: ['1d'],
    is_active: true,
    last_error: null,
    missed: 0,
    version: 1,
    next_occurrence: '2099-01-01T00:00:00.000Z',
  })
  const answer = await call('GET', `recurring-tasks/${id}`, { as })
  assert.deepEqual(answer.json, made)
  assert.match(answer.headers.get('etag')!, /^"1-/)
  const same = await call('GET', `recurring-tasks/${id}`, {
    as,
    headers: { 'if-none-match': answer.headers.get('etag')! },
  })
  assert.equal(same.status, 304)
})

test('creation answers 201 with Location and ETag, and a dry run stores nothing', async () => {
  const { as } = await someone()
  const body = { ...daily, start: inDays(-1), tags: ['home'] }
  const dry = await call('POST', 'recurring-tasks?dry_run=true&first=true', { as, body })
  assert.equal(dry.status, 201)
  assert.equal(dry.json.first_task.title, 'Water plants')
  assert.deepEqual((await call('GET', 'recurring-tasks', { as })).json.items, [])
  assert.deepEqual((await call('GET', 'tasks', { as })).json.items, [])
  const made = await call('POST', 'recurring-tasks', { as, body })
  assert.equal(made.headers.get('location'), `/api/${as.id}/recurring-tasks/${made.json.id}`)
  assert.match(made.headers.get('etag')!, /^"1-/)
})

test('a repeated Idempotency-Key makes one template and one first task', async () => {
  const { as, tasks } = await someone()
  const post = () =>
    call('POST', 'recurring-tasks?first=true', {
      as,
      body: { ...daily, start: '2099-01-01' },
      headers: { 'idempotency-key': 'once' },
    })
  const [one, two] = [await post(), await post()]
  assert.deepEqual([two.json, two.headers.get('idempotent-replayed')], [one.json, 'true'])
  assert.equal((await tasks(one.json.id)).length, 1)
})

test('faults of the rule name their fields, and cron the right form', async () => {
  const { as } = await someone()
  const cases: [object, string, RegExp][] = [
    [{ time_zone: 'Europe/Nowhere' }, '/time_zone', /not a time zone/],
    [{ recurrence_pattern: 'custom' }, '/recurrence_pattern|/cron_expression|/rrule', /./],
    [{ recurrence_pattern: 'custom', cron_expression: '61 * * * *' }, '/cron_expression', /minute/],
    [{ recurrence_pattern: 'custom', cron_expression: '0 0 30 2 *' }, '/cron_expression', /never|no date/i],
    [{ start: '2026-02-31' }, '/start', /start/],
    [{ start: '2026-02-01T08:00:00Z' }, '/start', /start/],
    [{ until: 'soon' }, '/until', /until/],
    [{ exdates: ['never'] }, '/exdates/0', /not a date/],
    [{ priority_id: 1, priority: 'high' }, '/priority', /together/],
    [{ surprise: true }, '/surprise', /./],
    [{ next_occurrence: null }, '/next_occurrence', /./],
  ]
  for (const [body, pointer, message] of cases) {
    const { status, json } = await call('POST', 'recurring-tasks', { as, body: { ...daily, ...body } })
    assert.equal(status, 422, JSON.stringify(body))
    assert.match(json.errors[0].pointer, new RegExp(`^(${pointer})$`))
    assert.match(json.errors[0].message, message)
  }
})

test('a start in the past is caught up as catch_up says', async () => {
  const { make, tasks } = await someone()
  const made = async (catch_up: string, days = -5) => {
    const template = await make({ catch_up, start: inDays(days, '00:00') })
    return { template, due: (await tasks(template.id)).map((task: { due_at: string }) => task.due_at) }
  }
  const latest = await made('latest')
  assert.deepEqual(latest.due, [`${inDays(0)}T00:00:00.000Z`])
  assert.equal(latest.template.missed, 5)
  assert.equal(latest.template.next_occurrence, `${inDays(1)}T00:00:00.000Z`)
  const all = await made('all')
  assert.deepEqual(
    all.due,
    [-5, -4, -3, -2, -1, 0].map((day) => `${inDays(day)}T00:00:00.000Z`),
  )
  const capped = await made('all', -400)
  assert.equal(capped.due.length, 100)
  assert.equal(capped.due[0], `${inDays(-400)}T00:00:00.000Z`)
  const none = await made('none', -5)
  assert.equal(none.due.length, 0)
  assert.equal(none.template.next_occurrence, `${inDays(1)}T00:00:00.000Z`)
})

test('overlap skip makes one task of all that was missed', async () => {
  const { make, tasks } = await someone()
  const { id, missed } = await make({ catch_up: 'all', overlap: 'skip', start: inDays(-3, '00:00') })
  assert.deepEqual([(await tasks(id)).length, missed], [1, 3])
})

test('first=true makes the first task at once, even when it is due later, and no second one', async () => {
  const { make, tasks } = await someone()
  const later = await make({ start: '2099-01-31T08:00', recurrence_pattern: 'monthly' }, '?first=true')
  assert.equal(later.first_task.due_at, '2099-01-31T08:00:00.000Z')
  assert.equal(later.next_occurrence, '2099-02-28T08:00:00.000Z')
  const now = await make({ start: inDays(-2) }, '?first=true')
  assert.equal(now.first_task.due_date, inDays(0))
  assert.equal((await tasks(now.id)).length, 1)
})

test('an instance has what the template has, and tells of itself by one event', async () => {
  const { make, tasks, as } = await someone()
  const template = await make({
    start: inDays(-1),
    template_description: 'all of them',
    priority: 'high',
    tags: ['home', 'Green'],
    project: 'house.garden',
    reminders: ['2h'],
  })
  const [task] = await tasks(template.id)
  assert.deepEqual(
    [
      task.title,
      task.description,
      task.priority_id,
      task.project,
      task.reminders,
      task.due_date,
      task.due_at,
    ],
    ['Water plants', 'all of them', 3, 'house.garden', ['2h'], inDays(0), null],
  )
  assert.deepEqual(
    task.tags.map((tag: { name: string }) => tag.name),
    ['Green', 'home'],
  )
  assert.equal(task.occurrence_at, `${inDays(0)}T00:00:00.000Z`)
  const events = (await call('GET', `events?task_id=${task.id}`, { as })).json.items
  assert.deepEqual(
    events.map((event: { event_type: string; data: object }) => [event.event_type, event.data]),
    [['task.created', task]],
  )
})

test('a stale If-Match is refused, a plan that went on is not stale', async () => {
  const { as, make, send } = await someone()
  const { id } = await make({ start: '2099-01-01' })
  const etag = (await call('GET', `recurring-tasks/${id}`, { as })).headers.get('etag')!
  await db`update recurring_tasks set next_occurrence = '2099-01-02' where id = ${id}`
  const patched = await send('PATCH', `${id}`, { template_title: 'New' }, { 'if-match': etag })
  assert.equal(patched.status, 200)
  assert.match(patched.headers.get('etag')!, /^"2-/)
  for (const [method, path, body] of [
    ['PATCH', `${id}`, { template_title: 'Newer' }],
    ['PUT', `${id}`, daily],
    ['POST', `${id}/pause`],
    ['DELETE', `${id}`],
  ] as const)
    assert.equal((await send(method, path, body, { 'if-match': etag })).status, 412, method)
})

test('PATCH keeps what it does not name, PUT gives it the default, and what changes nothing makes no version', async () => {
  const { make, send, as } = await someone()
  const { id } = await make({ start: '2099-01-31T09:00', project: 'house', tags: ['a'], count: 5 })
  const patched = (await send('PATCH', `${id}`, { recurrence_pattern: 'monthly', tags: ['b'] })).json
  assert.deepEqual(
    [patched.project, patched.start, patched.all_day, patched.tags, patched.count, patched.version],
    ['house', '2099-01-31T09:00', false, ['b'], 5, 2],
  )
  assert.equal(patched.next_occurrence, '2099-01-31T09:00:00.000Z')
  const same = (
    await send('PATCH', `${id}`, { project: 'house', template_title: 'Water plants', tags: ['B'] })
  ).json
  assert.deepEqual(same, patched)
  const put = (await send('PUT', `${id}`, { ...daily, start: '2099-03-01' })).json
  assert.deepEqual(
    [put.project, put.all_day, put.tags, put.count, put.recurrence_pattern, put.version],
    [null, true, [], null, 'daily', 3],
  )
  const zone = await call('PUT', `recurring-tasks/${id}`, { as, body: { ...daily, time_zone: undefined } })
  assert.deepEqual([zone.json.time_zone, zone.json.start], ['UTC', inDays(0)])
})
