import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWhole, servicePods } from '../../deploy/minikube/check.ts'
import { eventually } from '../../deploy/minikube/client.ts'
import { createCluster } from '../../deploy/minikube/cluster.ts'
import { startSink } from '../../deploy/minikube/sink.ts'
import { cluster, config } from '../support/cluster.ts'

const dapr = createCluster({ context: cluster.context, namespace: 'dapr-system', env: config.env })
const scaleInjector = (replicas: number) =>
  dapr.kubectl(['scale', 'deployment/dapr-sidecar-injector', `--replicas=${replicas}`])

type Event = { reason: string; message: string; lastTimestamp: string | null }

test('with the injector away no pod of ours comes up deaf, others come up, and the rollout goes on when it is back', async () => {
  const before = (await servicePods(cluster, 'notifier')).map(({ metadata }) => metadata.name)
  await scaleInjector(0)
  try {
    await dapr.kubectl(['wait', 'pod', '-l', 'app=dapr-sidecar-injector', '--for=delete', '--timeout=60s'])
    const since = new Date().toISOString().slice(0, 19)
    await cluster.kubectl(['rollout', 'restart', 'deployment/notifier'])
    await eventually(
      'a pod that was refused',
      () => cluster.list<Event>('events'),
      (events) =>
        events.some(
          ({ reason, message, lastTimestamp }) =>
            reason === 'FailedCreate' && /sidecar/.test(message) && (lastTimestamp ?? '') >= since,
        ),
    )
    const sink = await startSink(cluster, 'bystander')
    await sink.remove()
    const during = await servicePods(cluster, 'notifier')
    assert.deepEqual(during.map(({ metadata }) => metadata.name).sort(), before.sort())
    assert.ok(during.every(isWhole))
  } finally {
    await scaleInjector(1)
    await dapr.rolledOut('deployment/dapr-sidecar-injector')
  }
  await cluster.rolledOut('deployment/notifier', 180)
  const after = await eventually(
    'the new pods',
    () => servicePods(cluster, 'notifier'),
    (pods) =>
      pods.length > 0 && pods.every(isWhole) && pods.every(({ metadata }) => !before.includes(metadata.name)),
  )
  assert.ok(after.length >= before.length)
})
