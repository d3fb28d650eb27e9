import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TaskRecordInput } from '../../shared/api/transfer.ts'
import { exported, readRecords, readText, stored, writeText } from '../../test/support/formats.ts'
import { guessFormat } from './find-format.ts'
import { ical } from './ical.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { taskwarrior } from './taskwarrior.ts'
import { ruleOfRecur } from './taskwarrior-recur.ts'

const asTask = (record: unknown) => record as TaskRecordInput

test('Taskwarrior: what it says of a task is understood, the rest kept', async () => {
  const theirs = {
    id: 1,
    uuid: 'd67fce70-c0b6-43c5-affc-a21e64567d40',
    description: 'Pay  rent',
    status: 'pending',
    urgency: 9,
    priority: 'H',
    project: 'home.money',
    tags: ['bills'],
    due: '20261130T230000Z',
    entry: '20260101T101112Z',
    start: '20261101T000000Z',
    annotations: [{ entry: '20260102T000000Z', description: 'ask' }],
    wait: '20261120T000000Z',
    estimate: 3,
  }
  const [record] = await readRecords(taskwarrior, JSON.stringify([theirs]))
  const task = asTask(record)
  assert.deepEqual(
    [
      task.uid,
      task.title,
      task.status,
      task.priority,
      task.project,
      task.tags,
      task.due_date,
      task.description,
    ],
    [theirs.uuid, 'Pay rent', 'doing', 'high', 'home.money', ['bills'], '2026-12-01', 'ask'],
  )
  const [back] = JSON.parse(await writeText(taskwarrior, [stored(record!)]))
  assert.deepEqual(
    [back.wait, back.estimate, back.annotations, back.due],
    [theirs.wait, 3, theirs.annotations, theirs.due],
  )
})

test('Taskwarrior: deleted ones are left out, recurring ones become rules with their tasks', async () => {
  const parent = {
    uuid: '00000000-0000-4000-8000-000000000001',
    description: 'Water',
    status: 'recurring',
    recur: '3days',
    due: '20261201T160000Z',
  }
  const child = {
    uuid: '00000000-0000-4000-8000-000000000002',
    description: 'Water',
    status: 'pending',
    parent: parent.uuid,
    due: '20261201T160000Z',
  }
  const gone = { uuid: '00000000-0000-4000-8000-000000000003', description: 'x', status: 'deleted' }
  const [rule, task, ...more] = await readRecords(
    taskwarrior,
    [parent, gone, child].map((one) => JSON.stringify(one)).join('\n'),
  )
  assert.ok('template_title' in rule! && more.length === 0)
  assert.deepEqual([rule.recurrence_pattern, rule.interval, rule.time_zone], ['daily', 3, 'Europe/Berlin'])
  assert.deepEqual(
    [asTask(task).recurring_task_uid, asTask(task).occurrence_at],
    [parent.uuid, '2026-12-01T16:00:00.000Z'],
  )
})

const recurs: [recur: string, pattern: string | undefined, interval?: number | undefined][] = [
  ['weekly', 'weekly', 1],
  ['fortnight', 'weekly', 2],
  ['quarterly', 'monthly', 3],
  ['P2M', 'monthly', 2],
  ['2mo', 'monthly', 2],
  ['3 days', 'daily', 3],
  ['2wks', 'weekly', 2],
  ['1y', 'yearly', 1],
  ['weekdays', 'custom', undefined],
  ['3hours', undefined],
  ['0d', undefined],
]

for (const [recur, pattern, interval] of recurs) {
  test(`Taskwarrior's recur:${recur} means ${pattern ?? 'no rule'}`, () => {
    const rule = ruleOfRecur(recur, { due_date: '2026-12-01' })
    assert.deepEqual([rule?.recurrence_pattern, rule?.interval], [pattern, interval])
  })
}

const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'BEGIN:VTODO', ...lines, 'END:VTODO', 'END:VCALENDAR', ''].join('\r\n')

