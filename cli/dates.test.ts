import assert from 'node:assert/strict'
import { test } from 'node:test'
import { all, read, refused } from '../test/support/dates.ts'

test('ISO dates are all-day, and a time makes an instant in the zone of the user', () => {
  all({
    '2026-12-01': '2026-12-01',
    '20261201': '2026-12-01',
    '2026/12/1': '2026-12-01',
    '2026-12': '2026-12-01',
    '2026-12-01T17:00': '2026-12-01T17:00:00.000Z',
    '2026-12-01 17:00:30': '2026-12-01T17:00:30.000Z',
    '20261201T1700': '2026-12-01T17:00:00.000Z',
  })
  all({ '2026-12-01T17:00': '2026-12-01T16:00:00.000Z' }, 'Europe/Berlin')
})

test('RFC 3339 keeps its own offset, wherever the user is', () => {
  const texts = {
    '2026-12-01T17:00:00Z': '2026-12-01T17:00:00.000Z',
    '2026-12-01t17:00:00z': '2026-12-01T17:00:00.000Z',
    '2026-12-01T17:00:00.250+01:00': '2026-12-01T16:00:00.250Z',
    '2026-12-01 17:00-0530': '2026-12-01T22:30:00.000Z',
    '20261201T170000Z': '2026-12-01T17:00:00.000Z',
    '2026-12-01T17:00+09': '2026-12-01T08:00:00.000Z',
  }
  for (const zone of ['UTC', 'Asia/Tokyo', 'America/New_York']) all(texts, zone)
})

test('Days by name', () => {
  all({ today: '2026-11-21', Tomorrow: '2026-11-22', ' yesterday ': '2026-11-20', tom: '2026-11-22' })
  all({ now: '2026-11-21T09:00:00.000Z' })
})

test('A weekday is the next such day, and the weekday of today is a week away, on every day of the week', () => {
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  for (let today = 0; today < 14; today++) {
    const at = new Date(Date.UTC(2026, 11, 25 + today, 12))
    for (const [index, name] of names.entries()) {
      const due = new Date(read(name, 'UTC', at))
      assert.equal(due.getUTCDay(), index)
      const days = (due.getTime() - Date.UTC(2026, 11, 25 + today)) / 86_400_000
      assert.ok(days >= 1 && days <= 7, `${name} on ${at.toISOString()} is ${days} days away`)
    }
  }
})

test('next is the weekday of the week that follows, this includes today, last lies behind', () => {
  all({
    'next friday': '2026-11-27',
    'this sat': '2026-11-21',
    'last sat': '2026-11-14',
    'last fri': '2026-11-20',
  })
  const monday = new Date('2026-11-23T09:00:00Z')
  all(
    { friday: '2026-11-27', 'next friday': '2026-12-04', 'next mon': '2026-11-30', mon: '2026-11-30' },
    'UTC',
    monday,
  )
  all({
    'next week': '2026-11-23',
    'next month': '2026-12-01',
    'next quarter': '2027-01-01',
    'next year': '2027-01-01',
  })
  all({ weekend: '2026-11-21', 'next workday': '2026-11-23' })
})

test('Steps of days, weeks, months and years are all-day, steps of hours are instants', () => {
  all({
    '+3d': '2026-11-24',
    '3d': '2026-11-24',
    '+2w': '2026-12-05',
    '+1m': '2026-12-21',
    '+1q': '2027-02-21',
    '+1y': '2027-11-21',
    '-1w': '2026-11-14',
    'in 3 days': '2026-11-24',
    'in a week': '2026-11-28',
    'in two months': '2027-01-21',
    '3 days ago': '2026-11-18',
    '+24h': '2026-11-22T09:00:00.000Z',
    '+90min': '2026-11-21T10:30:00.000Z',
    'in an hour': '2026-11-21T10:00:00.000Z',
    'now+3h': '2026-11-21T12:00:00.000Z',
    'now+1d': '2026-11-22T09:00:00.000Z',
    '+3d 17:00': '2026-11-24T17:00:00.000Z',
  })
})

test('A month later is clamped to a shorter month and counts from the day that was meant', () => {
  const endOfJanuary = new Date('2027-01-31T09:00:00Z')
  all({ '+1m': '2027-02-28', '+2m': '2027-03-31', '+13m': '2028-02-29' }, 'UTC', endOfJanuary)
  all({ '+1y': '2029-02-28', '+4y': '2032-02-29' }, 'UTC', new Date('2028-02-29T09:00:00Z'))
})

test('Workdays leave Saturday and Sunday out, from any day and in both directions', () => {
  all({ '+1bd': '2026-11-23', '+3bd': '2026-11-25', 'in 5 workdays': '2026-11-27', '-1bd': '2026-11-20' })
  for (let offset = 0; offset < 7; offset++) {
    const at = new Date(Date.UTC(2026, 10, 16 + offset, 9))
    for (const sign of [1, -1]) {
      const day = new Date(at)
      for (let count = 1; count <= 23; count++) {
        do day.setUTCDate(day.getUTCDate() + sign)
        while (day.getUTCDay() % 6 === 0)
        const text = `${sign > 0 ? '+' : '-'}${count}bd`
        assert.equal(
          read(text, 'UTC', at),
          day.toISOString().slice(0, 10),
          `${text} from ${at.toISOString()}`,
        )
      }
    }
  }
})

