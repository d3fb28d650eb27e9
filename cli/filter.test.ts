import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AppError } from '../shared/errors.ts'
import { combine, type Filter, negate } from '../shared/filter/ast.ts'
import { formatFilter, parseFilter } from '../shared/filter.ts'
import { explain, type ListQuery, parseFilterWords, readFilterLine, toListQuery } from './filter.ts'

// A Saturday, 10:00 in Berlin.
const context = { now: new Date('2026-11-21T09:00:00Z'), timeZone: 'Europe/Berlin' }
const read = (line: string) => formatFilter(parseFilterWords(line.split(' '), context))
const all = (expected: Record<string, string>) => {
  for (const [line, text] of Object.entries(expected)) assert.equal(read(line), text, line)
}

test('The words of dates become dates at the user’s now in his zone', () => {
  all({
    today: 'due:2026-11-21',
    'due:tomorrow': 'due:2026-11-22',
    'due.before:eow': 'due.before:2026-11-22',
    'due.by:next friday +x': 'due.by:2026-11-27 tag:x',
    'due.by:fri 17:00 milk': 'due.by:2026-11-27T16:00:00.000Z "milk"',
    'due.after:-1w': 'due.after:2026-11-14',
    'due<+3d': 'due.before:2026-11-24',
    'due:<1w': 'due.before:2026-11-28',
    'due before: friday': 'due.before:2026-11-27',
    'due:tod,tom': 'due:2026-11-21 or due:2026-11-22',
  })
})

test('due: asks for the day even where a time was said, and for no date where nothing was', () => {
  all({ 'due:fri 17:00': 'due:2026-11-27', 'due:2026-11-27T23:30:00Z': 'due:2026-11-28', 'due:': 'due:' })
})

test('What users of other tools type first is read', () => {
  all({
    '+bug project:ops due.before:eom': 'tag:bug project:ops due.before:2026-11-30',
    '( pri:H or +next )': 'pri:high or tag:next',
    '+bug -later project:ops due.before:friday p1':
      'tag:bug not tag:later project:ops due.before:2026-11-27 pri:critical',
    'today & p1': 'due:2026-11-21 pri:critical',
    '(overdue | today) & p1': '(overdue or due:2026-11-21) pri:critical',
  })
})

test('A bad date is marked where it stands, with the word that was meant', () => {
  assert.throws(
    () => parseFilterWords(['+home', 'due.by:tomorow', 'milk'], context),
    (error: AppError) =>
      error.message === '"tomorow" is not a date: +home [[due.by:tomorow]] milk' &&
      error.hint === 'Did you mean tomorrow?',
  )
  const problem = readFilterLine('+home due.by:tomorow', context)
  assert.ok('message' in problem && problem.at === 6 && problem.end === 20)
})

test('Conjuncts become list parameters and only what these cannot say is left over', () => {
  const cases: [string, ListQuery, string][] = [
    ['', {}, ''],
    [
      '+a +b project:x p1 milk',
      { tag: ['a', 'b'], tag_match: 'all', project: 'x', priority: 'critical', q: 'milk' },
      '',
    ],
    ['tag:a,b', { tag: ['a', 'b'], tag_match: 'any' }, ''],
    ['tag:a,b +c', { tag: ['a', 'b'], tag_match: 'any' }, 'tag:c'],
    ['status:open overdue', { status: 'todo,doing', overdue: 'true' }, ''],
    ['due:fri', { due_from: '2026-11-27', due_to: '2026-11-27' }, ''],
    ['due.before:fri', { due_to: '2026-11-26' }, ''],
    ['due.by:fri', { due_to: '2026-11-27' }, ''],
    ['due.after:fri', { due_from: '2026-11-28' }, ''],
    ['due.from:fri due.by:sun', { due_from: '2026-11-27', due_to: '2026-11-22' }, ''],
    ['due.before:2026-11-27T17:00Z', { due_to: '2026-11-27T16:59:59.999Z' }, ''],
    ['due.after:2026-11-27T17:00Z', { due_from: '2026-11-27T17:00:00.001Z' }, ''],
    ['buy milk', { q: 'buy' }, '"milk"'],
    ['+a -b due:', { tag: ['a'] }, 'not tag:b due:'],
    ['+a or overdue', {}, 'tag:a or overdue'],
    ['project:x project:y', { project: 'x' }, 'project:y'],
  ]
  for (const [line, query, rest] of cases)
    assert.deepEqual(toListQuery(parseFilterWords([line], context)), { query, rest }, line)
})

