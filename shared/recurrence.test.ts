import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nextOccurrence, type Occurrence, occurrences, parseRule, type RuleFields } from './recurrence.ts'

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
const shown = (found: readonly Occurrence[]) =>
  found.map(({ at, local, notes }) => [at, local, ...notes].join(' '))

describe('wall time and clock changes', () => {
  test('daily 08:00 stays 08:00 over both changes', () => {
    const daily = rule({ start: '2026-01-01T08:00' })
    assert.deepEqual(shown(occurrences(daily, { after: '2026-03-28T00:00:00Z', limit: 2 })), [
      '2026-03-28T07:00:00.000Z 2026-03-28T08:00',
      '2026-03-29T06:00:00.000Z 2026-03-29T08:00',
    ])
    assert.deepEqual(shown(occurrences(daily, { after: '2026-10-24T00:00:00Z', limit: 2 })), [
      '2026-10-24T06:00:00.000Z 2026-10-24T08:00',
      '2026-10-25T07:00:00.000Z 2026-10-25T08:00',
    ])
  })

  test('a fixed time in a gap occurs once, at the first valid minute after it', () => {
    assert.deepEqual(shown(occurrences(cron('30 2 * * *'), { after: '2026-03-28T12:00:00Z', limit: 2 })), [
      '2026-03-29T01:00:00.000Z 2026-03-29T03:00 gap_shifted',
      '2026-03-30T00:30:00.000Z 2026-03-30T02:30',
    ])
  })

  test('several fixed times of one gap are one instant, and a time that is its end needs no note', () => {
    const found = occurrences(cron('10,20 2 * * *'), { after: '2026-03-28T12:00:00Z', limit: 2 })
    assert.deepEqual(locals(found), ['2026-03-29T03:00', '2026-03-30T02:10'])
    const both = occurrences(cron('0 2,3 * * *'), { after: '2026-03-28T12:00:00Z', limit: 2 })
    assert.deepEqual(shown(both), [
      '2026-03-29T01:00:00.000Z 2026-03-29T03:00',
      '2026-03-30T00:00:00.000Z 2026-03-30T02:00',
    ])
  })

  test('a fixed time in an overlap occurs once, at the first copy', () => {
    const daily = cron('30 2 * * *')
    assert.deepEqual(shown(occurrences(daily, { after: '2026-10-24T12:00:00Z', limit: 2 })), [
      '2026-10-25T00:30:00.000Z 2026-10-25T02:30 first_of_two',
      '2026-10-26T01:30:00.000Z 2026-10-26T02:30',
    ])
    // A base inside the second copy goes on to the next day.
    assert.equal(nextOccurrence(daily, '2026-10-25T01:10:00Z')?.local, '2026-10-26T02:30')
  })

  test('sub-daily patterns follow elapsed time: every copy, nothing for the gap', () => {
    const hourly = occurrences(cron('0 * * * *'), { after: '2026-10-24T23:00:00Z', limit: 4 })
    assert.deepEqual(shown(hourly), [
      '2026-10-25T00:00:00.000Z 2026-10-25T02:00',
      '2026-10-25T01:00:00.000Z 2026-10-25T02:00',
      '2026-10-25T02:00:00.000Z 2026-10-25T03:00',
      '2026-10-25T03:00:00.000Z 2026-10-25T04:00',
    ])
    const gap = occurrences(cron('*/30 2 * * *'), { after: '2026-03-28T12:00:00Z', limit: 1 })
    assert.deepEqual(locals(gap), ['2026-03-30T02:00'])
  })

  test('all 24 hours written out are every hour; a step that leaves one value is a fixed time', () => {
    const written = occurrences(cron('30 0-23 * * *'), { after: '2026-10-25T00:00:00Z', limit: 2 })
    assert.deepEqual(locals(written), ['2026-10-25T02:30', '2026-10-25T02:30'])
    const single = occurrences(cron('*/60 2 * * *'), { after: '2026-03-28T12:00:00Z', limit: 1 })
    assert.deepEqual(shown(single), ['2026-03-29T01:00:00.000Z 2026-03-29T03:00 gap_shifted'])
  })

  test('an RRULE of hours counts elapsed hours from its start', () => {
    const found = occurrences(rrule('FREQ=HOURLY;INTERVAL=6', '2026-10-24T19:00'), { limit: 3 })
    assert.deepEqual(shown(found), [
      '2026-10-24T17:00:00.000Z 2026-10-24T19:00',
      '2026-10-24T23:00:00.000Z 2026-10-25T01:00',
      '2026-10-25T05:00:00.000Z 2026-10-25T06:00',
    ])
  })

  test('Lord Howe changes by half an hour', () => {
    const fields = { time_zone: 'Australia/Lord_Howe' }
    assert.deepEqual(
      shown(occurrences(cron('15 2 * * *', fields), { after: '2026-10-03T00:00:00Z', limit: 2 })),
      ['2026-10-03T15:30:00.000Z 2026-10-04T02:30 gap_shifted', '2026-10-04T15:15:00.000Z 2026-10-05T02:15'],
    )
    assert.deepEqual(
      locals(occurrences(cron('*/30 * * * *', fields), { after: '2026-04-04T14:00:00Z', limit: 4 })),
      ['2026-04-05T01:30', '2026-04-05T01:30', '2026-04-05T02:00', '2026-04-05T02:30'],
    )
  })

  test('a date that the zone leaves out has no instance, timed or all-day', () => {
    const zone = { time_zone: 'Pacific/Apia' }
    const timed = rule({ ...zone, start: '2011-12-29T10:00' })
    assert.deepEqual(locals(occurrences(timed, { limit: 2 })), ['2011-12-29T10:00', '2011-12-31T10:00'])
    const allDay = rule({ ...zone, start: '2011-12-29' })
    assert.deepEqual(locals(occurrences(allDay, { limit: 2 })), ['2011-12-29', '2011-12-31'])
  })

  test('an all-day rule is a date without a time; its key is the first instant of that date', () => {
    const weekly = rule({ recurrence_pattern: 'weekly', start: '2026-10-23' })
    assert.deepEqual(occurrences(weekly, { limit: 2 }), [
      { instant: '2026-10-22T22:00:00.000Z', at: null, local: '2026-10-23', notes: [] },
      { instant: '2026-10-29T23:00:00.000Z', at: null, local: '2026-10-30', notes: [] },
    ])
  })
})