test('Beginnings and ends of periods are days; hours count from the edge that was named', () => {
  all({
    sod: '2026-11-21',
    sow: '2026-11-23',
    som: '2026-12-01',
    soq: '2027-01-01',
    soy: '2027-01-01',
    eod: '2026-11-21',
    eow: '2026-11-22',
    eom: '2026-11-30',
    eoq: '2026-12-31',
    eoy: '2026-12-31',
    eoww: '2026-11-27',
    soww: '2026-11-23',
    'eom-2d': '2026-11-28',
    'eom - 1bd': '2026-11-27',
    'eoy+1m': '2027-01-31',
    'eod-2h': '2026-11-21T22:00:00.000Z',
    'som+9h': '2026-12-01T09:00:00.000Z',
    'eom 17:00': '2026-11-30T17:00:00.000Z',
    'fri+1w': '2026-12-04',
    '3 days before eom': '2026-11-27',
    'a week from fri': '2026-12-04',
  })
  all({ eow: '2026-11-22', sow: '2026-11-23' }, 'UTC', new Date('2026-11-22T09:00:00Z'))
  all({ sow: '2026-11-30', eoq: '2026-12-31' }, 'UTC', new Date('2026-11-23T09:00:00Z'))
  all({ eod: '2026-12-31', eom: '2026-12-31', som: '2027-01-01' }, 'UTC', new Date('2026-12-31T23:59:59Z'))
  all({ eom: '2028-02-29', eoq: '2028-03-31' }, 'UTC', new Date('2028-02-03T09:00:00Z'))
})

test('A time alone is the next such time, with a day it is on that day, in either order', () => {
  all({
    '9am': '2026-11-22T09:00:00.000Z',
    '9:01': '2026-11-21T09:01:00.000Z',
    '5pm': '2026-11-21T17:00:00.000Z',
    '5:30 pm': '2026-11-21T17:30:00.000Z',
    '12am': '2026-11-22T00:00:00.000Z',
    '12pm': '2026-11-21T12:00:00.000Z',
    noon: '2026-11-21T12:00:00.000Z',
    midnight: '2026-11-22T00:00:00.000Z',
    'fri 17:00': '2026-11-27T17:00:00.000Z',
    'fri, 5pm': '2026-11-27T17:00:00.000Z',
    'fri at 5pm': '2026-11-27T17:00:00.000Z',
    'fri@17:00': '2026-11-27T17:00:00.000Z',
    'fri at 9': '2026-11-27T09:00:00.000Z',
    'fri@9': '2026-11-27T09:00:00.000Z',
    '5pm tomorrow': '2026-11-22T17:00:00.000Z',
    'today 8:00': '2026-11-21T08:00:00.000Z',
    'fri noon': '2026-11-27T12:00:00.000Z',
    'fri 24:00': '2026-11-28T00:00:00.000Z',
  })
})

test('Ordinals are the next such day, in a month that has it', () => {
  all({
    '27th': '2026-11-27',
    '1st': '2026-12-01',
    '21st': '2026-11-21',
    '20th': '2026-12-20',
    '31st': '2026-12-31',
  })
  all({ '30th': '2027-03-30', '29th': '2027-03-29' }, 'UTC', new Date('2027-01-31T12:00:00Z'))
  all({ '29th': '2028-02-29' }, 'UTC', new Date('2028-01-30T12:00:00Z'))
})

test('Months by name in every order; what is past rolls to the next year that has it', () => {
  all({
    'mar 3': '2027-03-03',
    '3 march': '2027-03-03',
    '3rd of March': '2027-03-03',
    'march 3rd': '2027-03-03',
    '3mar': '2027-03-03',
    'mar-3': '2027-03-03',
    march: '2027-03-01',
    november: '2027-11-01',
    '20 nov': '2027-11-20',
    '21 nov': '2026-11-21',
    'dec 24': '2026-12-24',
    'dec 24, 2028': '2028-12-24',
    '24 dec 2028 18:00': '2028-12-24T18:00:00.000Z',
    'march 3pm': '2027-03-01T15:00:00.000Z',
    'sept 5': '2027-09-05',
    '29 feb': '2028-02-29',
    '12-25': '2026-12-25',
    '25/12': '2026-12-25',
    '25.12.2027': '2027-12-25',
    'Fri 27 Nov': '2026-11-27',
    'Fri, 27 Nov 2026 17:00': '2026-11-27T17:00:00.000Z',
  })
  all({ '1 jan': '2027-01-01', '31 dec': '2026-12-31' }, 'UTC', new Date('2026-12-31T12:00:00Z'))
})

test('ISO weeks begin on Monday and week 53 is in the years that have it', () => {
  all({ '2026-w48': '2026-11-23', '2026-W48-5': '2026-11-27', w48: '2026-11-23', w1: '2027-01-04' })
  all({ w53: '2026-12-28', w47: '2027-11-22', 'w48-3': '2026-11-25' })
  all({ '2020-w01': '2019-12-30', '2020-w53-7': '2021-01-03', '2026W481': '2026-11-23' })
  refused('2025-w53')
})

test('Ordinal days of the year know leap years', () => {
  all({
    '2026-330': '2026-11-26',
    '2026-001': '2026-01-01',
    '2028-366': '2028-12-31',
    '2028-060': '2028-02-29',
  })
  refused('2026-366')
  refused('2026-000')
})

test('A plain day means the same alone as in front of a time', () => {
  for (const text of ['mon', 'saturday', 'tomorrow', 'eom', 'weekend', 'soq', '2026-12-01', '2028-02-29'])
    assert.equal(read(`${text} 12:00`), `${read(text)}T12:00:00.000Z`, text)
})
