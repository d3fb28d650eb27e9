import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AppError } from './errors.ts'
import { combine, type Filter, mentions, negate } from './filter/ast.ts'
import { type FilterProblem, formatFilter, parseFilter, readFilter, typedLimits } from './filter.ts'
import { priorityNames } from './priorities.ts'

const canonical = (source: string) => formatFilter(parseFilter(source))
const all = (expected: Record<string, string>) => {
  for (const [source, text] of Object.entries(expected)) assert.equal(canonical(source), text, source)
}
const refused = (source: string): AppError => {
  try {
    return assert.fail(`${source} was read as ${canonical(source)}`)
  } catch (error) {
    assert.equal((error as AppError).code, 'invalid', String(error))
    return error as AppError
  }
}

test('Every word of the language is read', () => {
  all({
    '+home': 'tag:home',
    '-home': 'not tag:home',
    '+a,b -c,d': '(tag:a or tag:b) not (tag:c or tag:d)',
    'tag:home': 'tag:home',
    'project:ops.db pro:a': 'project:ops.db project:a',
    'status:doing': 'status:doing',
    'status:open': 'status:todo or status:doing',
    'due:2026-11-27': 'due:2026-11-27',
    'due.before:2026-11-27': 'due.before:2026-11-27',
    'due.by:2026-11-27T17:00:00+01:00': 'due.by:2026-11-27T16:00:00.000Z',
    'due.after:2026-11-27': 'due.after:2026-11-27',
    'due.from:2026-11-27': 'due.from:2026-11-27',
    'due:': 'due:',
    'due:, -due:,': 'due: not due:',
    overdue: 'overdue',
    'pri:H priority:low p1': 'pri:high pri:low pri:critical',
    '/buy milk/': '"buy milk"',
    'buy milk': '"buy" "milk"',
    '': '',
  })
})

test('The words of other tools mean what they mean there', () => {
  all({
    'due<2026-11-27 due>=2026-11-01': 'due.before:2026-11-27 due.from:2026-11-01',
    'due:<2026-11-27': 'due.before:2026-11-27',
    'due before: 2026-11-27': 'due.before:2026-11-27',
    'no date': 'due:',
    'no project no labels': 'project: tag:',
    '+OVERDUE -OVERDUE': 'overdue not overdue',
    'project:one,-two': 'project:one not project:two',
    'status:todo,doing': 'status:todo or status:doing',
    '@phone': 'tag:phone or "@phone"',
    '##Work': 'project:Work or "##Work"',
  })
})

test('not binds closest, then and, written or not, then or; parentheses group', () => {
  all({
    'a b or c': '("a" "b") or "c"',
    'a | b & c': '"a" or ("b" "c")',
    '(a or b) and c': '("a" or "b") "c"',
    '(a|b)&c': '("a" or "b") "c"',
    'not a b': 'not "a" "b"',
    '!(a or b)': 'not ("a" or "b")',
    'NOT NOT a': '"a"',
    '-project:x !+y': 'not project:x not tag:y',
    '((a))': '"a"',
    'a and (b and c)': '"a" "b" "c"',
    'a && b || c': '("a" "b") or "c"',
  })
})

test('Quotes and slashes make text of what would be a word of the language', () => {
  all({
    '"overdue"': '"overdue"',
    '/and/ "+home"': '"and" "+home"',
    '/a\\/b/': '"a/b"',
    '"say \\"hi\\""': '"say \\"hi\\""',
    'tag:"a&b"': 'tag:"a&b"',
    'a/b/c': '"a/b/c"',
    '/usr/bin': '"/usr/bin"',
  })
})

test('Text that only resembles a mark stays text', () => {
  all({
    '10:30': '"10:30"',
    'http://x/y:z': '"http://x/y:z"',
    'C++ -5 - +1': '"C++" "-5" "-" "+1"',
    'std::x': '"std::x"',
  })
})

test('A fault is refused with its spot marked and a way out', () => {
  const faults: [string, RegExp, RegExp][] = [
    ['(a or b', /not closed: \[\[\(\]\]a or b$/, /Add \)/],
    ['a) b', /closes nothing: a\[\[\)\]\] b$/, /Remove it/],
    ['a or', /ends too early: a \[\[or\]\]/, /such as \+home/],
    ['and b', /lacks a word here: \[\[and\]\] b/, /such as/],
    ['()', /lacks a word here/, /such as/],
    ['not', /ends too early/, /such as/],
    ['a prooject:x b', /has no "prooject:": a \[\[prooject:x\]\] b/, /Did you mean project:\?/],
    ['client:acme', /has no "client:"/, /\/client:acme\//],
    ['assigned:me', /has no "assigned:"/, /whoever is signed in/],
    ['urgency.over:8', /has no "urgency:"/, /--sort urgency/],
    ['+bug P1', /"P1" is not a priority/, /p1 is critical/],
    ['status:dine', /not a status/, /Did you mean done\?/],
    ['pri:hihg', /not a priority/, /Did you mean high\?/],
    ['due.befor:2026-11-27', /no "due.befor:"/, /due\.before:/],
    ['due:friday', /"friday" is not a date/, /2026-12-01/],
    ['due.by:2026-02-30', /not a date/, /2026-12-01/],
    ['status:', /needs a value/, /status:doing/],
    ['project<x', /cannot be compared/, /project:VALUE/],
    ['"abc', /quote is not closed/, /Close it/],
  ]
  for (const [source, message, hint] of faults) {
    const error = refused(source)
    assert.match(error.message, message)
    assert.match(error.hint!, hint, source)
    assert.equal(error.fields[0]?.pointer, '/filter')
  }
})

