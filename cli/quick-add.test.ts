import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AppError } from '../shared/errors.ts'
import { type Dialect, parseQuickAdd, type QuickAdd } from './quick-add.ts'

// A Saturday.
const now = new Date('2026-11-21T09:00:00Z')
const read = (line: string | string[], dialect: Dialect = 'todo', edit = false): Partial<QuickAdd> => {
  const args = typeof line === 'string' ? line.split(' ') : line
  const result: Partial<QuickAdd> = parseQuickAdd(args, { now, timeZone: 'UTC', dialect, edit })
  for (const key of ['tags', 'removedTags', 'warnings'] as const)
    if (result[key]!.length === 0) delete result[key]
  return result
}
const staysText = (line: string, dialect: Dialect = 'todo') =>
  assert.deepEqual(read(line, dialect), { title: line })
const refused = (line: string): AppError => {
  try {
    return assert.fail(JSON.stringify(read(line)))
  } catch (error) {
    assert.equal((error as AppError).code, 'invalid', String(error))
    return error as AppError
  }
}

test('Marks are taken out of the title wherever they stand, from many arguments and from one quoted line', () => {
  const line = '+home Pay due:fri rent project:house pri:H remind:2h every:month'
  const expected = {
    title: 'Pay rent',
    tags: ['home'],
    due: { date: '2026-11-27' },
    project: 'house',
    priority: 'high',
    remind: ['2h'],
    every: 'month',
  }
  assert.deepEqual(read(line), expected)
  assert.deepEqual(read([line]), expected)
})

test('Every spelling of a priority is read, and 1 is the highest', () => {
  const spellings = {
    critical: 'p1 pri:1 pri:C priority:critical',
    high: 'p2 pri:2 pri:H pri:High',
    low: 'p4 pri:l',
  }
  for (const [name, words] of Object.entries(spellings))
    for (const word of words.split(' ')) assert.equal(read(`x ${word}`).priority, name, word)
  assert.match(refused('x pri:hihg').hint!, /Did you mean high\?/)
  assert.match(refused('x pri:urgent').hint!, /low, medium, high, critical/)
})

test('A project is read by each of its names', () => {
  for (const word of ['project:ops.db', 'proj:ops.db', 'pro:ops.db'])
    assert.equal(read(`x ${word}`).project, 'ops.db')
})

test('A due date takes the words that belong to it and leaves the title the rest', () => {
  const cases: Record<string, [string, string]> = {
    'call due:fri 17:00 mum': ['call mum', '2026-11-27T17:00:00.000Z'],
    'call due:tomorrow at 5pm mum': ['call mum', '2026-11-22T17:00:00.000Z'],
    'call due:next friday mum': ['call mum', '2026-11-27'],
    'call due:in 3 days mum': ['call mum', '2026-11-24'],
    'call due:3rd of march mum': ['call mum', '2027-03-03'],
    'buy due:mar 3 eggs': ['buy eggs', '2027-03-03'],
    'buy due:fri 3 eggs': ['buy 3 eggs', '2026-11-27'],
    'write due:fri 1st draft': ['write 1st draft', '2026-11-27'],
    'go due:tomorrow on foot': ['go on foot', '2026-11-22'],
    'x due: friday': ['x', '2026-11-27'],
    'x due:2026-12-01T17:00': ['x', '2026-12-01T17:00:00.000Z'],
    'x due:eom-2d +a': ['x', '2026-11-28'],
  }
  for (const [line, [title, value]] of Object.entries(cases)) {
    const { due, ...result } = read(line)
    assert.deepEqual([result.title, 'date' in due! ? due.date : due?.at], [title, value], line)
  }
})

test('A bad date refuses, with the word that was meant', () => {
  const error = refused('x due:tomorow')
  assert.equal(error.hint, 'Did you mean tomorrow?')
  assert.equal(error.fields[0]?.pointer, '/due')
  refused('x due:blurb')
  refused('x due:2026-02-30')
})

test('All faults of a line are told at once, each with its own way out', () => {
  const { fields, message } = refused('x due:tomorow pri:hihg remind:soon')
  assert.deepEqual(
    fields.map(({ pointer }) => pointer),
    ['/due', '/priority', '/remind'],
  )
  assert.match(message, /did you mean tomorrow\?; "hihg" is not a priority; did you mean high\?/)
})

test('A second date, project, priority or rule is refused instead of one of them being lost', () => {
  for (const line of ['x due:fri due:mon', 'x project:a pro:b', 'x p1 and p2', 'x every day every week'])
    assert.match(refused(line).hint!, /`--`/, line)
})

test('Words that only resemble a mark stay text, silently', () => {
  staysText('learn C++ and a+b at 10:30')
  staysText('see http://example.org/x?y:z and std::vector')
  staysText('+1 vote for +49 30 123 and ++ and + and +=')
  staysText('Re: open localhost:3000 or C:\\dir')
  staysText('fix #12 @ work - now / or'.replace(' / or', '/or'))
  staysText('Project: plan, Note: p5 p0 1:1')
  staysText('thank every one and every vote, Every day counts')
})

test('An unknown or misspelt mark stays text with a warning that names the right one', () => {
  assert.deepEqual(read('x prooject:y'), {
    title: 'x prooject:y',
    warnings: ['"prooject:y" stays text, did you mean project:?'],
  })
  assert.deepEqual(read('x Due:fri').warnings, ['"Due:fri" stays text, did you mean due:?'])
  assert.deepEqual(read('x wait:fri').warnings, [
    '"wait:fri" stays text; there is no mark wait: here, write due: with remind: for when to be told',
  ])
  assert.deepEqual(read('x due:').warnings, ['"due:" stays text, since nothing stands behind it'])
  assert.deepEqual(read('x P1').warnings, ['"P1" stays text; the priorities are p1 (critical) to p4 (low)'])
})

