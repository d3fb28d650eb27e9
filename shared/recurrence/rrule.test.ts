import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../errors.ts'
import { occurrences, parseRule, type RuleFields } from '../recurrence.ts'

function rule(rrule: string, start = '1997-09-02T09:00', fields: Partial<RuleFields> = {}) {
  return parseRule({ recurrence_pattern: 'custom', rrule, time_zone: 'America/New_York', start, ...fields })
}

/** Month-day pairs of one year, or whole dates; the time is left out when it is 09:00. */
function dates(text: string, limit: number, start?: string): string {
  return occurrences(rule(text, start), { limit })
    .map(({ local }) => local.replace('T09:00', ''))
    .join(' ')
}

describe('the examples of RFC 5545 section 3.8.5.3', () => {
  const cases: [rrule: string, expected: string, start?: string][] = [
    [
      'FREQ=DAILY;COUNT=10',
      '1997-09-02 1997-09-03 1997-09-04 1997-09-05 1997-09-06 1997-09-07 1997-09-08 1997-09-09 1997-09-10 1997-09-11',
    ],
    ['FREQ=DAILY;INTERVAL=10;COUNT=5', '1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12'],
    ['FREQ=WEEKLY;INTERVAL=2;WKST=SU', '1997-09-02 1997-09-16 1997-09-30 1997-10-14'],
    [
      'FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH',
      '1997-09-02 1997-09-04 1997-09-09 1997-09-11 1997-09-16 1997-09-18 1997-09-23 1997-09-25 1997-09-30 1997-10-02',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO',
      '1997-08-05 1997-08-10 1997-08-19 1997-08-24',
      '1997-08-05T09:00',
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU',
      '1997-08-05 1997-08-17 1997-08-19 1997-08-31',
      '1997-08-05T09:00',
    ],
    ['FREQ=MONTHLY;COUNT=4;BYDAY=1FR', '1997-09-05 1997-10-03 1997-11-07 1997-12-05', '1997-09-05T09:00'],
    [
      'FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU',
      '1997-09-07 1997-09-28 1997-11-02 1997-11-30',
      '1997-09-07T09:00',
    ],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22 1997-10-20 1997-11-17', '1997-09-22T09:00'],
    ['FREQ=MONTHLY;BYMONTHDAY=-3', '1997-09-28 1997-10-29 1997-11-28 1997-12-29', '1997-09-28T09:00'],
    [
      'FREQ=MONTHLY;COUNT=4;BYMONTHDAY=1,-1',
      '1997-09-30 1997-10-01 1997-10-31 1997-11-01',
      '1997-09-30T09:00',
    ],
    [
      'FREQ=MONTHLY;INTERVAL=18;COUNT=4;BYMONTHDAY=10,11,12,13',
      '1997-09-10 1997-09-11 1997-09-12 1997-09-13',
      '1997-09-10T09:00',
    ],
    ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10 1997-07-10 1998-06-10 1998-07-10', '1997-06-10T09:00'],
    [
      'FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200',
      '1997-01-01 1997-04-10 1997-07-19 2000-01-01',
      '1997-01-01T09:00',
    ],
    ['FREQ=YEARLY;BYDAY=20MO', '1997-05-19 1998-05-18 1999-05-17', '1997-05-19T09:00'],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1997-05-12 1998-05-11 1999-05-17', '1997-05-12T09:00'],
    ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1997-03-13 1997-03-20 1997-03-27 1998-03-05', '1997-03-13T09:00'],
    ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13'],
    [
      'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
      '1997-09-13 1997-10-11 1997-11-08',
      '1997-09-13T09:00',
    ],
    [
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05 2000-11-07 2004-11-02',
      '1996-11-05T09:00',
    ],
    [
      'FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3',
      '1997-09-04 1997-10-07 1997-11-06',
      '1997-09-04T09:00',
    ],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29 1997-10-30 1997-11-27', '1997-09-29T09:00'],
    ['FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z', '1997-09-02 1997-09-02T12:00 1997-09-02T15:00'],
    ['FREQ=MINUTELY;INTERVAL=15;COUNT=3', '1997-09-02 1997-09-02T09:15 1997-09-02T09:30'],
    ['FREQ=MINUTELY;INTERVAL=90;COUNT=3', '1997-09-02 1997-09-02T10:30 1997-09-02T12:00'],
    [
      'FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5',
      '2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30',
      '2007-01-15T09:00',
    ],
  ]
  for (const [text, expected, start] of cases) {
    test(text, () => assert.equal(dates(text, expected.split(' ').length, start), expected))
  }

  test('every 20 minutes from 9 to 16:40 is the same as a daily rule with those times', () => {
    const minutely = rule('FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16')
    const daily = rule('FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40')
    assert.deepEqual(occurrences(minutely, { limit: 100 }), occurrences(daily, { limit: 100 }))
  })
})