test('While somebody types, the problem comes with its place instead of an error', () => {
  const problem = readFilter('+home prooject:x') as FilterProblem
  assert.deepEqual([problem.at, problem.end], [6, 16])
})

test('Length and nesting are bounded', () => {
  refused('a '.repeat(4_001))
  refused('('.repeat(61) + 'a' + ')'.repeat(61))
  parseFilter('('.repeat(60) + 'a' + ')'.repeat(60))
  parseFilter('(a) '.repeat(200))
})

test('What may be typed is always short and flat enough to be read when written out', () => {
  const { characters, depth } = typedLimits
  const dense = '#a '.repeat(characters / 3).trim()
  const deep = '('.repeat(depth) + '@a' + ')'.repeat(depth)
  for (const source of [dense, deep, '(p1|p2)'.repeat(characters / 7), 'due:'.padEnd(characters, ' due:')])
    assert.doesNotThrow(() => parseFilter(formatFilter(parseFilter(source, undefined, typedLimits))), source)
})

test('mentions finds a kind at any depth', () => {
  assert.ok(mentions(parseFilter('a or not (b and status:done)'), 'status'))
  assert.ok(!mentions(parseFilter('a or not b'), 'status'))
})

const word = fc.oneof(
  fc.constantFrom(
    'a',
    'home',
    'Küche',
    '12',
    '-x',
    'and',
    '🏠',
    ':x',
    'a.b',
    '"',
    '\\',
    '(',
    'a&b',
    '<x',
    '/',
    '//x',
  ),
  fc.stringMatching(/^[^\s,]{1,6}$/),
)
const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
const plain = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { noNullPrototype: true }) as fc.Arbitrary<T>
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  plain<Filter & { kind: 'tag' }>({ kind: fc.constant('tag'), name: fc.oneof(word, fc.constant(null)) }),
  plain<Filter & { kind: 'project' }>({
    kind: fc.constant('project'),
    name: fc.oneof(word, fc.constant(null)),
  }),
  plain<Filter & { kind: 'status' }>({
    kind: fc.constant('status'),
    status: fc.constantFrom('todo', 'doing', 'done'),
  }),
  plain<Filter & { kind: 'priority' }>({
    kind: fc.constant('priority'),
    name: fc.constantFrom(...priorityNames),
  }),
  plain<Filter & { kind: 'due' }>({
    kind: fc.constant('due'),
    test: fc.constantFrom('on', 'before', 'by', 'from', 'after'),
    when: day.map((date) => date.toISOString().slice(0, 10)),
  }),
  plain<Filter & { kind: 'due' }>({
    kind: fc.constant('due'),
    test: fc.constantFrom('before', 'by', 'from', 'after'),
    when: day.map((date) => date.toISOString()),
  }),
  fc.constant<Filter>({ kind: 'undated' }),
  fc.constant<Filter>({ kind: 'overdue' }),
  plain<Filter & { kind: 'text' }>({
    kind: fc.constant('text'),
    text: fc.string({ minLength: 1, maxLength: 8 }),
  }),
)
const filters = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    leaf,
    tie('filter').map(negate),
    fc
      .tuple(fc.constantFrom('and' as const, 'or'), fc.array(tie('filter'), { minLength: 1, maxLength: 4 }))
      .map(([kind, parts]) => combine(kind, parts)),
  ),
})).filter

test('Every filter written as text reads back as the same filter', () => {
  fc.assert(
    fc.property(filters, (filter) => {
      assert.deepEqual(parseFilter(formatFilter(filter)), filter, formatFilter(filter))
    }),
    { numRuns: 2_000 },
  )
})

test('Any input is read, or refused with a hint, never anything else', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '&',
    '|',
    '!',
    '-',
    '"',
    '/',
    '\\',
    'due',
    '.',
    ':',
    '<',
    '+',
    'a',
    ' ',
    'not',
    ',',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      (source) => {
        const filter = readFilter(source)
        if ('message' in filter)
          assert.ok(filter.hint && filter.at <= filter.end && filter.end <= source.length)
        else assert.deepEqual(parseFilter(formatFilter(filter)), filter, source)
      },
    ),
    { numRuns: 3_000 },
  )
})
