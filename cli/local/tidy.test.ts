import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTidy } from './tidy.ts'

test('garbage is collected when memory has grown, once, and never while somebody asks', (t) => {
  let megabytes = 75
  const collected = t.mock.fn(() => {
    megabytes = 70
  })
  const before = globalThis.gc
  globalThis.gc = collected as never
  t.after(() => {
    globalThis.gc = before as never
  })
  let idleMs = 0
  const tidy = createTidy(
    () => idleMs,
    () => megabytes * 1024 * 1024,
  )
  const look = (idle: number, grown: number) => {
    idleMs = idle
    megabytes += grown
    tidy()
    return collected.mock.callCount()
  }
  assert.equal(look(0, 0), 0)
  assert.equal(look(1_999, 0), 0)
  assert.equal(look(3_000, 0), 1, 'what the start left behind')
  assert.equal(look(6_000, 3), 1)
  assert.equal(look(0, 80), 1, 'somebody asks')
  assert.equal(look(2_001, 0), 2)
  assert.equal(look(5_000, 20), 3, 'work that nobody asked for')
})
