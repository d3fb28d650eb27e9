import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from './outcome.ts'
import { createTargets } from './targets.ts'

const outage: Outcome = { class: 'transient', status: 503, error: '', outage: true }
const sent: Outcome = { class: 'sent', status: 204 }

/** Targets on a clock of their own. `room` is what `key` has left; null = nothing is held against it. */
function setUp() {
  let at = 1_000_000
  const targets = createTargets(() => at)
  return {
    targets,
    pass: (ms: number) => {
      at += ms
    },
    room: (key: string) => targets.rooms(() => 8).find((one) => one.key === key)?.room ?? null,
    end: (key: string, outcome: Outcome) => {
      targets.begin(key)
      targets.end(key, outcome)
    },
  }
}

test('a target has room for as many as its channel allows at once', () => {
  const { targets, room } = setUp()
  for (let n = 0; n < 8; n++) targets.begin('7')
  assert.equal(room('7'), 0)
  targets.end('7', sent)
  assert.equal(room('7'), 1)
})

test('a target that works and is idle is forgotten', () => {
  const { end, room } = setUp()
  end('7', sent)
  assert.equal(room('7'), null)
})

test('five outages in a row close a target; others are not touched', () => {
  const { end, room } = setUp()
  for (let n = 0; n < 4; n++) end('7', outage)
  assert.equal(room('7'), 3)
  end('7', outage)
  assert.equal(room('7'), 0)
  assert.equal(room('8'), null)
})

test('after its time a closed target gets one probe, and a success opens it', () => {
  const { targets, end, room, pass } = setUp()
  for (let n = 0; n < 5; n++) end('7', outage)
  assert.ok(targets.nextOpening() !== null)
  pass(5_000)
  assert.equal(room('7'), 1)
  targets.begin('7')
  assert.equal(room('7'), 0)
  targets.end('7', sent)
  assert.equal(room('7'), null)
})

test('a probe that fails closes it for longer, but never for more than 25 seconds', () => {
  const { end, room, pass } = setUp()
  for (let n = 0; n < 20; n++) end('7', outage)
  pass(24_999)
  assert.equal(room('7'), 0)
  pass(1)
  assert.equal(room('7'), 1)
})

test('a message that is refused for its own sake says nothing against the target', () => {
  const { end, room } = setUp()
  for (let n = 0; n < 9; n++) end('email', { class: 'permanent', status: 400, error: '' })
  for (let n = 0; n < 9; n++) end('email', { class: 'transient', status: 450, error: '', outage: false })
  assert.equal(room('email'), null)
})

test('throttling closes the whole target for as long as it asks', () => {
  const { end, room, pass } = setUp()
  end('email', { class: 'throttled', status: 429, error: '', retryAfterMs: 30_000 })
  assert.equal(room('email'), 0)
  pass(30_000)
  assert.equal(room('email'), null)
})

test('a refused key pauses the provider, longer each time, with one probe in between', () => {
  const { end, room, pass } = setUp()
  const refused: Outcome = { class: 'credential', status: 401, error: '' }
  end('email', refused)
  assert.equal(room('email'), 0)
  pass(60_000)
  assert.equal(room('email'), 1)
  end('email', refused)
  pass(60_000)
  assert.equal(room('email'), 0)
  pass(60_000)
  assert.equal(room('email'), 1)
  end('email', sent)
  assert.equal(room('email'), null)
})
