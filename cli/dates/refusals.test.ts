import assert from 'node:assert/strict'
import { test } from 'node:test'
import { now, refused } from '../../test/support/dates.ts'
import { readDate } from '../dates.ts'

test('A typo is refused with the word that was meant, never executed', () => {
  assert.equal(refused('tomorow').hint, 'Did you mean tomorrow?')
  assert.equal(refused('fridya 17:00').hint, 'Did you mean friday 17:00?')
  assert.equal(refused('3 marhc').hint, 'Did you mean 3 march?')
  assert.match(refused('xyzzy').hint!, /todo help dates/)
})

test('A refusal names the field, and what is wrong with a date that is nearly one', () => {
  const error = refused('2026-02-30')
  assert.deepEqual(error.fields, [{ pointer: '/due', code: 'bad_date', message: error.message }])
  assert.match(error.message, /February 2026 has 28 days/)
  assert.match(refused('30 feb').message, /February has 29 days/)
  assert.match(refused('fri 28 nov').message, /is a Saturday, not a Friday/)
  assert.match(refused('15').hint!, /15th .* \+15d/)
  assert.match(refused('5/6').hint!, /"5 jun" or "6 may"/)
  assert.match(refused('tonight').hint!, /today 20:00/)
})

test('What is no date is refused whatever it resembles', () => {
  const texts =
    '| |in|next|+|+3x|3dx|fri sat|9am 5pm|25:00|9:60|13pm|0am|at|@|2026-13-01|2026-00-10|0th|32nd|17:|mon-'
  for (const text of [...texts.split('|'), '+999999y', '0026-01-01', 'w0']) refused(text)
  refused('1 '.repeat(200))
})

test('Reading without throwing tells a wrong date from no date', () => {
  assert.equal(readDate('eggs', { now, timeZone: 'UTC' }), undefined)
  assert.match((readDate('30 feb', { now, timeZone: 'UTC' }) as { message: string }).message, /February/)
})
