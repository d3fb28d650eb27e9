import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { containersOf, isWhole, type Pod, servicePods } from '../../deploy/minikube/check.ts'
import { eventually } from '../../deploy/minikube/client.ts'
import { runProgram } from '../../deploy/minikube/cluster.ts'
import { checkConfig } from '../../shared/config.ts'
import { assertEffects, cluster, config, startLoad, startTestSink } from '../support/cluster.ts'

const sink = await startTestSink()
const load = await startLoad(sink)

const allWhole = (because: string) =>
  eventually(
    `all pods ready again after ${because}`,
    () => servicePods(cluster),
    (pods) => pods.length >= 4 && pods.every(isWhole),
    150_000,
  )

/** Requests while things die may fail; what was acknowledged must stay, once. */
async function during(name: string, work: () => Promise<void>): Promise<string> {
  await load.start(name, 20)
  await sleep(2_000)
  await work()
  await allWhole(name)
  await sleep(2_000)
  const { sent, answered, failures } = await load.stop()
  assert.ok(answered > 0)
  return `${answered} of ${sent} answered, ${failures.length} without an answer`
}

test('every pod of ours killed, one after the other: nothing acknowledged is lost, nothing happens twice', async (t) => {
  const told = await during('pods killed', async () => {
    for (const { metadata } of await servicePods(cluster)) {
      await cluster.kubectl(['delete', 'pod', metadata.name, '--force', '--grace-period=0'])
      await sleep(1_500)
    }
  })
  t.diagnostic(told)
  const { events, posts, repeated } = await assertEffects(load, sink, { ms: 150_000 })
  t.diagnostic(`${events} events, ${posts} posts, ${repeated} repeated`)
})

/** Ends one container on its node by SIGKILL, as the kernel does when memory runs out. */
async function killContainer(id: string): Promise<void> {
  const [file = '', ...args] = checkConfig().ctr
  await runProgram(file, [...args, '-n', 'k8s.io', 'tasks', 'kill', '-s', '9', id], { env: config.env })
}

test('every container of the namespace killed on its node, Postgres and Kafka among them: all comes back with its data', async (t) => {
  const told = await during('containers killed', async () => {
    const pods = await cluster.list<Pod>('pods')
    const ids = pods
      .filter(({ metadata }) => !['load', 'sink'].includes(metadata.name))
      .flatMap(containersOf)
      .map(({ containerID = '' }) => containerID.replace(/^containerd:\/\//, ''))
      .filter((id) => id !== '')
    assert.ok(ids.length >= 11, 'four pods with sidecars, and three that they stand on')
    await Promise.all(ids.map(killContainer))
    // Until the kubelet has seen it, everything still looks well.
    await eventually(
      'the deaths seen',
      () => servicePods(cluster),
      (seen) => seen.some((pod) => containersOf(pod).some(({ restartCount }) => restartCount > 0)),
      60_000,
    )
    for (const name of ['postgres', 'valkey', 'kafka']) await cluster.rolledOut(`statefulset/${name}`, 150)
  })
  t.diagnostic(told)
  const { events, posts, repeated } = await assertEffects(load, sink, { ms: 180_000 })
  t.diagnostic(`${events} events, ${posts} posts, ${repeated} repeated`)
})
