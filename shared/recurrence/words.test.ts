import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../errors.ts'
import { describeRule, nextOccurrence, parseRecurrenceWords, parseRule } from '../recurrence.ts'
import type { WordsContext } from './words.ts'

// A Saturday afternoon.
const context: WordsContext = { timeZone: 'Europe/Berlin', today: '2026-11-21T16:10' }

/** The fields that differ from a plain all-day rule, in one line. */
function fields(text: string, more: Partial<WordsContext> = {}): string {
  const rule = parseRecurrenceWords(text, { ...context, ...more })
  assert.doesNotThrow(() => parseRule(rule))
  assert.equal(rule.time_zone, 'Europe/Berlin')
  assert.equal(rule.cron_expression, null)
  assert.equal(rule.all_day, !rule.start?.includes('T'))
  return [
    rule.rrule ?? `${rule.interval} ${rule.recurrence_pattern}`,
    rule.start,
    rule.month_day_policy === 'clamp' ? '' : rule.month_day_policy,
    rule.anchor === 'schedule' ? '' : rule.anchor,
    rule.until === null ? '' : `until ${rule.until}`,
    rule.count === null ? '' : `${rule.count} times`,
  ]
    .filter((part) => part !== '')
    .join(' | ')
}

describe('words become fields, and the start is the first date that fits', () => {
  const cases: [words: string, expected: string][] = [
    ['every day', '1 daily | 2026-11-21'],
    ['daily', '1 daily | 2026-11-21'],
    ['day', '1 daily | 2026-11-21'],
    ['Every  DAY at 17:00', '1 daily | 2026-11-21T17:00'],
    ['every day at 9am', '1 daily | 2026-11-22T09:00'],
    ['every day at 5:30 pm', '1 daily | 2026-11-21T17:30'],
    ['every day 17:00', '1 daily | 2026-11-21T17:00'],
    ['every day at 17', '1 daily | 2026-11-21T17:00'],
    ['every day at 16:10', '1 daily | 2026-11-22T16:10'],
    ['every day at 16:11', '1 daily | 2026-11-21T16:11'],
    ['every day at noon', '1 daily | 2026-11-22T12:00'],
    ['every 3 days', '3 daily | 2026-11-21'],
    ['every three days', '3 daily | 2026-11-21'],
    ['every 3rd day', '3 daily | 2026-11-21'],
    ['every other day', '2 daily | 2026-11-21'],
    ['every! 3 days', '3 daily | 2026-11-21 | completion'],
    ['every ! 3 days', '3 daily | 2026-11-21 | completion'],
    ['! 3 days', '3 daily | 2026-11-21 | completion'],
    ['every 3 days after completion', '3 daily | 2026-11-21 | completion'],
    ['every! weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-23 | completion'],
    ['every week', '1 weekly | 2026-11-21'],
    ['2 weeks', '2 weekly | 2026-11-21'],
    ['every other week', '2 weekly | 2026-11-21'],
    ['fortnightly', '2 weekly | 2026-11-21'],
    ['every fortnight', '2 weekly | 2026-11-21'],
    ['weekly on tuesday', '1 weekly | 2026-11-24'],
    ['every monday', '1 weekly | 2026-11-23'],
    ['mondays', '1 weekly | 2026-11-23'],
    ['every other monday', '2 weekly | 2026-11-23'],
    ['every sat at 10:00', '1 weekly | 2026-11-28T10:00'],
    ['every sat at 18:00', '1 weekly | 2026-11-21T18:00'],
    ['every mon,thu', 'FREQ=WEEKLY;BYDAY=MO,TH | 2026-11-23'],
    ['every thu and mon', 'FREQ=WEEKLY;BYDAY=MO,TH | 2026-11-23'],
    ['every mon, wed & fri', 'FREQ=WEEKLY;BYDAY=MO,WE,FR | 2026-11-23'],
    ['every mon-thu', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH | 2026-11-23'],
    ['every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-23'],
    ['weekdays at 9', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-23T09:00'],
    ['every business day', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR | 2026-11-23'],
    ['every weekend', 'FREQ=WEEKLY;BYDAY=SA,SU | 2026-11-21'],
    ['every 2 weeks on mon,thu', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH | 2026-11-23'],
    [
      'every 2 weeks on mon,thu at 17:00 until 2027-01-01',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH | 2026-11-23T17:00 | until 2027-01-01',
    ],
    ['every fri at 9am and 5pm', 'FREQ=WEEKLY;BYDAY=FR;BYHOUR=9,17;BYMINUTE=0 | 2026-11-27T09:00'],
    ['every month', '1 monthly | 2026-11-21'],
    ['every quarter', '3 monthly | 2026-11-21'],
    ['every 27th', '1 monthly | 2026-11-27'],
    ['every 31st', '1 monthly | 2026-12-31'],
    ['monthly on the 31st', '1 monthly | 2026-12-31'],
    ['monthly on 31', '1 monthly | 2026-12-31'],
    ['every month on 1 and 15 at 9:00', 'FREQ=MONTHLY;BYMONTHDAY=1,15 | 2026-12-01T09:00'],
    ['every 3 months on the 15th', '3 monthly | 2026-12-15'],
    ['every 1st,15th', 'FREQ=MONTHLY;BYMONTHDAY=1,15 | 2026-12-01'],
    ['every first day of the month', '1 monthly | 2026-12-01'],
    ['every last day', '1 monthly | 2026-11-30 | last'],
    ['every last day of the month', '1 monthly | 2026-11-30 | last'],
    ['every month on the last day', '1 monthly | 2026-11-30 | last'],
    ['every last workday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1 | 2026-11-21'],
    ['every first weekday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1 | 2026-11-21'],
    ['every 3rd friday', 'FREQ=MONTHLY;BYDAY=3FR | 2026-12-18'],
    ['every third fri at 8:00', 'FREQ=MONTHLY;BYDAY=3FR | 2026-12-18T08:00'],
    ['every last friday', 'FREQ=MONTHLY;BYDAY=-1FR | 2026-11-27'],
    ['every 1st mon, 3rd mon', 'FREQ=MONTHLY;BYDAY=1MO,3MO | 2026-12-07'],
    ['every 2 months on the 1st monday', 'FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO | 2026-12-07'],
    ['every year', '1 yearly | 2026-11-21'],
    ['every jan 15', '1 yearly | 2027-01-15'],
    ['every 15th of january', '1 yearly | 2027-01-15'],
    ['every year on 29 feb', '1 yearly | 2028-02-29'],
    ['every 2 years on 15 jan', '2 yearly | 2027-01-15'],
    ['every jan 15, jul 15', 'FREQ=YEARLY;BYMONTHDAY=15;BYMONTH=1,7 | 2027-01-15'],
    ['every first monday of september', 'FREQ=YEARLY;BYDAY=1MO;BYMONTH=9 | 2027-09-06'],
    ['every tuesday in july', 'FREQ=WEEKLY;BYDAY=TU;BYMONTH=7 | 2027-07-06'],
    ['every hour', 'FREQ=HOURLY | 2026-11-21T17:00'],
    ['hourly', 'FREQ=HOURLY | 2026-11-21T17:00'],
    ['every 2 hours', 'FREQ=HOURLY;INTERVAL=2 | 2026-11-21T18:00'],
    ['every 45 minutes', 'FREQ=MINUTELY;INTERVAL=45 | 2026-11-21T16:30'],
    ['every 2 hours at 18:15', 'FREQ=HOURLY;INTERVAL=2 | 2026-11-21T18:15'],
    ['every day for 5 times', '1 daily | 2026-11-21 | 5 times'],
    ['every day 5 times', '1 daily | 2026-11-21 | 5 times'],
    ['every day from 2027-03-01 until 2027-03-05', '1 daily | 2027-03-01 | until 2027-03-05'],
    ['every monday starting 2027-03-01 at 9:00 for ten times', '1 weekly | 2027-03-01T09:00 | 10 times'],
  ]
  for (const [words, expected] of cases) test(words, () => assert.equal(fields(words), expected))

  test('a given first date moves the start', () => {
    assert.equal(fields('every monday', { from: '2026-12-05' }), '1 weekly | 2026-12-07')
    assert.equal(fields('every 2 weeks', { from: '2026-12-05' }), '2 weekly | 2026-12-05')
  })

  test('without the time of day, today is taken even when the time may have passed', () => {
    assert.equal(fields('every day at 9:00', { today: '2026-11-21' }), '1 daily | 2026-11-21T09:00')
  })

  test('a date parser may be given for until', () => {
    const parseDate = (text: string) => (text === 'end of next year' ? '2027-12-31' : null)
    assert.equal(
      fields('every day until end of next year at 8pm', { parseDate }),
      '1 daily | 2026-11-21T20:00 | until 2027-12-31',
    )
  })

  test('what the words say is what occurs', () => {
    const next = (words: string, after: string) =>
      nextOccurrence(parseRule(parseRecurrenceWords(words, context)), after)?.local
    assert.equal(next('every last workday at 17:00', '2027-01-01T00:00:00Z'), '2027-01-29T17:00')
    assert.equal(next('every 31st', '2027-02-01T00:00:00Z'), '2027-02-28')
    assert.equal(next('every 2 weeks on mon,thu', '2026-11-27T00:00:00Z'), '2026-12-07')
  })
})

describe('what is not understood is refused with the nearest right form', () => {
  const cases: [words: string, message: RegExp, hint: RegExp][] = [
    ['', /empty/, /Write for example/],
    ['every', /empty/, /Write for example/],
    ['every mont', /"mont" is not understood/, /Did you mean "every month"/],
    ['evry day', /"evry"/, /Did you mean "every day"/],
    ['every tusday at 9:00', /"tusday"/, /Did you mean "every tuesday at 9:00"/],
    ['every 2 weeks onn mon', /"onn"/, /Did you mean "every 2 weeks on mon"/],
    ['every banana', /"banana"/, /Write for example/],
    ['every day at 25:00', /no time of day/, /Write for example/],
    ['every day at 13pm', /no time of day/, /Write for example/],
    ['every day until', /date is missing/, /Write for example/],
    ['every day until soonish', /"soonish" is not a date/, /Write for example/],
    ['every day until 2027-02-30', /"2027-02-30" is not a date/, /Write for example/],
    ['every 0 days', /at least 1/, /Write for example/],
    ['every 32nd', /"32nd"/, /Write for example/],
    ['every 30 feb', /no day 30/, /Write for example/],
    ['every 6th monday', /at most five/, /Write for example/],
    ['every 3 days on monday', /cannot be bound/, /Write for example/],
    ['every month on monday', /which weekday of the month/, /Write for example/],
    ['every week on the 3rd', /Weeks go with weekdays/, /Write for example/],
    ['every fri at 9:00 and 17:30', /one rule each/, /Write for example/],
    ['every monday on the 3rd', /two different ways/, /Write for example/],
    ['at 17:00', /how often/, /Write for example/],
    ['every! 2 hours', /weekdays only/, /Write for example/],
  ]
  for (const [words, message, hint] of cases) {
    test(JSON.stringify(words), () => {
      assert.throws(
        () => parseRecurrenceWords(words, context),
        (error) => {
          assert.ok(error instanceof AppError)
          assert.equal(error.code, 'invalid')
          assert.match(error.message, message)
          assert.match(error.hint ?? '', hint)
          return true
        },
      )
    })
  }

  test('a text of a million words is refused at once', () => {
    assert.throws(() => parseRecurrenceWords('every '.repeat(1_000_000), context), AppError)
  })
})

describe('a rule in words', () => {
  const cases: [words: string, expected: string][] = [
    ['every day', 'every day'],
    ['every 2 weeks on mon,thu at 17:00', 'every 2 weeks on Monday and Thursday at 17:00'],
    ['every weekday at 9:00', 'every weekday at 09:00'],
    ['every monday', 'every Monday'],
    ['every 2 weeks on mon', 'every 2 weeks on Monday'],
    ['every mon,thu', 'every Monday and Thursday'],
    ['every 31st', 'every month on the 31st (or the last day)'],
    ['every last day', 'every month on the last day'],
    ['every last workday', 'every month on the last working day'],
    ['every 3rd friday', 'every month on the 3rd Friday'],
    ['every 29 feb', 'every year on 29 February (or the last day)'],
    ['every! 3 days at 8:00', '3 days after completion at 08:00'],
    ['every 2 hours', 'every 2 hours'],
    ['every day until 2027-01-01', 'every day, until 1 January 2027'],
    ['every day for 5 times', 'every day, 5 times'],
  ]
  for (const [words, expected] of cases) {
    test(words, () =>
      assert.equal(
        describeRule(parseRule(parseRecurrenceWords(words, context))),
        `${expected} (Europe/Berlin)`,
      ),
    )
  }

  const rrules: [rrule: string, expected: string][] = [
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', 'every month on Friday if it is the 13th at 09:00'],
    ['FREQ=MONTHLY;BYMONTHDAY=1,-1', 'every month on the last day and 1st at 09:00'],
    ['FREQ=MONTHLY', 'every month on the 2nd at 09:00'],
    ['FREQ=YEARLY;INTERVAL=2', 'every 2 years on the 2nd of May at 09:00'],
    ['FREQ=DAILY;BYHOUR=8,20', 'every day at 08:00 and 20:00'],
    ['FREQ=YEARLY;BYWEEKNO=20', 'by the rule FREQ=YEARLY;BYWEEKNO=20'],
    ['FREQ=WEEKLY;UNTIL=20270101T000000Z', 'every week on Saturday at 09:00, until 2027-01-01T00:00:00Z'],
  ]
  for (const [rrule, expected] of rrules) {
    test(rrule, () => {
      const rule = parseRule({
        recurrence_pattern: 'custom',
        rrule,
        start: '2026-05-02T09:00',
        time_zone: 'UTC',
      })
      assert.equal(describeRule(rule), `${expected} (UTC)`)
    })
  }

  const crons: [cron: string, expected: string][] = [
    ['0 9 * * *', 'every day at 09:00'],
    ['0 9 * * MON-FRI', 'every weekday at 09:00'],
    ['0 9,17 * * 1', 'every Monday at 09:00 and 17:00'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['*/15 9-17 * * MON-FRI', 'every 15 minutes in hour 9–17 on every weekday'],
    ['5 * * * *', 'every hour at minute 5'],
    ['0 */6 * * *', 'every 6 hours at minute 0'],
    ['0 0 L * *', 'on the last day at 00:00'],
    ['0 0 1,15 1,7 *', 'on the 1st and 15th in January and July at 00:00'],
    ['0 0 * * 5L', 'on the last Friday of the month at 00:00'],
    ['0 0 * * MON#2', 'on the 2nd Monday of the month at 00:00'],
    ['0 0 13 * FRI', 'on the 13th and also on every Friday at 00:00'],
  ]
  for (const [cron, expected] of crons) {
    test(cron, () => {
      const rule = parseRule({ recurrence_pattern: 'custom', cron_expression: cron, time_zone: 'UTC' })
      assert.equal(describeRule(rule), `${expected} (UTC)`)
    })
  }
})
