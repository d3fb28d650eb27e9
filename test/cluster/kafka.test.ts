import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../deploy/minikube/client.ts'
import { assertEffects, cluster, outboxDepth, startLoad, startTestSink } from '../support/cluster.ts'

const sink = await startTestSink()
const load = await startLoad(sink)
const awayMs = 60_000

test('with Kafka away for a minute the API answers every request, and the backlog drains when it returns', async (t) => {
  await load.start('kafka away', 10)
  await sleep(2_000)
  await cluster.kubectl(['scale', 'statefulset/kafka', '--replicas=0'])
  await cluster.kubectl(['wait', '--for=delete', 'pod/kafka-0', '--timeout=60s'])
  await sleep(awayMs)
  const backlog = await outboxDepth()
  assert.ok(backlog > 0, 'the outbox keeps what cannot be sent')
  await cluster.kubectl(['scale', 'statefulset/kafka', '--replicas=1'])
  await cluster.rolledOut('statefulset/kafka', 180)
  const returned = Date.now()
  const { sent, answered, slowestMs, failures } = await load.stop()
  t.diagnostic(`${answered} of ${sent} answered, the slowest in ${slowestMs} ms; ${backlog} events waited`)
  assert.deepEqual(failures, [])
  assert.equal(answered, sent)
  await eventually('an empty outbox', outboxDepth, (depth) => depth === 0, 120_000)
  t.diagnostic(`drained ${((Date.now() - returned) / 1000).toFixed(1)} s after Kafka was ready`)
  const { events, posts, repeated } = await assertEffects(load, sink, { ms: 120_000 })
  t.diagnostic(`${events} events, ${posts} posts, ${repeated} repeated`)
})
