import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, person, app } = await createTestApi()

/** Each test has a person of its own, so that lists hold what it made. */
async function someone() {
  const as = await person()
  const make = async (body: object, query = '') => {
    const answer = await call('POST', `recurring-tasks${query}`, { body: { ...daily, ...body }, as })
    assert.equal(answer.status, 201, answer.text)
    return answer.json
  }
  const get = async (id: number) => (await call('GET', `recurring-tasks/${id}`, { as })).json
  const tasks = async (id: number) =>
    (await call('GET', `tasks?recurring_task_id=${id}&sort=due&limit=200`, { as })).json.items
  const send = (method: string, path: string, body?: object, headers = {}) =>
    call(method, `recurring-tasks/${path}`, { as, headers, ...(body && { body }) })
  return { as, make, get, tasks, send }
}

const daily = { template_title: 'Water plants', recurrence_pattern: 'daily', time_zone: 'UTC' }
const dayMs = 86_400_000
/** A local date or date-time of UTC, so many days from now. */
const inDays = (days: number, time = '') =>
  new Date(Date.now() + days * dayMs).toISOString().slice(0, 10) + (time && `T${time}`)

test('a new template has every field of the contract, with its defaults', async () => {
  const { as, make } = await someone()
  const made = await make({ start: '2099-01-01' })
  const { id, created_at, updated_at, ...rest } = made
  assert.deepEqual(rest, {
    ...daily,
    ...{ user_id: as.id, template_description: '', interval: 1, cron_expression: null, rrule: null },
    ...{ start: '2099-01-01', all_day: true, until: null, count: null, exdates: [], anchor: 'schedule' },
    ...{
      month_day_policy: 'clamp',
      catch_up: 'latest',
      overlap: 'allow',
      create_ahead: null,
      priority_id: 2,
    },
    ...{
      tags: [],
      project: null,
      reminders: ['1d'],
      is_active: true,
      last_error: null,
      missed: 0,
      version: 1,
    },
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
      ...{ as, body: { ...daily, start: '2099-01-01' }, headers: { 'idempotency-key': 'once' } },
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
    ...{ start: inDays(-1), template_description: 'all of them', priority: 'high', tags: ['home', 'Green'] },
    ...{ project: 'house.garden', reminders: ['2h'] },
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
