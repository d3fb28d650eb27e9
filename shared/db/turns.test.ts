import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns } from './turns.ts'

test('no more than the limit are at work at once, in the order of their coming', async () => {
  const turns = createTurns(2, 60_000)
  const order: number[] = []
  let most = 0
  await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      turns.take(async () => {
        order.push(n)
        most = Math.max(most, turns.counts().active)
        await new Promise(setImmediate)
      }),
    ),
  )
  assert.equal(most, 2)
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  assert.deepEqual(turns.counts(), { active: 0, waiting: 0, max: 2 })
})

test('whoever waits too long is told to come again, and its work is never done', async () => {
  const turns = createTurns(1, 20)
  const held = Promise.withResolvers<void>()
  const first = turns.take(() => held.promise)
  let done = false
  const late = turns.take(async () => {
    done = true
  })
  await assert.rejects(late, { code: 'unavailable', reason: 'too_busy' })
  held.resolve()
  await first
  assert.equal(done, false)
  assert.equal(await turns.take(async () => 'next'), 'next')
})

test('work that fails gives its turn on', async () => {
  const turns = createTurns(1, 60_000)
  const failing = turns.take(async () => {
    throw new Error('no')
  })
  const next = turns.take(async () => 'yes')
  await assert.rejects(failing)
  assert.equal(await next, 'yes')
})
