import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AppError } from '../errors.ts'
import {
  latestOccurrence,
  nextOccurrence,
  occurrences,
  parseRule,
  type Rule,
  type RuleFields,
} from '../recurrence.ts'
import {
  DAY_MS,
  daysInMonth,
  formatDay,
  formatWall,
  MINUTE_MS,
  MINUTES_PER_DAY,
  parseLocal,
} from './civil.ts'
import { resolveWall } from './wall-time.ts'
import { zoneOf } from './zone.ts'

const ZONES = `Europe/Berlin Europe/London Europe/Dublin Europe/Istanbul America/New_York America/Los_Angeles
  America/St_Johns America/Havana America/Sao_Paulo America/Santiago America/Asuncion America/Caracas America/Nuuk
  America/Scoresbysund Africa/Cairo Africa/Casablanca Asia/Tehran Asia/Beirut Asia/Gaza Asia/Amman Asia/Kolkata
  Asia/Kathmandu Asia/Pyongyang Australia/Sydney Australia/Lord_Howe Antarctica/Troll Pacific/Apia
  Pacific/Auckland Pacific/Chatham UTC`.split(/\s+/)

const FROM = Date.UTC(1990, 0, 1)
const TO = Date.UTC(2040, 0, 1)

function readings(zone: string): (instant: number) => number {
  // The Swedish form of a date is the ISO form. This is the reference: nothing of the engine is in it.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  return (instant) => Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) / MINUTE_MS
}

const zones = fc.constantFrom(...ZONES)
const starts = fc
  .record({ at: fc.integer({ min: FROM / MINUTE_MS, max: TO / MINUTE_MS }), allDay: fc.boolean() })
  .map(({ at, allDay }) => (allDay ? formatDay(Math.floor(at / MINUTES_PER_DAY)) : formatWall(at)))
const clockStarts = starts.map((start) => (start.length === 10 ? `${start}T02:30` : start))

const simpleRules: fc.Arbitrary<RuleFields> = fc.record({
  recurrence_pattern: fc.constantFrom('daily', 'weekly', 'monthly', 'yearly'),
  interval: fc.integer({ min: 1, max: 7 }),
  start: starts,
  month_day_policy: fc.constantFrom('clamp', 'skip', 'last'),
  time_zone: zones,
})

