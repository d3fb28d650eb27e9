import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  afterCompletion,
  latestOccurrence,
  nextOccurrence,
  type Occurrence,
  occurrences,
  parseRule,
  previewRule,
  type RuleFields,
} from '../recurrence.ts'

type Fields = Partial<RuleFields>

function rule(fields: Fields) {
  return parseRule({ recurrence_pattern: 'daily', time_zone: 'Europe/Berlin', ...fields } as RuleFields)
}

function cron(cron_expression: string, fields: Fields = {}) {
  return rule({ recurrence_pattern: 'custom', cron_expression, ...fields })
}

function rrule(text: string, start: string, fields: Fields = {}) {
  return rule({ recurrence_pattern: 'custom', rrule: text, start, ...fields })
}

const locals = (found: readonly Occurrence[]) => found.map(({ local }) => local)

test('a pause of a century is bridged, from wherever the search begins', () => {
  const rare = rrule(
    'FREQ=YEARLY;INTERVAL=36;BYMONTH=4;BYMONTHDAY=-6,27;BYDAY=MO,-1SA;BYSETPOS=-1',
    '1994-01-01T09:00',
  )
  for (const after of ['2030-04-28T00:00:00Z', '2100-01-01T00:00:00Z', '2174-04-24T00:00:00Z']) {
    assert.equal(nextOccurrence(rare, after)?.local, '2174-04-25T09:00')
  }
})

test('rules end with the year 2199, however far the search is sent', () => {
  const daily = rule({ start: '2026-01-01' })
  assert.equal(nextOccurrence(daily, '2199-12-30T12:00:00Z')?.local, '2199-12-31')
  assert.equal(nextOccurrence(daily, 8.64e15), null)
  assert.equal(afterCompletion(daily, 8.64e15), null)
  assert.equal(nextOccurrence(daily, -8.64e15)?.local, '2026-01-01')
  assert.equal(latestOccurrence(daily, 0, 8.64e15)?.local, '2199-12-31')
  assert.equal(latestOccurrence(cron('0 0 29 2 *'), 0, 8.64e15)?.local, '2196-02-29T00:00')
})

