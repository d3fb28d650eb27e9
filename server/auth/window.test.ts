import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWindow } from './window.ts'

const clock = () => {
  let time = 1_000_000
  return { now: () => time, pass: (ms: number) => (time += ms) }
}

test('exactly so many are allowed in any minute, and one more as soon as the oldest is a minute old', () => {
  const { now, pass } = clock()
  const window = createWindow(3, now)
  assert.deepEqual(window.take('a'), { waitSec: 0, left: 2, resetSec: 60 })
  pass(10_000)
  assert.equal(window.take('a').waitSec, 0)
  pass(10_000)
  assert.deepEqual(window.take('a'), { waitSec: 0, left: 0, resetSec: 40 })
  assert.deepEqual(window.take('a'), { waitSec: 40, left: 0, resetSec: 40 })
  pass(40_000)
  assert.equal(window.take('a').waitSec, 0)
  assert.equal(window.take('a').waitSec, 10)
})

test('keys do not share', () => {
  const window = createWindow(1, clock().now)
  assert.equal(window.take('a').waitSec, 0)
  assert.equal(window.take('b').waitSec, 0)
  assert.equal(window.wait('a'), 60)
  assert.equal(window.left('c'), 1)
})

test('what was counted beyond the limit has to leave the minute too', () => {
  const { now, pass } = clock()
  const window = createWindow(2, now)
  window.add('a')
  pass(20_000)
  for (let n = 0; n < 3; n += 1) window.add('a')
  assert.equal(window.wait('a'), 60)
  pass(40_001)
  assert.equal(window.left('a'), 0)
  pass(20_000)
  assert.equal(window.left('a'), 2)
})
