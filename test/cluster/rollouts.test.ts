import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertEffects, cluster, startLoad, startTestSink } from '../support/cluster.ts'

const rate = 50

const sink = await startTestSink()
const load = await startLoad(sink)

// Without the sleep before the stop signal and without the drain after it, 33 of 1,025 requests are refused here.
for (const service of ['server', 'notifier', 'recurrer']) {
  test(`a rollout of the ${service} under ${rate} requests a second fails none of them`, async (t) => {
    await load.start(`rollout of ${service}`, rate)
    await sleep(2_000)
    await cluster.kubectl(['rollout', 'restart', `deployment/${service}`])
    await cluster.rolledOut(`deployment/${service}`, 180)
    // What the old pods still had to finish is part of it.
    await sleep(8_000)
    const { sent, answered, slowestMs, failures } = await load.stop()
    t.diagnostic(`${answered} of ${sent} answered, the slowest in ${slowestMs} ms`)
    assert.deepEqual(failures, [])
    assert.equal(answered, sent)
  })
}

test('after these rollouts nothing is lost and nothing has happened twice', async (t) => {
  const { events, posts, repeated, reminders } = await assertEffects(load, sink)
  t.diagnostic(`${events} events, ${reminders} of them reminders, ${posts} posts, ${repeated} repeated`)
  assert.ok(reminders > 0)
  assert.equal(repeated, 0)
})