describe('months and years', () => {
  const monthly = (fields: Fields) => rule({ recurrence_pattern: 'monthly', ...fields })

  test('clamp goes to the end of short months and returns to the day of the start', () => {
    const found = occurrences(monthly({ start: '2026-01-31T08:00' }), { limit: 4 })
    assert.deepEqual(shown(found), [
      '2026-01-31T07:00:00.000Z 2026-01-31T08:00',
      '2026-02-28T07:00:00.000Z 2026-02-28T08:00 clamped',
      '2026-03-31T06:00:00.000Z 2026-03-31T08:00',
      '2026-04-30T06:00:00.000Z 2026-04-30T08:00 clamped',
    ])
  })

  test('skip leaves short months out, last always takes the last day', () => {
    const skip = monthly({ start: '2026-01-31', month_day_policy: 'skip' })
    assert.deepEqual(locals(occurrences(skip, { limit: 3 })), ['2026-01-31', '2026-03-31', '2026-05-31'])
    const last = monthly({ start: '2026-01-15', month_day_policy: 'last' })
    assert.deepEqual(locals(occurrences(last, { limit: 3 })), ['2026-01-31', '2026-02-28', '2026-03-31'])
  })

  test('29 February yearly: 28 February in other years, or leap years only', () => {
    const yearly = (fields: Fields) => rule({ recurrence_pattern: 'yearly', start: '2024-02-29', ...fields })
    assert.deepEqual(locals(occurrences(yearly({}), { limit: 5 })), [
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ])
    const skip = yearly({ month_day_policy: 'skip' })
    assert.deepEqual(locals(occurrences(skip, { after: '2090-01-01T00:00:00Z', limit: 3 })), [
      '2092-02-29',
      '2096-02-29',
      '2104-02-29',
    ])
  })

  test('the phase of an interval counts from the start, wherever the search begins', () => {
    const weeks = rule({ recurrence_pattern: 'weekly', interval: 2, start: '2026-01-05T09:00' })
    assert.equal(nextOccurrence(weeks, '2026-01-06T00:00:00Z')?.local, '2026-01-19T09:00')
    assert.equal(nextOccurrence(weeks, '2026-01-13T00:00:00Z')?.local, '2026-01-19T09:00')
    const months = rule({ recurrence_pattern: 'monthly', interval: 5, start: '2026-01-31' })
    assert.deepEqual(locals(occurrences(months, { after: '2026-07-01T12:00:00Z', limit: 3 })), [
      '2026-11-30',
      '2027-04-30',
      '2027-09-30',
    ])
  })
})
