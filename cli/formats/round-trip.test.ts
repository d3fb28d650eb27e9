import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExportedTemplate } from '../../shared/api/transfer.ts'
import { exported, readRecords, stored, writeText } from '../../test/support/formats.ts'
import { csv } from './csv.ts'
import type { Format, Outgoing } from './format.ts'
import { ical } from './ical.ts'
import { json, ndjson } from './json.ts'
import { taskwarrior } from './taskwarrior.ts'

const template: ExportedTemplate = {
  uid: '00000000-0000-8000-9000-000000000009',
  template_title: 'Rent',
  template_description: 'a, "b"\nc',
  recurrence_pattern: 'monthly',
  interval: 2,
  cron_expression: null,
  rrule: null,
  until: null,
  count: null,
  time_zone: 'Europe/Berlin',
  start: '2026-01-31T09:00',
  all_day: false,
  exdates: [],
  generated: 3,
  missed: 0,
  month_day_policy: 'clamp',
  catch_up: 'latest',
  overlap: 'allow',
  anchor: 'schedule',
  create_ahead: null,
  priority_id: 3,
  tags: ['home'],
  project: 'house',
  reminders: ['1d'],
  is_active: true,
  extra: null,
  next_occurrence: '2026-12-31T08:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
}

const records: Outgoing[] = [
  template,
  exported({
    title: 'Pay, "rent"; über 🏠',
    description: 'one\n\n  two, \\n "x"',
    tags: [
      { name: 'a', color: null },
      { name: 'bé', color: null },
    ],
  }),
  exported({
    uid: '00000000-0000-8000-8000-000000000002',
    status: 'done',
    completed_at: '2026-02-03T04:05:06.000Z',
    priority_id: 4,
    reminders: [],
  }),
  exported({
    uid: '00000000-0000-8000-8000-000000000003',
    due_date: '2026-12-01',
    project: 'work.api',
    priority_id: 1,
    reminders: ['2h', '1w'],
  }),
  exported({
    uid: '00000000-0000-8000-8000-000000000004',
    due_at: '2026-12-31T08:00:00.000Z',
    priority_id: 3,
    recurring_task_uid: template.uid,
    occurrence_at: '2026-12-31T08:00:00.000Z',
  }),
  exported({
    uid: '00000000-0000-8000-8000-000000000005',
    title: 'x'.repeat(200),
    description: 'long '.repeat(100).trim(),
  }),
]

const lossless: [name: string, format: Format][] = [
  ['json', json],
  ['ndjson', ndjson],
  ['csv', csv],
  ['taskwarrior', taskwarrior],
  ['ical', ical],
]

for (const [name, format] of lossless) {
  test(`${name} that was read writes the same again, whatever pieces it comes in`, async () => {
    const text = await writeText(format, records)
    for (const size of [1, 7, 65_536]) {
      const again = (await readRecords(format, text, size)).map(stored)
      assert.equal(await writeText(format, again), text)
    }
  })

  test(`${name} of nothing is read as nothing`, async () => {
    assert.deepEqual(await readRecords(format, await writeText(format, [])), [])
  })
}

test('a CSV file may have the columns of other programs, and keeps those that are not ours', async () => {
  const text =
    'Name,Labels,Due Date,Effort,Priority,Completed\r\n"Buy\n""milk""",shop; home,2026-12-01,3,H,\r\nDone,,,,,2026-01-01T10:00:00Z\r\n'
  const [milk, done] = await readRecords(csv, text)
  const { uid, ...task } = milk as { uid: string }
  assert.match(uid, /^[0-9a-f-]{36}$/)
  assert.deepEqual(task, {
    title: 'Buy "milk"',
    priority: 'high',
    tags: ['shop', 'home'],
    due_date: '2026-12-01',
    extra: { csv: { effort: '3' } },
  } as object)
  assert.ok(done && 'title' in done)
  assert.deepEqual([done.title, done.status], ['Done', 'done'])
})

test('the API, a list and hand-written JSON are all read, and what is unknown is kept', async () => {
  const api = {
    id: 7,
    user_id: 'cfb5eb4f-5983-4e96-b647-5f0a7f8c1d22',
    title: 'a',
    tags: [{ id: 1, name: 'x', color: null }],
    priority: { id: 4, name: 'Critical' },
    version: 3,
    estimate: 5,
  }
  const [task] = await readRecords(json, JSON.stringify([api]))
  assert.deepEqual(task, {
    title: 'a',
    tags: [{ name: 'x', color: null }],
    priority: 'critical',
    uid: 'cfb5eb4f-5983-8e96-8647-000000000007',
    extra: { json: { estimate: 5 } },
  } as object)
  const [plain] = await readRecords(json, '{"title":"b","tags":["y"],"priority":"High"}')
  assert.deepEqual([plain!.priority, plain!.tags], ['high', ['y']])
  const [out] = JSON.parse(
    await writeText(json, [exported({ extra: { json: { estimate: 5 }, csv: { a: 'b' } } })]),
  )
  assert.deepEqual([out.estimate, out.extra], [5, { csv: { a: 'b' } }])
})