describe('points where libraries differ', () => {
  test('BYWEEKNO alone takes the weekday of the start', () => {
    assert.equal(dates('FREQ=YEARLY;BYWEEKNO=20', 2, '2026-01-01T09:00'), '2026-05-14 2027-05-20')
  })

  test('a plain and a numbered weekday in one list are both meant', () => {
    assert.equal(
      dates('FREQ=MONTHLY;BYDAY=2TU,MO', 3, '2026-01-06T09:00'),
      '2026-01-12 2026-01-13 2026-01-19',
    )
  })

  test('two positions that are the same occurrence give it once', () => {
    assert.equal(
      dates('FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,-4', 3, '2026-02-01T09:00'),
      '2026-02-02 2026-03-02 2026-03-09',
    )
  })

  test('positions are counted in the whole period the start lies in', () => {
    assert.equal(dates('FREQ=WEEKLY;BYDAY=MO,SA;BYSETPOS=2', 1, '2026-05-06T09:00'), '2026-05-09')
  })

  test('BYMINUTE beside hours keeps the minute where the clock changes by half an hour', () => {
    const fields = { time_zone: 'Australia/Lord_Howe' }
    const hourly = rule('FREQ=HOURLY;BYMINUTE=0', '2026-10-04T00:00', fields)
    assert.deepEqual(
      occurrences(hourly, { limit: 4 }).map(({ local }) => local),
      ['2026-10-04T00:00', '2026-10-04T01:00', '2026-10-04T03:00', '2026-10-04T04:00'],
    )
  })

  test('naming all 24 hours is a sub-daily rule', () => {
    const all = Array.from({ length: 24 }, (_, hour) => hour).join()
    const found = occurrences(rule(`FREQ=DAILY;BYHOUR=${all}`, '2026-11-01T00:00'), { limit: 4 })
    assert.deepEqual(
      found.map(({ local }) => local),
      ['2026-11-01T00:00', '2026-11-01T01:00', '2026-11-01T01:00', '2026-11-01T02:00'],
    )
  })
})

describe('what is refused', () => {
  const cases: [rrule: string, code: string, message: RegExp][] = [
    ['', 'rrule', /empty/],
    ['INTERVAL=2', 'rrule', /FREQ is missing/],
    ['FREQ=SECONDLY', 'rrule', /not possible/],
    ['FREQ=DAILY;FREQ=DAILY', 'rrule', /given twice/],
    ['FREQ=DAILY;BYEASTER=1', 'rrule', /not a part/],
    ['FREQ=DAILY;COUNT', 'rrule', /NAME=VALUE/],
    ['FREQ=DAILY;INTERVAL=0', 'out_of_range', /INTERVAL/],
    ['FREQ=DAILY;COUNT=99999', 'out_of_range', /COUNT/],
    ['FREQ=DAILY;BYMONTH=13', 'out_of_range', /BYMONTH=13/],
    ['FREQ=DAILY;BYMONTHDAY=0', 'out_of_range', /BYMONTHDAY=0/],
    ['FREQ=DAILY;BYHOUR=-1', 'out_of_range', /BYHOUR=-1/],
    ['FREQ=DAILY;BYSECOND=30', 'rrule', /finer than a minute/],
    ['FREQ=DAILY;UNTIL=20270230', 'rrule', /not a date/],
    ['FREQ=DAILY;UNTIL=20270228;COUNT=3', 'rrule', /exclude each other/],
    ['FREQ=WEEKLY;BYDAY=1MO', 'rrule', /BYDAY with a number/],
    ['FREQ=MONTHLY;BYDAY=XX', 'rrule', /not a weekday/],
    ['FREQ=MONTHLY;BYDAY=0MO', 'rrule', /not a weekday/],
    ['FREQ=MONTHLY;BYWEEKNO=3', 'rrule', /BYWEEKNO needs/],
    ['FREQ=MONTHLY;BYYEARDAY=3', 'rrule', /BYYEARDAY/],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'rrule', /BYMONTHDAY/],
    ['FREQ=MONTHLY;BYSETPOS=1', 'rrule', /BYSETPOS/],
    ['DTSTART:20270101\nRRULE:FREQ=DAILY', 'rrule', /Only the RRULE/],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'never_occurs', /never occurs/],
    ['FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30', 'never_occurs', /never occurs/],
    ['FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6', 'never_occurs', /never occurs/],
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6', 'never_occurs', /never occurs/],
    ['FREQ=MINUTELY;BYHOUR=1;BYSETPOS=2', 'never_occurs', /never applies/],
  ]
  for (const [text, code, message] of cases) {
    test(JSON.stringify(text), () => {
      assert.throws(
        () => rule(text),
        (error) => {
          assert.ok(error instanceof AppError)
          assert.deepEqual(
            [error.code, error.fields[0]?.pointer, error.fields[0]?.code],
            ['invalid', '/rrule', code],
          )
          assert.match(error.message, message)
          return true
        },
      )
    })
  }

  test('case, a prefix and an empty last part do not matter', () => {
    assert.equal(dates('rrule:freq=weekly;byday=mo;', 1), '1997-09-08')
  })
})
