import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cliConfig } from './config.ts'
import { systemZone } from './system-zone.ts'

const offsetsOf = (timeZone: string) =>
  ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z'].map((time) =>
    new Date(time).toLocaleString('en-GB', { timeZone }),
  )

test('the zone of the machine has the clock that Intl has', () => {
  assert.deepEqual(
    offsetsOf(systemZone(cliConfig())),
    offsetsOf(Intl.DateTimeFormat().resolvedOptions().timeZone),
  )
})

test('with TZ set, whatever it says, the answer is the zone that this process really uses', () => {
  for (const timeZone of ['Asia/Tokyo', 'nonsense']) {
    assert.equal(systemZone({ timeZone }), Intl.DateTimeFormat().resolvedOptions().timeZone)
  }
})
