import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeDate, parseDate } from '../dates.ts'

// A Saturday.
const now = new Date('2026-11-21T09:00:00Z')

test('The echo has the weekday, the time, the year when it is another, and the distance', () => {
  const echo = (text: string, timeZone = 'UTC') =>
    describeDate(parseDate(text, { now, timeZone }), { now, timeZone })
  assert.equal(echo('fri 17:00'), 'Fri 27 Nov 17:00 (in 6 days)')
  assert.equal(echo('fri 17:00', 'Asia/Kathmandu'), 'Fri 27 Nov 17:00 (in 6 days)')
  assert.equal(echo('today'), 'Sat 21 Nov (today)')
  assert.equal(echo('tomorrow'), 'Sun 22 Nov (tomorrow)')
  assert.equal(echo('yesterday'), 'Fri 20 Nov (yesterday)')
  assert.equal(echo('+3h'), 'Sat 21 Nov 12:00 (in 3 hours)')
  assert.equal(echo('today 8:59'), 'Sat 21 Nov 08:59 (1 minute ago)')
  assert.equal(echo('now'), 'Sat 21 Nov 09:00 (now)')
  assert.equal(echo('3 march'), 'Wed 3 Mar 2027 (in 3 months)')
  assert.equal(echo('2036-11-21'), 'Fri 21 Nov 2036 (in 10 years)')
})

test('The echo without its bracket reads back as the same date, for every day of two years', () => {
  for (const timeZone of ['UTC', 'America/St_Johns', 'Pacific/Auckland'])
    for (let days = 0; days < 730; days += 3) {
      const due = parseDate(`+${days}d ${days % 24}:30`, { now, timeZone })
      const echo = describeDate(due, { now, timeZone }).replace(/ \(.*/, '')
      assert.deepEqual(parseDate(echo, { now, timeZone }), due, echo)
    }
})
