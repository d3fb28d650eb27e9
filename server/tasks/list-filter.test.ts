import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { urgencyOf } from '../../shared/urgency.ts'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, person } = await createTestApi()

const tasks = [
  { title: 'Buy milk', tags: ['home', 'shop'], project: 'house', due_date: '2026-11-27' },
  { title: 'Pay rent', tags: ['home'], priority: 'high', due_at: '2026-11-27T23:30:00Z' },
  { title: 'Ship 100%_done', project: 'work.api', status: 'doing', due_at: '2026-11-28T07:30:00Z' },
  { title: 'Read', description: 'the milk book', priority: 'low' },
  { title: 'Old', tags: ['shop'], status: 'done', project: 'work', due_date: '2026-11-20' },
  { title: 'Late', due_date: '2020-01-01', project: 'workshop' },
]

before(async () => {
  for (const body of tasks) assert.equal((await call('POST', 'tasks', { body })).status, 201)
})

async function titles(query: Record<string, string>): Promise<string> {
  const answer = await call('GET', `tasks?${new URLSearchParams({ sort: 'created', ...query })}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.items.map((task: Task) => task.title.split(' ')[0]).join(' ')
}

const filters: [filter: string, found: string][] = [
  ['+home', 'Buy Pay'],
  ['+HOME +shop', 'Buy'],
  ['-home', 'Ship Read Old Late'],
  ['tag:', 'Ship Read Late'],
  ['project:work', 'Ship Old'],
  ['not project:work', 'Buy Pay Read Late'],
  ['project:', 'Pay Read'],
  ['pri:high or pri:low', 'Pay Read'],
  ['status:doing or status:done', 'Ship Old'],
  ['due:', 'Read'],
  ['not due.before:2026-11-28', 'Ship Read'],
  ['due.from:2026-11-28', 'Ship'],
  ['due.after:2026-11-27', 'Ship'],
  ['due.by:2026-11-27 not overdue status:todo', 'Buy Pay'],
  ['due.before:2026-11-27T23:30:00Z', 'Old Late'],
  ['due.by:2026-11-27T23:30:00Z', 'Pay Old Late'],
  ['due.from:2026-11-28T00:00:00Z', 'Ship'],
  ['overdue', 'Late'],
  ['"100%_"', 'Ship'],
  ['/0%2/', ''],
  ['milk', 'Buy Read'],
  ['(milk +shop) or (overdue -home)', 'Buy Late'],
]

for (const [filter, found] of filters) {
  test(`the filter ${filter} finds ${found || 'nothing'}`, async () => {
    assert.equal(await titles({ filter }), found)
  })
}

test('a day of a filter is the day of the given zone', async () => {
  const filter = 'due:2026-11-28'
  assert.equal(await titles({ filter }), 'Ship')
  assert.equal(await titles({ filter, time_zone: 'Europe/Berlin' }), 'Pay Ship')
  assert.equal(await titles({ filter, time_zone: 'America/Los_Angeles' }), '')
  assert.equal(
    await titles({ due_from: '2026-11-28', due_to: '2026-11-28', time_zone: 'Europe/Berlin' }),
    'Pay Ship',
  )
})

test('every comparison of a due date holds in the zones farthest from UTC', async () => {
  const bob = await person()
  const hours = Array.from({ length: 121 }, (_, n) => Date.parse('2026-11-25T00:00:00Z') + n * 3_600_000)
  await db`
    insert into tasks (user_id, title, due_at)
    select ${bob.id}, 'timed', at from generate_series(timestamptz '2026-11-25', '2026-11-30', '1 hour') at`
  await db`insert into tasks (user_id, title, due_date) select ${bob.id}, 'all day', date '2026-11-25' + n from generate_series(0, 4) n`
  const zones = { 'Etc/GMT-14': 14, UTC: 0, 'Etc/GMT+12': -12 }
  const day = Date.parse('2026-11-27T00:00:00Z')
  for (const [zone, offset] of Object.entries(zones)) {
    const [start, end] = [day - offset * 3_600_000, day + (24 - offset) * 3_600_000]
    const countOf = async (test: string, when: string) => {
      const query = new URLSearchParams({ filter: `due${test}:${when}`, time_zone: zone, limit: '200' })
      const { json, text } = await call('GET', `tasks?${query}`, { as: bob })
      assert.ok(json.items, text)
      return json.items.length
    }
    const within = (from: number, to: number) => hours.filter((at) => at >= from && at < to).length
    const compared = ['.before', '.by', '.from', '.after']
    const of = (when: string) => Promise.all(compared.map((test) => countOf(test, when)))
    assert.equal(await countOf('', '2026-11-27'), within(start, end) + 1, zone)
    assert.deepEqual(
      await of('2026-11-27'),
      [within(0, start) + 2, within(0, end) + 3, within(start, Infinity) + 3, within(end, Infinity) + 2],
      zone,
    )
    // All-day tasks end with their day in the zone, those of the 25th to 27th before the end of the 27th.
    const instant = new Date(end).toISOString().replace('.000', '')
    assert.deepEqual(
      await of(instant),
      [within(0, end) + 3, within(0, end + 1) + 3, within(end, Infinity) + 2, within(end + 1, Infinity) + 2],
      `${zone} ${instant}`,
    )
  }
})

test('a bad filter, zone or field is refused with its place', async () => {
  for (const query of ['filter=due:soon', 'filter=(', 'time_zone=Mars/X', 'fields=id,nope']) {
    const answer = await call('GET', `tasks?${query}`)
    assert.equal(answer.status, 422, query)
    assert.equal(answer.json.errors[0].pointer, `/${query.split('=')[0]}`)
  }
})

test('fields leaves the others out', async () => {
  const { json } = await call('GET', 'tasks?fields=id,tags&limit=1')
  assert.deepEqual(Object.keys(json.items[0]), ['id', 'tags'])
  assert.deepEqual(
    json.items[0].tags.map((tag: { name: string }) => tag.name),
    ['home', 'shop'],
  )
})

test('urgency sorts as the client computes it, over pages too', async () => {
  const { json } = await call('GET', 'tasks?sort=urgency')
  const points = json.items.map((task: Task) => urgencyOf(task, new Date()))
  assert.deepEqual(
    points,
    [...points].sort((a, b) => b - a),
  )
  const [first, second] = [await call('GET', 'tasks?sort=urgency&limit=2'), json.items[2].id]
  const after = await call('GET', `tasks?sort=urgency&limit=2&cursor=${first.json.next_cursor}`)
  assert.equal(after.json.items[0].id, second)
})

test('as lines the whole list comes without pages, in the same order and shape', async () => {
  const lines = await call('GET', 'tasks?sort=due', { headers: { accept: 'application/x-ndjson' } })
  const { json } = await call('GET', 'tasks?sort=due')
  assert.equal(lines.headers.get('content-type'), 'application/x-ndjson; charset=utf-8')
  assert.deepEqual(
    lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    json.items,
  )
  const none = await call('GET', 'tasks?q=nothing', { headers: { accept: 'application/x-ndjson' } })
  assert.equal(none.text, '')
})

test('a list of thousands comes as lines in one answer, each task once', async () => {
  const many = await person()
  await db`insert into tasks (user_id, title) select ${many.id}, 'n' || n from generate_series(1, 12500) n`
  const headers = { accept: 'application/x-ndjson' }
  const { text } = await call('GET', 'tasks?fields=id', { as: many, headers })
  const ids = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id)
  assert.equal(ids.length, 12_500)
  assert.equal(new Set(ids).size, 12_500)
})
