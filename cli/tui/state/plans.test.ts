import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFilter, parseFilter } from '../../../shared/filter.ts'
import { cardOf, stateOf } from '../../../test/support/board-state.ts'
import type { Column, Grouping } from '../model.ts'
import { emptyColumn } from './columns.ts'
import { reordered, toColumn } from './moves.ts'
import { planColumns } from './plans.ts'

const known = {
  now: new Date('2026-11-21T12:00:00Z'),
  timeZone: 'UTC',
  projects: ['work', 'work.api', 'home'],
  tags: [
    { name: 'a', color: null },
    { name: 'b', color: null },
  ],
}
const plan = (by: Grouping, filter = '') =>
  planColumns({ layout: 'board', by, sort: null }, parseFilter(filter), known)
const columnsBy = (by: Grouping): Column[] => plan(by).map(emptyColumn)
const column = (by: Grouping, key: string) => columnsBy(by).find((one) => one.key === key)!

test('columns are by status, priority, tag, project or due date, with one for what has none', () => {
  const titles = (by: Grouping) => plan(by).map(({ title }) => title)
  assert.deepEqual(titles('status'), ['todo', 'doing', 'done'])
  assert.deepEqual(titles('priority'), ['critical', 'high', 'medium', 'low'])
  assert.deepEqual(titles('tag'), ['+a', '+b', 'no tag'])
  assert.deepEqual(titles('project'), ['work', 'home', 'no project'])
  assert.deepEqual(titles('due'), ['overdue', 'today', 'tomorrow', 'next 7 days', 'later', 'no date'])
})

test('a column asks for its own tasks within the filter; done ones only where the filter speaks of the status', () => {
  assert.equal(formatFilter(plan('status', '+x')[0]!.filter), 'status:todo tag:x')
  assert.equal(
    formatFilter(plan('priority', '+x')[1]!.filter),
    'pri:high tag:x (status:todo or status:doing)',
  )
  assert.equal(formatFilter(plan('priority', 'status:done')[1]!.filter), 'pri:high status:done')
})

test('the due columns leave no day out and take none twice', () => {
  assert.deepEqual(
    plan('due').map(({ filter }) => formatFilter(filter).replace(' (status:todo or status:doing)', '')),
    [
      'overdue',
      'due:2026-11-21 not overdue',
      'due:2026-11-22',
      'due.from:2026-11-23 due.by:2026-11-28',
      'due.after:2026-11-28',
      'due:',
    ],
  )
})

test('a list is one column in its own order', () => {
  const [list, ...none] = planColumns(
    { layout: 'list', by: 'tag', sort: '-priority' },
    parseFilter('+x'),
    known,
  )
  assert.deepEqual(
    [list!.sort, formatFilter(list!.filter), none],
    ['-priority', 'tag:x (status:todo or status:doing)', []],
  )
})

test('moving a card changes what its column stands for', () => {
  const card = cardOf({
    id: 7,
    tags: [
      { id: 1, name: 'a', color: null },
      { id: 3, name: 'c', color: null },
    ],
  })
  const move = (by: Grouping, from: string, into: string) => {
    const planned = toColumn(card, column(by, from), column(by, into))
    return typeof planned === 'string' ? planned : planned.operation
  }
  assert.deepEqual(move('status', 'todo', 'done'), { op: 'complete', id: 7 })
  assert.deepEqual(move('status', 'done', 'doing'), { op: 'update', id: 7, body: { status: 'doing' } })
  assert.deepEqual(move('priority', 'low', 'high'), { op: 'update', id: 7, body: { priority: 'high' } })
  assert.deepEqual(move('project', 'work', 'no project'), { op: 'update', id: 7, body: { project: null } })
  assert.deepEqual(move('tag', '+a', '+b'), {
    op: 'update',
    id: 7,
    body: { add_tags: ['b'], remove_tags: ['a'] },
  })
  assert.deepEqual(move('due', 'today', 'tomorrow'), {
    op: 'update',
    id: 7,
    body: { due_date: '2026-11-22', due_at: null },
  })
  assert.match(move('due', 'today', 'overdue') as string, /Nothing can be moved/)
})

test('of the tags only that of the column it leaves is taken off', () => {
  const card = cardOf({
    tags: [
      { id: 1, name: 'a', color: null },
      { id: 3, name: 'c', color: null },
    ],
  })
  const planned = toColumn(card, column('tag', '+a'), column('tag', '+b'))
  assert.deepEqual(typeof planned === 'object' && planned.patch?.tags?.map(({ name }) => name), ['c', 'b'])
})

test('a card goes between its new neighbours, and says why where there is another order', () => {
  const state = stateOf([1, 2, 3].map((id) => cardOf({ id, position: id * 10 })))
  const place = (by: 1 | -1, now = state) => {
    const planned = reordered(now, by)
    return typeof planned === 'object' ? (planned?.patch?.position ?? null) : planned
  }
  assert.equal(place(1), 25)
  assert.equal(place(-1), null)
  const sorted = { ...state, columns: state.columns.map((one) => ({ ...one, sort: 'due' })) }
  assert.match(String(place(1, sorted)), /Sorted by due/)
})