type Task = {
  tags: string[]
  project: string | null
  status: string
  priority: string
  due: string | null
  title: string
}

const today = '2026-11-21'
const matches = (filter: Filter, task: Task): boolean => {
  switch (filter.kind) {
    case 'all':
      return true
    case 'and':
      return filter.parts.every((part) => matches(part, task))
    case 'or':
      return filter.parts.some((part) => matches(part, task))
    case 'not':
      return !matches(filter.part, task)
    case 'tag':
      return filter.name === null ? task.tags.length === 0 : task.tags.includes(filter.name)
    case 'project':
      return task.project === filter.name
    case 'status':
      return task.status === filter.status
    case 'priority':
      return task.priority === filter.name
    case 'undated':
      return task.due === null
    case 'overdue':
      return task.due !== null && task.due < today
    case 'text':
      return task.title.includes(filter.text)
    case 'due': {
      if (task.due === null) return false
      const { test: kind, when } = filter
      if (kind === 'on') return task.due === when
      if (kind === 'before') return task.due < when
      if (kind === 'by') return task.due <= when
      return kind === 'from' ? task.due >= when : task.due > when
    }
  }
}
const matchesQuery = (query: ListQuery, task: Task): boolean =>
  (query.tag === undefined ||
    (query.tag_match === 'any'
      ? query.tag.some((tag) => task.tags.includes(tag))
      : query.tag.every((tag) => task.tags.includes(tag)))) &&
  (query.status === undefined || query.status.split(',').includes(task.status)) &&
  (query.project === undefined || task.project === query.project) &&
  (query.priority === undefined || task.priority === query.priority) &&
  (query.due_from === undefined || (task.due !== null && task.due >= query.due_from)) &&
  (query.due_to === undefined || (task.due !== null && task.due <= query.due_to)) &&
  (query.overdue === undefined || (task.due !== null && task.due < today)) &&
  (query.q === undefined || task.title.includes(query.q))

test('Parameters and the rest together mean the whole filter, for every filter and task', () => {
  const days = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-12-31', '2027-01-01']
  const words = [
    '+a',
    '+b',
    'tag:a,b',
    'no tags',
    'project:x',
    'no project',
    'status:todo',
    'status:open',
    'pri:high',
  ]
  const terms = [...words, 'p1', 'due:', 'overdue', '/a/', '/b/'].map((word) => parseFilter(word))
  const tests = (['on', 'before', 'by', 'from', 'after'] as const).flatMap((kind) =>
    days.map((when): Filter => ({ kind: 'due', test: kind, when })),
  )
  const filters = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...terms, ...tests),
      tie('filter').map(negate),
      fc
        .tuple(
          fc.constantFrom('and' as const, 'and' as const, 'or' as const),
          fc.array(tie('filter'), { minLength: 1, maxLength: 4 }),
        )
        .map(([kind, parts]) => combine(kind, parts)),
    ),
  })).filter
  const tasks = fc.record({
    tags: fc.subarray(['a', 'b', 'c']),
    project: fc.constantFrom('x', 'y', null),
    status: fc.constantFrom('todo', 'doing', 'done'),
    priority: fc.constantFrom('critical', 'high', 'low'),
    due: fc.constantFrom(...days, null),
    title: fc.constantFrom('a', 'b', 'ab', ''),
  })
  fc.assert(
    fc.property(filters, fc.array(tasks, { minLength: 5, maxLength: 20 }), (filter, list) => {
      const { query, rest } = toListQuery(filter)
      for (const task of list)
        assert.equal(matchesQuery(query, task) && matches(parseFilter(rest), task), matches(filter, task))
    }),
    { numRuns: 1_000 },
  )
})

test('A filter is explained in words, with the weekday of each date', () => {
  const said = (line: string) => explain(parseFilterWords([line], context), context)
  assert.equal(said(''), 'every task')
  assert.equal(
    said('+home (overdue or due.by:fri 17:00) -p4 /milk/ due:'),
    'tagged home and (overdue or due by Fri 2026-11-27 17:00) and not priority low and containing "milk" and without a due date',
  )
  assert.equal(
    said('no project status:doing due:sun'),
    'in no project and status doing and due on Sun 2026-11-22',
  )
})