test('iCalendar: folded lines, zones, alarms and unknown properties', async () => {
  const text = calendar(
    'UID:not-a-uuid@example.org',
    'SUMMARY:A very long summary that was folded in the mid',
    ' dle\\, with a comma',
    'DUE;TZID=America/New_York:20261201T090000',
    'CATEGORIES:a,b c',
    'PRIORITY:2',
    'STATUS:IN-PROCESS',
    'LOCATION;LANGUAGE=en:Room "5"',
    'BEGIN:VALARM',
    'TRIGGER:-PT15M',
    'ACTION:DISPLAY',
    'END:VALARM',
  )
  const [record] = await readRecords(ical, text)
  const task = asTask(record)
  assert.deepEqual(
    [task.title, task.due_at, task.tags, task.priority, task.status, task.reminders],
    [
      'A very long summary that was folded in the middle, with a comma',
      '2026-12-01T14:00:00.000Z',
      ['a', 'b-c'],
      'high',
      'doing',
      ['15m'],
    ],
  )
  const back = await writeText(ical, [stored(record!)])
  assert.match(back, /\r\nUID:not-a-uuid@example\.org\r\n/)
  assert.match(back, /\r\nLOCATION;LANGUAGE=en:Room "5"\r\n/)
  assert.ok(back.split('\r\n').every((line) => Buffer.byteLength(line) <= 75))
})

test('iCalendar: an RRULE becomes a rule and its next task', async () => {
  const [rule, task] = await readRecords(
    ical,
    calendar('UID:x', 'SUMMARY:Rent', 'DUE;VALUE=DATE:20261201', 'RRULE:FREQ=MONTHLY'),
  )
  assert.ok('template_title' in rule!)
  assert.deepEqual(
    [rule.rrule, rule.start, rule.recurrence_pattern],
    ['FREQ=MONTHLY', '2026-12-01', 'custom'],
  )
  assert.deepEqual(
    [asTask(task).recurring_task_uid, asTask(task).occurrence_at],
    [rule.uid, '2026-11-30T23:00:00.000Z'],
  )
  const [fault] = await readText(ical, 'BEGIN:VTODO\nSUMMARY:open\n')
  assert.deepEqual(fault, { line: 1, fault: 'has no END:VTODO' })
})

test('Markdown: lists under headings, marks and notes', async () => {
  const text =
    '# Shopping list\n\nSome words.\n\n- [ ] Milk +dairy !high due:2026-12-01\n  two bottles\n\n  of the good one\n- [x] Bread done:2026-11-20T10:00\n* [/] Cheese\n\n## Tasks\n- [ ] 1 + 1 due:never\n- no task\n'
  const tasks = (await readRecords(markdown, text)).map(asTask)
  assert.deepEqual(
    tasks.map((task) => [task.title, task.status, task.project]),
    [
      ['Milk', 'todo', 'Shopping-list'],
      ['Bread', 'done', 'Shopping-list'],
      ['Cheese', 'doing', 'Shopping-list'],
      ['1 + 1 due:never', 'todo', undefined],
    ],
  )
  assert.deepEqual(
    [tasks[0]!.tags, tasks[0]!.priority, tasks[0]!.due_date],
    [['dairy'], 'high', '2026-12-01'],
  )
  assert.equal(tasks[0]!.description, 'two bottles\n\nof the good one')
  assert.equal(tasks[1]!.completed_at, '2026-11-20T09:00:00.000Z')
  const out = await writeText(markdown, [
    exported({ title: 'Milk', description: 'a\n\nb', project: 'p', tags: [{ name: 'x', color: null }] }),
  ])
  assert.equal(out, '# p\n\n- [ ] Milk +x\n  a\n\n  b\n')
})

test('JSON: what cannot be read is told with its line, the rest is read', async () => {
  const items = await readText(json, '[\n{"title":"a"},\n{"title":},\n3,\n{"title":"b"}]')
  assert.deepEqual(
    items.map((item) =>
      'fault' in item ? [item.line, item.fault.split(':')[0]] : [item.line, asTask(item.record).title],
    ),
    [
      [2, 'a'],
      [3, 'is not JSON'],
      [4, 'is not an object'],
      [5, 'b'],
    ],
  )
})

const guesses: [name: string, beginning: string, format: string][] = [
  ['todo.txt', '', 'todotxt'],
  ['a.ics', '', 'ical'],
  ['x.json', '[{"uuid":"1","description":"x"}]', 'taskwarrior'],
  ['-', '[\n{"title":"x"}]', 'json'],
  ['-', '{"title":"x"}\n', 'ndjson'],
  ['-', 'BEGIN:VCALENDAR', 'ical'],
  ['-', 'id,title\n1,x\n', 'csv'],
  ['-', '# List\n', 'markdown'],
  ['-', '- [ ] x\n', 'markdown'],
  ['-', 'Buy milk, bread\n', 'todotxt'],
]

for (const [name, beginning, format] of guesses) {
  test(`${name} that begins with ${JSON.stringify(beginning)} is ${format}`, () => {
    assert.equal(guessFormat(name, beginning), format)
  })
}
