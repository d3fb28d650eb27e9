import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whileWaiting } from './waiting.ts'

/** Work that ends when it is told to, and what was said meanwhile. */
function scene(isInteractive: boolean) {
  const said: string[] = []
  const stderr = { write: (text: string) => said.push(text) }
  const { promise, resolve } = Promise.withResolvers<string>()
  const terminal = { stdin: process.stdin, stdout: stderr, stderr, isInteractive }
  return { said, terminal, work: () => promise, end: () => resolve('the answer') }
}

test('what takes longer than a moment is named on a terminal, and taken away again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { said, terminal, work, end } = scene(true)
  const answer = whileWaiting(terminal, () => 'the local service', work)
  t.mock.timers.tick(299)
  assert.deepEqual(said, [])
  t.mock.timers.tick(1)
  assert.deepEqual(said, ['Waiting for the local service …'])
  end()
  assert.equal(await answer, 'the answer')
  assert.equal(said.at(-1), '\r\x1b[K')
})

test('what is quick says nothing, nor does anything in a pipe or under the board', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  for (const [isInteractive, isDrawnOn, ms] of [
    [true, false, 299],
    [false, false, 9_999],
    [true, true, 9_999],
  ] as const) {
    const { said, terminal, work, end } = scene(isInteractive)
    const answer = whileWaiting({ ...terminal, isDrawnOn }, () => 'it', work)
    t.mock.timers.tick(ms)
    end()
    await answer
    t.mock.timers.tick(9_999)
    assert.deepEqual(said, [])
  }
})
