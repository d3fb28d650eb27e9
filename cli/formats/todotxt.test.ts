import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ExportedTask } from '../../shared/api/transfer.ts'
import { exported, readRecords, stored, writeText } from '../../test/support/formats.ts'
import { todotxt } from './todotxt.ts'

const task = async (line: string) => (await readRecords(todotxt, line)).find((one) => 'title' in one)!

const readings: [line: string, fields: object][] = [
  [
    '(A) 2026-01-02 Call Mum +Family @phone',
    { title: 'Call Mum', priority: 'critical', project: 'Family', tags: ['phone'] },
  ],
  ['(B) x', { title: 'x', priority: 'high', status: 'todo' }],
  ['(C) x', { priority: 'medium' }],
  ['x', { title: 'x', priority: 'medium', status: 'todo' }],
  ['(Z) x', { priority: 'low' }],
  [
    'x 2026-02-03 2026-01-02 Ring pri:A',
    { title: 'Ring', status: 'done', priority: 'critical', completed_at: '2026-02-02T23:00:00.000Z' },
  ],
  ['xylophone lesson', { title: 'xylophone lesson', status: 'todo' }],
  ['X done in capitals', { title: 'X done in capitals', status: 'todo' }],
  ['a +one b +two @c @C', { title: 'a b +two @C', project: 'one', tags: ['c'] }],
  ['mail me@home 1+1 =2', { title: 'mail me@home 1+1 =2', tags: [], project: null }],
  ['due:2026-12-01 pay t:2026-11-01', { title: 'pay t:2026-11-01', due_date: '2026-12-01' }],
  ['due:2026-13-01 pay', { title: 'due:2026-13-01 pay' }],
  ['call due:2026-12-01T17:00', { title: 'call', due_at: '2026-12-01T16:00:00.000Z' }],
  ['+only @marks', { title: '+only @marks', project: 'only', tags: ['marks'] }],
  ['write status:doing', { title: 'write', status: 'doing' }],
]

for (const [line, fields] of readings) {
  test(`the line ${line}`, async () => {
    const read = (await task(line)) as Record<string, unknown>
    for (const [name, value] of Object.entries(fields)) assert.deepEqual(read[name], value, name)
  })
}

const file = [
  '(A) Thank Mum for the meatballs @phone\r\n',
  '\n   \n(B) Schedule Goodwill pickup +GarageSale @phone  key:value \n',
  "x 2011-03-02 2011-03-01 Review Tim's pull request +TodoTxtTouch @github pri:C\n",
  '  indented  +a +b @c  double  spaces\n',
  'same\nsame\n',
  'water due:2026-12-01 rec:+1w @home\n',
  'no end of line  \n\n\n',
].join('')

test('a file comes back byte for byte, also without an end of its last line', async () => {
  for (const text of [file, file.trimEnd(), '\n\nx\n', 'a', '\ufeffa\n']) {
    const records = (await readRecords(todotxt, text, 3)).map(stored)
    assert.equal(await writeText(todotxt, records), text)
  }
})

test('any text with a task in it comes back byte for byte', async () => {
  const word = fc.oneof(
    fc.constantFrom(
      'x',
      '(A)',
      '2026-01-02',
      '+p',
      '@t',
      'due:2026-12-01',
      'pri:B',
      'rec:1m',
      'status:doing',
      'k:v',
      '',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replace(/[\r\n]/g, '')),
  )
  const line = fc
    .tuple(fc.array(word, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'))
    .map(([words, end]) => words.join(' ') + end)
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
      const text = lines.join('')
      const records = (await readRecords(todotxt, text)).map(stored)
      const written = await writeText(todotxt, records)
      assert.equal(written, text.trim() === '' ? '' : text)
    }),
    { numRuns: 300 },
  )
})

test('the same file gives the same uids, and equal lines different ones', async () => {
  const uids = async () => (await readRecords(todotxt, file)).map((record) => record.uid)
  assert.deepEqual(await uids(), await uids())
  assert.equal(new Set(await uids()).size, (await uids()).length)
})

const changes: [line: string, change: Partial<ExportedTask>, after: string][] = [
  [
    '(A) 2026-01-02 Call +Family @phone k:v',
    { status: 'done', completed_at: '2026-11-21T10:00:00.000Z' },
    'x 2026-11-21 2026-01-02 Call +Family @phone k:v pri:A',
  ],
  ['x 2026-02-03 2026-01-02 Ring @a pri:B', { status: 'todo', completed_at: null }, '(B) 2026-01-02 Ring @a'],
  [
    'Call +Family @phone k:v @old',
    {
      tags: [
        { name: 'phone', color: null },
        { name: 'new', color: null },
      ],
    },
    'Call +Family @phone k:v @new',
  ],
  ['Call +Family now', { project: 'work' }, 'Call +work now'],
  ['Call due:2026-12-01 now', { due_date: null }, 'Call now'],
  ['Call now', { due_date: '2026-12-05', priority_id: 4 }, '(A) Call now due:2026-12-05'],
  ['(D) Call', { priority_id: 2 }, 'Call'],
  ['Call +a', { title: 'Ring' }, '2026-01-02 Ring +a'],
]

for (const [line, change, after] of changes) {
  test(`of ${line} only what changed is written anew: ${after}`, async () => {
    const before = stored(await task(line)) as ExportedTask
    assert.equal(await writeText(todotxt, [{ ...before, ...change }]), after)
  })
}

test('what was made elsewhere follows on a line of its own', async () => {
  const first = stored(await task('no end'))
  assert.equal(await writeText(todotxt, [first, exported({ title: 'New' })]), 'no end\n2026-01-02 New\n')
})

test('rec: becomes a rule, after completion or strictly', async () => {
  const [rule, water] = await readRecords(todotxt, '(B) Water due:2026-12-01 rec:2w @home\n')
  assert.ok('template_title' in rule! && 'title' in water!)
  assert.deepEqual(
    [rule.recurrence_pattern, rule.interval, rule.anchor, rule.start, rule.tags],
    ['weekly', 2, 'completion', '2026-12-01', ['home']],
  )
  assert.deepEqual([water.recurring_task_uid, water.occurrence_at], [rule.uid, '2026-11-30T23:00:00.000Z'])
  const [strict] = await readRecords(todotxt, 'Pay due:2026-12-01 rec:+1m')
  assert.ok('template_title' in strict!)
  assert.deepEqual([strict.anchor, strict.recurrence_pattern], ['schedule', 'monthly'])
})
