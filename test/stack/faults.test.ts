import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { runFaults, violations } from '../chaos/faults/run.ts'
import { startWorld } from '../chaos/faults/world.ts'

// The short form of `make chaos`, the same each time.
let end = async () => {}
after(() => end())

test('parts killed and paused at random under load, several at once: nothing is lost, doubled or out of order', async (t) => {
  const world = await startWorld((ending) => {
    end = ending
  })
  const outcome = await runFaults(world, { faults: 16, perRound: 16, perSecond: 30, seed: 7 })
  assert.deepEqual(violations(outcome.verdict), [])
  assert.ok(outcome.acknowledged > 100)
  const longest = (Math.max(...outcome.recoveriesMs) / 1000).toFixed(1)
  t.diagnostic(
    `${outcome.faults.length} faults, ${outcome.acknowledged} changes, caught up after ${longest} s at most`,
  )
})
