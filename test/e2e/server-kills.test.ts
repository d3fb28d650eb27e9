import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killServers } from '../chaos/server-kills/run.ts'

// Three of the rounds that `make chaos` runs by the dozen.

test('a server killed while people write loses nothing, applies nothing twice and keeps every version', async () => {
  const { kills, tally, tasks, events, faults } = await killServers({ rounds: 3, people: 2 })
  assert.deepEqual(faults, [])
  assert.ok(kills >= 3)
  assert.ok(tally.repeated > 0, 'the kills must have met requests')
  assert.ok(tasks > 0 && events >= tasks)
})
