import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Filter } from '../../shared/filter/ast.ts'
import { formatFilter, parseFilter } from '../../shared/filter.ts'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, ann, bob } = await createTestApi()
await db`update users set time_zone = 'America/New_York' where id = ${ann.id}`

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
const tasks: Record<string, object> = {
  rent: { title: 'Pay rent', tags: ['home', 'money'], priority: 'high', due_date: '2031-05-10' },
  milk: { title: 'Buy 100% milk', tags: ['home'], due_at: '2031-05-11T02:00:00Z', status: 'doing' },
  report: {
    title: 'Write report',
    description: 'with milk',
    project: 'work.api',
    due_at: '2031-05-11T15:00:00Z',
  },
  works: { title: 'Other', project: 'works' },
  late: { title: 'Late', due_date: day(-3), tags: ['Ärger'] },
  done: { title: 'Done', status: 'done', due_date: day(-3), priority: 'critical' },
  plain: { title: 'Plain_' },
}
const names = new Map<number, string>()
for (const [name, body] of Object.entries(tasks)) {
  names.set((await call('POST', 'tasks', { body })).json.id, name)
}
await call('POST', 'tasks', { body: { title: 'Pay rent', tags: ['home'] }, as: bob })

const list = (query: string) => call('GET', `tasks?limit=200&${query}`)
async function found(filter: string) {
  const { status, json } = await list(`filter=${encodeURIComponent(filter)}`)
  assert.equal(status, 200, JSON.stringify(json))
  return json.items.map((task: { id: number }) => names.get(task.id)).join(' ')
}

const everything = 'rent milk report works late done plain'
const expected: Record<string, string> = {
  '+home': 'rent milk',
  '+HOME': 'rent milk',
  '+ärger': 'late',
  '-home': 'report works late done plain',
  '+home -money': 'milk',
  'no labels': 'report works done plain',
  'project:work': 'report',
  'not project:work': 'rent milk works late done plain',
  'no project': 'rent milk late done plain',
  'status:open': 'rent milk report works late plain',
  'status:done or status:doing': 'milk done',
  'pri:high or p1': 'rent done',
  '-p3': 'rent done',
  milk: 'milk report',
  '"100%"': 'milk',
  l_i: '',
  Plain_: 'plain',
  overdue: 'late',
  'not overdue': 'rent milk report works done plain',
  'due:': 'works plain',
  '-due:': 'rent milk report late done',
  // Two in the morning in UTC is the evening before in New York.
  'due:2031-05-10': 'rent milk',
  'due:2031-05-11': 'report',
  'due.before:2031-05-11 due.from:2031-01-01': 'rent milk',
  'due.by:2031-05-11 due.after:2031-05-10': 'report',
  'due.after:2031-05-11T02:00:00Z': 'rent report',
  'due.from:2031-05-11T02:00:00Z': 'rent milk report',
  'due.by:2031-05-11T02:00:00Z due.from:2030-01-01': 'milk',
  'due.before:2031-05-11T04:00:00Z due.from:2030-01-01': 'rent milk',
  '(+home or project:work) not milk': 'rent',
  '': everything,
}

for (const [filter, wanted] of Object.entries(expected)) {
  test(`the filter ${JSON.stringify(filter)} finds ${wanted || 'nothing'}`, async () => {
    assert.equal(await found(filter), wanted)
  })
}

test('due_from, due_to and overdue mean the days of the user too', async () => {
  const shown = async (query: string) =>
    (await list(query)).json.items.map((task: { id: number }) => names.get(task.id)).join(' ')
  assert.equal(await shown('due_from=2031-05-10&due_to=2031-05-10'), 'rent milk')
  assert.equal(await shown('due_from=2031-05-11'), 'report')
  assert.equal(await shown('overdue=true'), 'late')
  assert.equal(await shown('overdue=false'), 'rent milk report works done plain')
})

test('a filter goes together with other parameters and with cursors', async () => {
  const first = await list('filter=%2Bhome&status=doing')
  assert.deepEqual(
    first.json.items.map((task: { id: number }) => names.get(task.id)),
    ['milk'],
  )
  const page = (await call('GET', 'tasks?filter=-overdue&limit=2')).json
  assert.equal((await call('GET', `tasks?filter=-overdue&limit=2&cursor=${page.next_cursor}`)).status, 200)
  assert.equal((await call('GET', `tasks?filter=overdue&cursor=${page.next_cursor}`)).status, 400)
})

test('a bad filter is 422 with the pointer /filter and a hint', async () => {
  for (const bad of [
    '(',
    'due:2026-13-01',
    'status:donne',
    'colour:red',
    'due.by:tomorrow',
    'due:0000-01-01',
    'a or',
  ]) {
    const { status, json } = await list(`filter=${encodeURIComponent(bad)}`)
    assert.deepEqual([status, json.errors?.[0].pointer], [422, '/filter'], bad)
    assert.ok(json.hint, bad)
  }
  assert.equal((await list(`filter=${'x'.repeat(8001)}`)).json.errors[0].pointer, '/filter')
})

const text = fc
  .string({ minLength: 1, maxLength: 8, unit: 'grapheme' })
  .filter((value) => !value.includes('\0'))
const dated = fc.record({
  kind: fc.constant('due' as const),
  test: fc.constantFrom('on', 'before', 'by', 'from', 'after'),
  when: fc.constantFrom('0001-01-01', '2031-05-10', '9999-12-31'),
})
const { filter: filters } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('tag' as const), name: text }),
    fc.record({ kind: fc.constant('project' as const), name: text }),
    fc.record({ kind: fc.constant('text' as const), text }),
    dated,
    fc.constantFrom<Filter>({ kind: 'overdue' }, { kind: 'undated' }, { kind: 'status', status: 'done' }),
    fc.record({ kind: fc.constant('not' as const), part: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
    }),
  ) as fc.Arbitrary<Filter>,
}))

test('a filter and its opposite divide the tasks, whatever the filter says', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const source = formatFilter(filter)
      const some = (await found(source)).split(' ')
      const others = (await found(`not (${source})`)).split(' ')
      const all = [...some, ...others].filter((name) => name !== '')
      assert.deepEqual(all.sort(), everything.split(' ').sort(), source)
    }),
    { seed: 20261121, numRuns: 60 },
  )
})

test('a filter at the limits of length and depth is answered', async () => {
  const long = Array.from({ length: 900 }, (_, n) => `+t${n}`).join(' or ')
  assert.equal((await list(`filter=${encodeURIComponent(long)}`)).status, 200)
  const deep = `${'(not '.repeat(59)}+home${')'.repeat(59)}`
  assert.equal((await list(`filter=${encodeURIComponent(deep)}`)).status, 200)
  assert.doesNotThrow(() => parseFilter(deep))
})
