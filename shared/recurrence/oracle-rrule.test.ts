import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import rruleLibrary from 'rrule'
import { RRuleTemporal } from 'rrule-temporal'
import { AppError } from '../errors.ts'
import { occurrences, parseRule, type Rule, type RuleFields } from '../recurrence.ts'
import { DAY_MS } from './civil.ts'

// Another library as a second opinion. Where it and the laws part, the case stands below with the law;
// docs/recurrence.md lists the same cases.

const YEAR_MS = 366 * DAY_MS

function made(fields: Omit<RuleFields, 'recurrence_pattern'>): Rule | null {
  try {
    return parseRule({ recurrence_pattern: 'custom', ...fields })
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

function ours(fields: Omit<RuleFields, 'recurrence_pattern'>, limit: number): string[] {
  return occurrences(made(fields)!, { limit }).map(({ instant }) => instant)
}

/** The text of a rule with its start in UTC, as both RRULE libraries read it. */
function icalendar(rrule: string, start: string, zone = 'UTC'): string {
  const dtstart = `${start.replace(/[-:]/g, '')}00`
  return `DTSTART${zone === 'UTC' ? `:${dtstart}Z` : `;TZID=${zone}:${dtstart}`}\nRRULE:${rrule}`
}

function rruleJs(rrule: string, start: string, limit: number): string[] {
  const found: string[] = []
  const rule = rruleLibrary.rrulestr(icalendar(rrule, start))
  rule.all((date: Date, index: number) => index < limit && found.push(date.toISOString()) > 0)
  return found
}

function rruleTemporal(rrule: string, start: string, limit: number, zone = 'UTC'): string[] {
  const rule = new RRuleTemporal({ rruleString: icalendar(rrule, start, zone) })
  return rule
    .all((_, index) => index < limit)
    .map(({ epochMilliseconds }) => new Date(epochMilliseconds).toISOString())
}

const number = (min: number, max: number) => fc.integer({ min, max })
const listOf = (min: number, max: number) =>
  fc
    .uniqueArray(number(min, max), { minLength: 1, maxLength: 3 })
    .map((list) => list.sort((a, b) => a - b).join())

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY']
const maybe = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(
    values.map((value) => `;${name}=${value}`),
    { nil: '' },
  )
const weekdays = fc.subarray(['MO', 'TU', 'WE', 'SA', 'SU'], { minLength: 1 }).map(String)
const numbered = fc.subarray(['1MO', '2TU', '5WE', '-1FR', '-2SU'], { minLength: 1 }).map(String)
const starts = number(Date.UTC(1995, 0, 1), Date.UTC(2030, 0, 1)).map((at) =>
  new Date(at).toISOString().slice(0, 16),
)

const monthDays = listOf(1, 31).chain((list) => fc.constantFrom(list, `${list},-1`, '-3'))

/** Rules without the parts on which the libraries are known to differ, each of which has its own test below. */
const commonRules = fc.constantFrom(...FREQUENCIES).chain((freq) => {
  const subDaily = freq === 'HOURLY' || freq === 'MINUTELY'
  const wide = freq === 'YEARLY' || freq === 'MONTHLY'
  const dayParts = fc.oneof(
    fc.constant(''),
    weekdays.map((list) => `;BYDAY=${list}`),
    ...(wide ? [numbered.map((list) => `;BYDAY=${list}`)] : []),
    ...(freq === 'WEEKLY' ? [] : [monthDays.map((list) => `;BYMONTHDAY=${list}`)]),
    ...(freq === 'YEARLY' ? [listOf(1, 366).map((list) => `;BYYEARDAY=${list}`)] : []),
    ...(freq === 'YEARLY'
      ? [fc.tuple(listOf(1, 53), weekdays).map(([weeks, list]) => `;BYWEEKNO=${weeks};BYDAY=${list}`)]
      : []),
  )
  const position = wide ? fc.constantFrom('', ';BYSETPOS=1', ';BYSETPOS=-1', ';BYSETPOS=2') : fc.constant('')
  return fc
    .tuple(
      maybe('INTERVAL', number(2, subDaily ? 90 : 5).map(String)),
      maybe('BYMONTH', listOf(1, 12)),
      dayParts,
      maybe('BYHOUR', listOf(0, 23)),
      maybe('BYMINUTE', listOf(0, 59)),
      position,
      maybe('WKST', fc.constantFrom('SU', 'WE')),
    )
    .map(([interval, month, day, hour, minute, chosen, wkst]) => {
      const positions = `${month}${day}${hour}${minute}` === '' ? '' : chosen
      return `FREQ=${freq}${interval}${month}${day}${hour}${minute}${positions}${wkst}`
    })
})

describe('RRULE, beside rrule.js and rrule-temporal', () => {
  function agreement(
    oracle: (rrule: string, start: string, limit: number) => string[],
    rules: fc.Arbitrary<string>,
  ) {
    let compared = 0
    const property = fc.property(rules, starts, (rrule, start) => {
      const fields = { rrule, start, time_zone: 'UTC' }
      if (made(fields) === null) return
      const found = ours(fields, 6)
      // The libraries walk from the start, some of them without an end; only rules that occur soon are compared.
      if (found.length < 6 || Date.parse(found[5]!) - Date.parse(`${start}Z`) > 25 * YEAR_MS) return
      compared += 1
      assert.deepEqual(oracle(rrule, start, 6), found, `${rrule} from ${start}`)
    })
    fc.assert(property, { numRuns: 400, seed: 6 })
    assert.ok(compared > 200, String(compared))
  }

  test('rrule.js agrees on days, weeks, months and years', () => {
    agreement(
      rruleJs,
      commonRules.filter((rule) => !/HOURLY|MINUTELY/.test(rule)),
    )
  })

  test('rrule-temporal agrees on these, and on hours and minutes', () => {
    agreement(
      rruleTemporal,
      commonRules.filter((rule) => !/MINUTELY.*BY/.test(rule)),
    )
  })

  const differences: [law: string, rrule: string, start: string, libraries: ('js' | 'temporal')[]][] = [
    [
      'RFC 5545 3.3.10: BYWEEKNO alone takes the weekday of the start',
      'FREQ=YEARLY;BYWEEKNO=20',
      '2026-01-01T09:00',
      ['js'],
    ],
    [
      'RFC 5545 3.3.10: BYDAY is a list, plain and numbered days are both meant',
      'FREQ=MONTHLY;BYDAY=TH,4MO',
      '2026-01-01T09:00',
      ['js'],
    ],
    ['the same, in a yearly rule', 'FREQ=YEARLY;BYDAY=TU,1SA', '2026-01-01T09:00', ['js', 'temporal']],
    [
      'law 5: one instance, though two positions name it',
      'FREQ=MONTHLY;BYMONTHDAY=10;BYSETPOS=1,-1',
      '2026-01-01T09:00',
      ['js'],
    ],
    [
      'RFC 5545 3.3.10: positions count in the whole period',
      'FREQ=WEEKLY;BYDAY=MO,SA;BYSETPOS=2',
      '2026-05-06T09:00',
      ['js'],
    ],
    [
      'RFC 5545 3.3.10: BYDAY limits BYYEARDAY',
      'FREQ=YEARLY;BYYEARDAY=226,288;BYDAY=FR',
      '2026-01-01T09:00',
      ['temporal'],
    ],
    [
      'RFC 5545 3.3.10: numbered BYDAY limits BYMONTHDAY',
      'FREQ=YEARLY;BYMONTHDAY=3;BYDAY=1WE',
      '2026-01-01T09:00',
      ['temporal'],
    ],
  ]
  for (const [law, rrule, start, libraries] of differences) {
    test(`${law}: ${rrule}`, () => {
      const found = ours({ rrule, start, time_zone: 'UTC' }, 3)
      const answers = { js: rruleJs(rrule, start, 3), temporal: rruleTemporal(rrule, start, 3) }
      for (const [name, answer] of Object.entries(answers)) {
        const differs = libraries.includes(name as 'js' | 'temporal')
        if (differs) assert.notDeepEqual(answer, found, `${name} agrees by now`)
        else assert.deepEqual(answer, found, name)
      }
    })
  }

  test('law 2: a fixed time in a gap occurs after it; rrule-temporal leaves the day out, as RFC 5545 allows', () => {
    const daily = { rrule: 'FREQ=DAILY', start: '2026-03-28T02:30', time_zone: 'Europe/Berlin' }
    assert.equal(ours(daily, 2)[1], '2026-03-29T01:00:00.000Z')
    assert.equal(rruleTemporal(daily.rrule, daily.start, 2, daily.time_zone)[1], '2026-03-30T00:30:00.000Z')
  })

  test('law 2: every copy of an hour; rrule-temporal leaves the second one out', () => {
    const hourly = { rrule: 'FREQ=HOURLY', start: '2026-10-25T01:00', time_zone: 'Europe/Berlin' }
    assert.equal(ours(hourly, 3)[2], '2026-10-25T01:00:00.000Z')
    assert.equal(
      rruleTemporal(hourly.rrule, hourly.start, 3, hourly.time_zone)[2],
      '2026-10-25T02:00:00.000Z',
    )
  })
})
