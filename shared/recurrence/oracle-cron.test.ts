import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Cron } from 'croner'
import fc from 'fast-check'
import { AppError } from '../errors.ts'
import { occurrences, parseRule, type Rule, type RuleFields } from '../recurrence.ts'
import { zoneOf } from './zone.ts'

// Another library as a second opinion. Where it and the laws part, the case stands below with the law;
// docs/recurrence.md lists the same cases.

const ZONES =
  'Europe/Berlin Europe/London America/New_York America/St_Johns America/Havana America/Sao_Paulo Africa/Cairo Africa/Casablanca Asia/Tehran Asia/Beirut Asia/Gaza Australia/Lord_Howe Antarctica/Troll Pacific/Apia Pacific/Chatham UTC'.split(
    ' ',
  )
const CHANGES = ZONES.flatMap((zone) => {
  const changes = zoneOf(zone)!.changes(Date.UTC(1990, 0, 1), Date.UTC(2037, 0, 1))
  return changes.map(({ at }) => ({ zone, at }))
})

function made(fields: Omit<RuleFields, 'recurrence_pattern'>): Rule | null {
  try {
    return parseRule({ recurrence_pattern: 'custom', ...fields })
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

function ours(fields: Omit<RuleFields, 'recurrence_pattern'>, limit: number, after?: number): string[] {
  return occurrences(made(fields)!, { limit, after }).map(({ instant }) => instant)
}

function croner(expression: string, zone: string, after: number, limit: number): string[] {
  const cron = new Cron(expression, { timezone: zone, mode: '5-part', paused: true })
  return cron.nextRuns(limit, new Date(after)).map((date) => date.toISOString())
}

const number = (min: number, max: number) => fc.integer({ min, max })
const listOf = (min: number, max: number) =>
  fc
    .uniqueArray(number(min, max), { minLength: 1, maxLength: 3 })
    .map((list) => list.sort((a, b) => a - b).join())

function cronField(min: number, max: number): fc.Arbitrary<string> {
  return fc.oneof(
    number(min, max).map(String),
    fc.constant('*'),
    number(2, Math.min(max, 12)).map((step) => `*/${step}`),
    listOf(min, max),
    fc.tuple(number(min, max), number(min, max)).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
  )
}

const days = fc.oneof(
  { weight: 3, arbitrary: fc.constant(['*', '*'] as const) },
  fc.tuple(fc.oneof(listOf(1, 31), fc.constant('L')), fc.constantFrom('*', '5L', 'MON#1', '1-5')),
  fc.tuple(fc.constant('*'), fc.oneof(listOf(0, 6), fc.constantFrom('FRI-SUN', '7L', '3#5'))),
)

describe('cron, beside croner', () => {
  const before = number(0, 36 * 60).map((minutes) => minutes * 60_000)
  const hour = fc.oneof(cronField(0, 4), cronField(0, 23))

  test('both agree around every kind of clock change, but for lists of fixed times', () => {
    const property = fc.property(
      fc.constantFrom(...CHANGES),
      before,
      cronField(0, 59),
      hour,
      days,
      (change, earlier, minute, hours, [date, weekday]) => {
        const expression = `${minute} ${hours} ${date} * ${weekday}`
        const rule = made({ cron_expression: expression, time_zone: change.zone })
        if (rule?.cron === null || rule === null || (!rule.cron.subDaily && rule.cron.times.length > 1))
          return
        const after = change.at - earlier
        assert.deepEqual(
          occurrences(rule, { after, limit: 6 }).map(({ instant }) => instant),
          croner(expression, change.zone, after, 6),
        )
      },
    )
    fc.assert(property, { numRuns: 400, seed: 6 })
  })

  test('both agree on every expression where no clock changes', () => {
    const instants = number(Date.UTC(1990, 0, 1), Date.UTC(2040, 0, 1))
    const property = fc.property(
      instants,
      cronField(0, 59),
      cronField(0, 23),
      cronField(1, 12),
      days,
      (after, minute, hours, month, [date, weekday]) => {
        const expression = `${minute} ${hours} ${date} ${month} ${weekday}`
        if (made({ cron_expression: expression, time_zone: 'UTC' }) === null) return
        assert.deepEqual(
          ours({ cron_expression: expression, time_zone: 'UTC' }, 6, after),
          croner(expression, 'UTC', after, 6),
        )
      },
    )
    fc.assert(property, { numRuns: 400, seed: 6 })
  })

  test('law 2: in a list of fixed times each occurs once; croner drops those of a gap and doubles those of an overlap', () => {
    const lists = { cron_expression: '30 1,2 * * *', time_zone: 'Europe/Berlin' }
    const gap = Date.UTC(2026, 2, 29)
    assert.deepEqual(ours(lists, 3, gap), [
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T23:30:00.000Z',
    ])
    assert.deepEqual(croner('30 1,2 * * *', 'Europe/Berlin', gap, 2), [
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T23:30:00.000Z',
    ])
    const overlap = Date.UTC(2026, 9, 25)
    assert.deepEqual(ours(lists, 2, overlap), ['2026-10-25T00:30:00.000Z', '2026-10-26T00:30:00.000Z'])
    assert.deepEqual(croner('30 1,2 * * *', 'Europe/Berlin', overlap, 2), [
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ])
  })

  test('law 4: croner accepts what can be read in two ways, and what never occurs', () => {
    assert.equal(croner('0 0 */2 * MON', 'UTC', 0, 1).length, 1)
    assert.equal(made({ cron_expression: '0 0 */2 * MON', time_zone: 'UTC' }), null)
    assert.equal(croner('0 0 30 2 *', 'UTC', 0, 1).length, 0)
    assert.equal(made({ cron_expression: '0 0 30 2 *', time_zone: 'UTC' }), null)
  })
})