describe('beginning and end', () => {
  test('next is strictly after, and the start counts when it matches', () => {
    const daily = rule({ start: '2026-05-01T08:00' })
    assert.equal(nextOccurrence(daily, '2026-05-01T05:59:59.999Z')?.at, '2026-05-01T06:00:00.000Z')
    assert.equal(nextOccurrence(daily, '2026-05-01T06:00:00.000Z')?.at, '2026-05-02T06:00:00.000Z')
    const mondays = rrule('FREQ=WEEKLY;BYDAY=MO', '2026-05-01T08:00')
    assert.equal(nextOccurrence(mondays, '2026-01-01T00:00:00Z')?.local, '2026-05-04T08:00')
  })

  test('a cron rule does not occur before its start', () => {
    const daily = cron('0 8 * * *', { start: '2026-05-01T08:00' })
    assert.equal(nextOccurrence(daily, '2026-01-01T00:00:00Z')?.local, '2026-05-01T08:00')
    const running = cron('*/10 * * * *', { start: '2026-05-01' })
    assert.equal(nextOccurrence(running, '2026-01-01T00:00:00Z')?.local, '2026-05-01T00:00')
  })

  test('until is inclusive as a date, a local time and an instant', () => {
    const end = (until: string) =>
      locals(occurrences(rule({ start: '2026-05-01T08:00', until }), { limit: 9 })).length
    assert.equal(end('2026-05-03'), 3)
    assert.equal(end('2026-05-03T08:00'), 3)
    assert.equal(end('2026-05-03T07:59'), 2)
    assert.equal(end('2026-05-03T06:00:00Z'), 3)
    assert.equal(end('2026-05-03T07:59:59+02:00'), 2)
    assert.equal(
      nextOccurrence(rule({ start: '2026-05-01', until: '2026-05-02' }), '2026-05-02T12:00:00Z'),
      null,
    )
  })

  test('count counts from the start as in RFC 5545, with left-out dates', () => {
    const five = rule({ start: '2026-05-01T08:00', count: 5, exdates: ['2026-05-02'] })
    assert.deepEqual(locals(occurrences(five, { limit: 9 })), [
      '2026-05-01T08:00',
      '2026-05-03T08:00',
      '2026-05-04T08:00',
      '2026-05-05T08:00',
    ])
    assert.equal(nextOccurrence(five, '2026-05-05T06:00:00Z'), null)
    assert.equal(occurrences(rrule('FREQ=DAILY;COUNT=3', '2026-05-01'), { limit: 9 }).length, 3)
  })

  test('count can be judged by what was generated instead', () => {
    const five = rule({ start: '2026-05-01T08:00', count: 5 })
    assert.equal(nextOccurrence(five, '2026-09-01T00:00:00Z', { generated: 4 })?.local, '2026-09-01T08:00')
    assert.equal(nextOccurrence(five, '2026-09-01T00:00:00Z', { generated: 5 }), null)
    assert.equal(occurrences(five, { after: '2026-09-01T00:00:00Z', limit: 9, generated: 3 }).length, 2)
  })

  test('exdates leave out a date, a wall time or one instant', () => {
    const twice = (exdates: string[]) =>
      locals(
        occurrences(cron('0 8,20 * * *', { exdates }), {
          after: '2026-05-01T00:00:00Z',
          to: '2026-05-02T00:00:00Z',
          limit: 9,
        }),
      )
    assert.deepEqual(twice(['2026-05-01']), [])
    assert.deepEqual(twice(['2026-05-01T08:00']), ['2026-05-01T20:00'])
    assert.deepEqual(twice(['2026-05-01T18:00:00Z']), ['2026-05-01T08:00'])
  })

  test('an exdate names what a gap made of a time, or the time itself', () => {
    for (const exdate of ['2026-03-29T02:30', '2026-03-29T03:00']) {
      const found = occurrences(cron('30 2 * * *', { exdates: [exdate] }), {
        after: '2026-03-28T12:00:00Z',
        limit: 1,
      })
      assert.deepEqual(locals(found), ['2026-03-30T02:30'])
    }
  })

  test('a range takes from and leaves to out', () => {
    const daily = rule({ start: '2026-05-01T08:00' })
    const found = occurrences(daily, { from: '2026-05-02T06:00:00Z', to: '2026-05-04T06:00:00Z', limit: 9 })
    assert.deepEqual(locals(found), ['2026-05-02T08:00', '2026-05-03T08:00'])
  })
})

describe('preview', () => {
  test('begins just before the start, and for a cron rule without one at now', () => {
    const daily = rule({ start: '2026-05-01T08:00' })
    const { occurrences: found, warnings } = previewRule(daily, { now: '2030-01-01T00:00:00Z', limit: 1 })
    assert.deepEqual(found, [{ at: '2026-05-01T06:00:00.000Z', local: '2026-05-01T08:00', notes: [] }])
    assert.deepEqual(warnings, [])
    const now = previewRule(cron('0 8 * * *'), { now: '2030-01-01T00:00:00Z', limit: 1 })
    assert.equal(now.occurrences[0]?.local, '2030-01-01T08:00')
  })

  test('warns of what may surprise', () => {
    const warned = (made: ReturnType<typeof rule>) =>
      previewRule(made, { now: 0, limit: 1 }).warnings.join(' ')
    assert.match(warned(cron('0 8 13 * FRI')), /joined with "or"/)
    assert.match(warned(cron('0 8 1-31 * FRI')), /every day/)
    assert.match(warned(cron('0 8 31 * *')), /skipped/)
    assert.match(warned(cron('*/35 * * * *')), /Steps start again/)
    assert.match(
      warned(rule({ recurrence_pattern: 'monthly', start: '2026-01-31' })),
      /day 31 use the last day/,
    )
    assert.match(warned(rrule('FREQ=MONTHLY', '2026-01-30')), /skipped/)
    assert.match(warned(rrule('FREQ=WEEKLY;BYDAY=MO', '2026-05-01')), /first occurrence is on 2026-05-04/)
    assert.equal(warned(cron('0 8 * * MON-FRI')), '')
    assert.equal(warned(cron('*/15 9-17 * * *')), '')
  })
})