test('Marks of other tools are told what to write here', () => {
  assert.deepEqual(read(['(A) ring @phone +house']), {
    title: '(A) ring @phone',
    tags: ['house'],
    warnings: [
      '"(A)" stays text; write pri:critical, or `todo config set dialect todotxt`',
      '"@phone" stays text; write +phone for a tag',
    ],
  })
  assert.deepEqual(read(['ring mum tomorrow 5pm p1 #Home']).warnings, [
    '"#Home" stays text; write project:Home for a project',
    `"tomorrow 5pm" stays text; write due:'tomorrow 5pm' for a due date`,
  ])
  assert.deepEqual(read('meet @noon').warnings, ['"@noon" stays text; write due:noon for a due date'])
})

test('Tags begin with a letter or a pictograph, once each, and lose a comma behind them', () => {
  assert.deepEqual(read('x +a, +b; +a tag:c,d +Küche +🏠 +in-box'), {
    title: 'x',
    tags: ['a', 'b', 'c', 'd', 'Küche', '🏠', 'in-box'],
  })
  assert.deepEqual(read('x +a,b').tags, ['a', 'b'])
})

test('Two dashes by themselves end the reading, inside a quoted line they are text', () => {
  assert.deepEqual(read(['Pay', '+home', '--', 'due:fri', '+x', '/', 'y']), {
    title: 'Pay due:fri +x / y',
    tags: ['home'],
  })
  assert.deepEqual(read(['this -- that']), { title: 'this -- that' })
  assert.deepEqual(read(['--', '-5 degrees']), { title: '-5 degrees' })
})

test('A slash by itself begins the note, which is kept word for word', () => {
  assert.deepEqual(read(['Pay rent due:fri / ask Ann  +1, http://x / y']), {
    title: 'Pay rent',
    due: { date: '2026-11-27' },
    note: 'ask Ann  +1, http://x / y',
  })
})

test('White space inside a title is kept', () => {
  assert.equal(read(['a  b   +x  c']).title, 'a  b  c')
})

test('Lead times are listed, repeated or none, and a bad one is refused', () => {
  assert.deepEqual(read('x remind:1d,2h remind:30min').remind, ['1d', '2h', '30m'])
  assert.deepEqual(read('x remind:none').remind, [])
  assert.match(refused('x remind:soon').hint!, /15m, 2h, 1d or 1w/)
})

test('Editing removes tags and clears what an empty mark names', () => {
  assert.deepEqual(read('-home +work due: pri: project: every: remind:', 'todo', true), {
    title: '',
    tags: ['work'],
    removedTags: ['home'],
    due: null,
    priority: null,
    project: null,
    every: null,
    remind: null,
  })
  assert.deepEqual(read('due: New title', 'todo', true), { title: 'New title', due: null })
  assert.deepEqual(read('-5 -home'), { title: '-5 -home' })
})

test('The dialect of todo.txt has its own marks', () => {
  assert.deepEqual(read(['(A) pay rent +home @bills due:2026-03-01 rec:+1m'], 'todotxt'), {
    title: 'pay rent',
    tags: ['bills'],
    project: 'home',
    priority: 'critical',
    due: { date: '2026-03-01' },
    every: '1m',
  })
  assert.equal(read('x rec:1w', 'todotxt').every, 'every! 1w')
  assert.deepEqual(
    ['(B)', '(C)', '(D)', '(Z)'].map((letter) => read(`${letter} x`, 'todotxt').priority),
    ['high', 'medium', 'low', 'low'],
  )
  staysText('see (A) and x@y.org', 'todotxt')
})

test('The dialect of Todoist has its own marks and takes a date at the end', () => {
  assert.deepEqual(read(['ring mum tomorrow 5pm p1 #Home @bills'], 'todoist'), {
    title: 'ring mum',
    tags: ['bills'],
    project: 'Home',
    priority: 'critical',
    due: { at: '2026-11-22T17:00:00.000Z' },
  })
  assert.equal(read('pay rent every 1st p1 #Home', 'todoist').every, '1st')
  staysText('read chapter 3', 'todoist')
  staysText('watch the sun', 'todoist')
  staysText('give +Anna the keys', 'todoist')
  staysText('tomorrow', 'todoist')
})

test('Whatever is typed is read or refused with a hint, and no word is lost from a title without marks', () => {
  const piece = fc.constantFrom(
    '+',
    '-',
    '#',
    '@',
    ':',
    '/',
    '--',
    'due',
    'due:',
    'every',
    '!',
    '3',
    'fri',
    'p1',
    'x',
    ' ',
  )
  const arg = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
  const dialect = fc.constantFrom<Dialect>('todo', 'todotxt', 'todoist')
  fc.assert(
    fc.property(fc.array(arg, { maxLength: 6 }), dialect, fc.boolean(), (args, which, edit) => {
      try {
        parseQuickAdd(args, { now, timeZone: 'UTC', dialect: which, edit })
      } catch (error) {
        assert.equal((error as AppError).code, 'invalid', String(error))
        assert.ok((error as AppError).hint ?? (error as AppError).fields.length > 1)
      }
    }),
    { numRuns: 1_000 },
  )
  const plain = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(plain, (words) => {
      if (!words.includes('every')) assert.equal(read(words).title, words.join(' '))
    }),
  )
})