function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max })
  return fc.oneof(
    { weight: 3, arbitrary: value.map(String) },
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: Math.min(max, 12) }).map((step) => `*/${step}`) },
    { weight: 1, arbitrary: fc.array(value, { minLength: 2, maxLength: 4 }).map((list) => list.join()) },
    { weight: 1, arbitrary: fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`) },
  )
}

const weekdays = fc.oneof(field(0, 6), fc.constantFrom('5L', 'MON#1', 'FRI#5', 'SUN'))
const crons: fc.Arbitrary<RuleFields> = fc
  .tuple(field(0, 59), field(0, 23), fc.oneof(field(1, 31), fc.constant('L')), field(1, 12), weekdays)
  .chain((parts) =>
    fc.record({ cron_expression: fc.constant(parts.join(' ')), start: fc.option(starts), time_zone: zones }),
  )
  .map((rule) => ({ recurrence_pattern: 'custom', ...rule }))

const list = (min: number, max: number) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map(String)
const part = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(
    values.map((value) => `;${name}=${value}`),
    { nil: '', freq: 2 },
  )
const rrules: fc.Arbitrary<RuleFields> = fc
  .tuple(
    fc
      .constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY')
      .map((freq) => `FREQ=${freq}`),
    part('INTERVAL', fc.integer({ min: 1, max: 50 }).map(String)),
    part('BYMONTH', list(1, 12)),
    part('BYMONTHDAY', list(-31, 31)),
    part('BYDAY', fc.subarray(['MO', 'TU', 'SU', '1FR', '-1SA'], { minLength: 1 }).map(String)),
    part('BYHOUR', list(0, 23)),
    part('BYMINUTE', list(0, 59)),
    part('BYSETPOS', list(-3, 3)),
  )
  .chain((parts) => fc.record({ rrule: fc.constant(parts.join('')), start: clockStarts, time_zone: zones }))
  .map((rule) => ({ recurrence_pattern: 'custom', ...rule }))

const anyRule = fc.oneof(simpleRules, crons, rrules)
const instants = fc.integer({ min: FROM, max: TO })

/** Null for the rules that are refused, which is proved elsewhere. */
function made(fields: RuleFields): Rule | null {
  try {
    return parseRule(fields)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

const at = (occurrence: { instant: string }) => Date.parse(occurrence.instant)

describe('for every rule, zone and base', () => {
  test('occurrences strictly increase and begin strictly after the base', () => {
    const property = fc.property(anyRule, instants, (fields, base) => {
      const rule = made(fields)
      let last = base
      for (const occurrence of rule === null ? [] : occurrences(rule, { after: base, limit: 20 })) {
        assert.ok(at(occurrence) > last)
        last = at(occurrence)
      }
    })
    fc.assert(property, { numRuns: 800 })
  })

  test('the answer is the same from any base between two occurrences, forwards and backwards', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    const property = fc.property(anyRule, instants, share, (fields, base, part) => {
      const rule = made(fields)
      const [first, second] = rule === null ? [] : occurrences(rule, { after: base, limit: 2 })
      if (rule === null || first === undefined || second === undefined) return
      const between = at(first) + Math.floor((at(second) - at(first) - 1) * part)
      assert.deepEqual(nextOccurrence(rule, between), second)
      assert.deepEqual(latestOccurrence(rule, at(first) - 1, between), first)
      assert.equal(latestOccurrence(rule, at(first), between), null)
    })
    fc.assert(property, { numRuns: 800 })
  })

  test('the local reading of an occurrence is the one of Intl', () => {
    const property = fc.property(anyRule, instants, (fields, base) => {
      const rule = made(fields)
      for (const occurrence of rule === null ? [] : occurrences(rule, { after: base, limit: 3 })) {
        const reading = formatWall(readings(fields.time_zone)(at(occurrence)))
        // Midnight itself may be missing from an all-day date.
        if (occurrence.at === null) assert.equal(occurrence.local, reading.slice(0, 10))
        else assert.equal(occurrence.local, reading)
      }
    })
    fc.assert(property, { numRuns: 300 })
  })

  test('a monthly rule never forgets the day of its start', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 1, max: 30 }),
      zones,
      instants,
      (day, interval, time_zone, base) => {
        const start = `1990-01-${String(day).padStart(2, '0')}`
        const rule = parseRule({ recurrence_pattern: 'monthly', interval, start, time_zone })
        for (const { local } of occurrences(rule, { after: base, limit: 6 })) {
          const [year, month, dayOfMonth] = local.split('-').map(Number) as [number, number, number]
          assert.equal(dayOfMonth, Math.min(day, daysInMonth(year, month)))
          assert.equal(((year - 1990) * 12 + month - 1) % interval, 0)
        }
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  test('a count of n gives the first n and then ends', () => {
    const property = fc.property(anyRule, fc.integer({ min: 1, max: 6 }), (fields, count) => {
      const rule = made(fields)
      if (rule === null || rule.start === null) return
      const all = occurrences(rule, { limit: 8 })
      assert.deepEqual(occurrences(parseRule({ ...fields, count }), { limit: 8 }), all.slice(0, count))
    })
    fc.assert(property, { numRuns: 300 })
  })
})

const QUARTER = 15 * MINUTE_MS

/** The instants of wall times around a change, by reading the clock at every quarter of an hour (and at the change). */
function referenceAround(
  change: number,
  reading: (instant: number) => number,
): (wall: number) => number | undefined {
  const first = Math.floor(change / QUARTER) * QUARTER - 2 * DAY_MS
  const seen = Array.from({ length: 4 * 96 }, (_, index) => first + index * QUARTER).map(
    (at) => [reading(at), at] as const,
  )
  const firstSeen = new Map(seen.toReversed())
  const afterGap = [[reading(change), change] as const, ...seen.filter(([, instant]) => instant > change)]
  const dates = new Set(seen.map(([wall]) => Math.floor(wall / MINUTES_PER_DAY)))
  return (wall) => {
    if (!dates.has(Math.floor(wall / MINUTES_PER_DAY))) return undefined
    return firstSeen.get(wall) ?? afterGap.find(([later]) => later > wall)![1]
  }
}

describe(`in ${ZONES.length} zones, over every change from 1990 to 2040`, () => {
  for (const zone of ZONES) {
    test(`wall time is kept in ${zone}`, () => {
      const reading = readings(zone)
      for (const change of zoneOf(zone)!.changes(FROM, TO)) {
        const expected = referenceAround(change.at, reading)
        const first = reading(Math.floor(change.at / QUARTER) * QUARTER - DAY_MS)
        for (let wall = first; wall < first + 2 * MINUTES_PER_DAY; wall += 15) {
          assert.equal(resolveWall(zoneOf(zone)!, wall)?.at, expected(wall), `${zone} ${formatWall(wall)}`)
        }
      }
    })
  }

  test('a daily rule has exactly one occurrence on each date that exists', () => {
    for (const zone of ZONES) {
      const rule = parseRule({ recurrence_pattern: 'daily', start: '1990-01-02', time_zone: zone })
      const reading = readings(zone)
      let expected = parseLocal('1990-01-02')!.day
      for (const occurrence of occurrences(rule, { to: Date.UTC(2039, 11, 31), limit: 20_000 })) {
        // Noon of a date that exists is read by Intl as that date.
        while (formatDay(expected) !== occurrence.local) {
          const noon = resolveWall(zoneOf(zone)!, expected * MINUTES_PER_DAY + 720)
          assert.equal(noon, null, `${zone} has no occurrence on ${formatDay(expected)}`)
          expected += 1
        }
        assert.equal(formatDay(Math.floor(reading(at(occurrence)) / MINUTES_PER_DAY)), occurrence.local)
        expected += 1
      }
      assert.ok(expected >= parseLocal('2039-12-30')!.day, zone)
    }
  })
})

test('a sub-daily cron occurs at every minute whose reading matches, and at no other', () => {
  const changes = ZONES.flatMap((zone) =>
    zoneOf(zone)!
      .changes(FROM, TO)
      .map((change) => ({ zone, at: change.at })),
  )
  const minutes = fc.constantFrom('*', '*/7', '*/20', '5,35')
  const hours = fc.constantFrom('*', '*/2', '*/3', '1-23/2')
  const property = fc.property(fc.constantFrom(...changes), minutes, hours, (change, minute, hour) => {
    const [from, to] = [change.at - DAY_MS / 4, change.at + DAY_MS / 4]
    const rule = parseRule({
      recurrence_pattern: 'custom',
      cron_expression: `${minute} ${hour} * * *`,
      time_zone: change.zone,
    })
    const found = occurrences(rule, { from, to, limit: 1000 }).map(at)
    const matches = (value: number, text: string, size: number) => {
      if (text === '*') return true
      const [body, step] = text.split('/')
      if (step === undefined) return body!.split(',').map(Number).includes(value)
      const low = body === '*' ? 0 : Number(body!.split('-')[0])
      return value >= low && (value - low) % Number(step) === 0 && value < size
    }
    const reading = readings(change.zone)
    const expected: number[] = []
    for (let instant = from; instant < to; instant += MINUTE_MS) {
      const wall = reading(instant)
      if (matches(wall % 60, minute, 60) && matches(Math.floor(wall / 60) % 24, hour, 24))
        expected.push(instant)
    }
    assert.deepEqual(found, expected)
  })
  fc.assert(property, { numRuns: 150 })
})
