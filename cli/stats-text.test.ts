import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawStats, sparkline, spokenHours, squeezed } from './stats-text.ts'

test('a sparkline is as high as its share of the most, and a day without anything is a dot', () => {
  assert.equal(sparkline([0, 1, 4, 8]), '·▁▄█')
  assert.equal(sparkline([0, 0]), '··')
  assert.equal(sparkline([]), '')
})

test('more days than columns are put together', () => {
  assert.deepEqual(squeezed([1, 2, 3, 4, 5], 2, 'sum'), [6, 9])
  assert.deepEqual(squeezed([1, 2, 3, 4, 5], 2, 'last'), [3, 5])
  assert.deepEqual(squeezed([1, 2], 80, 'sum'), [1, 2])
})

test('times are told in the unit that a reader thinks in', () => {
  assert.deepEqual([null, 0.5, 1.25, 47, 60].map(spokenHours), ['–', '30 min', '1.3 h', '47 h', '2.5 days'])
})

test('figures of nothing at all are drawn too', () => {
  const none = { count: 0, median: null, p85: null }
  const text = drawStats(
    {
      todo: 0,
      doing: 0,
      overdue: 0,
      done: 0,
      lead_time: none,
      cycle_time: none,
      days: [{ date: '2026-11-21', created: 0, completed: 0, open: 0 }],
      ages: [{ from: 0, to: 1, count: 0 }],
    },
    { color: false, width: 80, now: new Date(), timeZone: 'UTC' },
  )
  assert.match(text, /0 open, 0 of them being done, 0 overdue; 0 done/)
})
