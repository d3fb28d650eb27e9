import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../errors.ts'
import { parseRule, type RuleFields } from '../recurrence.ts'

const base: RuleFields = {
  recurrence_pattern: 'daily',
  time_zone: 'Europe/Berlin',
  start: '2026-05-01T08:00',
}

function faults(fields: Record<string, unknown>): string[] {
  try {
    parseRule({ ...base, ...fields } as RuleFields)
    return []
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    return error.fields.map(({ pointer, code }) => `${pointer} ${code}`)
  }
}

const CASES: [title: string, fields: Record<string, unknown>, expected: string[]][] = [
  ['an unknown pattern', { recurrence_pattern: 'sometimes' }, ['/recurrence_pattern invalid']],
  ['a custom rule without an expression', { recurrence_pattern: 'custom' }, ['/cron_expression required']],
  [
    'a custom rule with two expressions',
    { recurrence_pattern: 'custom', cron_expression: '@daily', rrule: 'FREQ=DAILY' },
    ['/rrule conflict'],
  ],
  ['an expression beside a simple pattern', { cron_expression: '@daily' }, ['/cron_expression conflict']],
  [
    'an interval beside an expression',
    { recurrence_pattern: 'custom', cron_expression: '@daily', interval: 2 },
    ['/interval conflict'],
  ],
  ['an unknown zone', { time_zone: 'Mars/Olympus' }, ['/time_zone unknown_zone']],
  ['an offset for a zone', { time_zone: '+02:00' }, ['/time_zone unknown_zone']],
  ['an interval of nought', { interval: 0 }, ['/interval out_of_range']],
  ['an interval of one and a half', { interval: 1.5 }, ['/interval out_of_range']],
  ['no start', { start: null }, ['/start required']],
  ['a start with an offset', { start: '2026-05-01T08:00Z' }, ['/start invalid']],
  ['a start that does not exist', { start: '2026-02-30' }, ['/start invalid']],
  ['a start before 1900', { start: '1899-12-31' }, ['/start invalid']],
  ['an until that is no date', { until: 'soon' }, ['/until invalid']],
  ['an until before the first occurrence', { until: '2026-04-30' }, ['/until ends_before_start']],
  ['a count of nought', { count: 0 }, ['/count out_of_range']],
  ['an exdate that is no date', { exdates: ['2026-05-02', 'x'] }, ['/exdates/1 invalid']],
  ['too many exdates', { exdates: Array(1001).fill('2026-05-02') }, ['/exdates too_long']],
  ['an unknown policy', { month_day_policy: 'guess' }, ['/month_day_policy invalid']],
  ['an unknown anchor', { anchor: 'moon' }, ['/anchor invalid']],
  [
    'hours after completion',
    { recurrence_pattern: 'custom', rrule: 'FREQ=HOURLY', anchor: 'completion' },
    ['/anchor conflict'],
  ],
  [
    'times in an all-day rule',
    { recurrence_pattern: 'custom', rrule: 'FREQ=DAILY;BYHOUR=9', all_day: true },
    ['/all_day conflict'],
  ],
  [
    'several faults, all at once',
    { time_zone: 'x', interval: 0, start: 'x', until: 'x', count: 0 },
    [
      '/time_zone unknown_zone',
      '/start invalid',
      '/interval out_of_range',
      '/until invalid',
      '/count out_of_range',
    ],
  ],
]

for (const [title, fields, expected] of CASES) {
  test(`${title} is refused by its field`, () => assert.deepEqual(faults(fields), expected))
}

test('a rule is all-day when its start is a date and it names no time', () => {
  const allDay = (fields: Partial<RuleFields>) => parseRule({ ...base, ...fields }).allDay
  assert.equal(allDay({}), false)
  assert.equal(allDay({ start: '2026-05-01' }), true)
  assert.equal(allDay({ start: '2026-05-01', all_day: false }), false)
  assert.equal(allDay({ all_day: true }), true)
  const custom = { recurrence_pattern: 'custom', start: '2026-05-01' } as const
  assert.equal(allDay({ ...custom, cron_expression: '0 9 * * *' }), false)
  assert.equal(allDay({ ...custom, cron_expression: '0 9 * * *', all_day: true }), true)
  assert.equal(allDay({ ...custom, rrule: 'FREQ=WEEKLY' }), true)
  assert.equal(allDay({ ...custom, rrule: 'FREQ=WEEKLY;BYHOUR=9' }), false)
})

test('a rule whose dates are all left out is still a rule: skipping must not break a template', () => {
  assert.deepEqual(faults({ until: '2026-05-02', exdates: ['2026-05-01', '2026-05-02'] }), [])
})

test('an end far beyond the years of rules is taken as no end', () => {
  assert.deepEqual(faults({ until: '9999-12-31' }), [])
})
