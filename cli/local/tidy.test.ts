import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTidy } from './tidy.ts'

test('garbage is collected once after each time of work, and never while somebody asks', (t) => {
  const collected = t.mock.fn()
  const before = globalThis.gc
  globalThis.gc = collected as never
  t.after(() => {
    globalThis.gc = before as never
  })
  let idleMs = 0
  const tidy = createTidy(() => idleMs)
  const after = (...times: number[]) => {
    for (const time of times) {
      idleMs = time
      tidy()
    }
    return collected.mock.callCount()
  }
  assert.equal(after(0, 1_999), 0)
  assert.equal(after(3_000, 6_000, 9_000), 1)
  assert.equal(after(100, 0), 1)
  assert.equal(after(2_001, 5_000), 2)
})
