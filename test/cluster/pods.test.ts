import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { containersOf, isWhole, servicePods } from '../../deploy/minikube/check.ts'
import { eventually } from '../../deploy/minikube/client.ts'
import { defaultPort } from '../../deploy/minikube/up.ts'
import { cluster, config } from '../support/cluster.ts'
import { type ReadyTimes, timeRestart } from '../support/ready-times.ts'

const services = ['server', 'notifier', 'recurrer']

const whole = (service?: string) =>
  eventually(
    `pods of ${service ?? 'all'} with 2/2`,
    () => servicePods(cluster, service),
    (pods) => pods.length > 0 && pods.every(isWhole),
    90_000,
  )

test('every pod of ours shows 2/2: the service and its sidecar', async () => {
  await whole()
  const said = await cluster.kubectl(['get', 'pods', '-l', 'app.kubernetes.io/part-of=todo', '--no-headers'])
  const ready = said
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/)[1])
  assert.ok(ready.length >= services.length)
  assert.deepEqual(new Set(ready), new Set(['2/2']))
})

/** On a machine that does other work a start may be slow for reasons that are not ours. */
const attempts = 4

const isInTime = ({ stamped, answered, ready }: ReadyTimes) =>
  stamped < 2 && answered < 2_000 && ready < 2_000

for (const service of services) {
  test(`the ${service} is ready in less than two seconds from its container's start, by the conditions of its pods`, async (t) => {
    const seen: ReadyTimes[][] = []
    while (!seen.at(-1)?.every(isInTime) && seen.length < attempts) seen.push(await timeRestart(service))
    for (const one of seen.flat()) t.diagnostic(said(one))
    assert.ok(seen.at(-1)!.every(isInTime))
  })
}

/** Milliseconds from the start of the process, then the whole seconds of Kubernetes. */
const said = ({ pod, listening, answered, ready, stamped }: ReadyTimes) =>
  `${pod}: listening ${listening}, /readyz ${answered}, condition Ready ${ready} ms; by its stamps ${stamped} s`

test('the way to the API that minikube-up has opened leads to the next pod when its own has gone', async () => {
  await timeRestart('server')
  const all = () =>
    cluster.list<{ metadata: { deletionTimestamp?: string } }>('pods', 'app.kubernetes.io/name=server')
  await eventually(
    'no old pod',
    all,
    (pods) => pods.every(({ metadata }) => metadata.deletionTimestamp === undefined),
    60_000,
  )
  await sleep(3_000)
  const answer = await fetch(`http://127.0.0.1:${config.port ?? defaultPort}/readyz`)
  assert.equal(answer.status, 200)
})

test('a service can neither write beside its /tmp nor find a token of the cluster', async () => {
  const program = `
    const { writeFileSync, existsSync } = require('node:fs')
    const tried = ['/app/x', '/x', '/usr/local/bin/x'].map((file) => { try { writeFileSync(file, ''); return file } catch (e) { return e.code } })
    writeFileSync('/tmp/x', '')
    const token = existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token')
    console.log(JSON.stringify({ tried, token, uid: process.getuid(), shell: existsSync('/bin/sh') }))`
  for (const service of services) {
    const args = ['exec', `deployment/${service}`, '-c', service, '--', '/usr/local/bin/node', '-e', program]
    const said = JSON.parse(await cluster.kubectl(args)) as {
      tried: string[]
      token: boolean
      uid: number
      shell: boolean
    }
    assert.deepEqual(said, { tried: Array(3).fill(said.tried[0]), token: false, uid: 1000, shell: false })
    assert.match(said.tried[0]!, /^(EROFS|EACCES)$/)
  }
})

test('the API server of the cluster takes everything that the chart renders, field by field', async () => {
  const rendered = await cluster.helm(['get', 'manifest', 'todo'])
  const said = await cluster.kubectl(
    ['apply', '--dry-run=server', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'],
    { input: rendered },
  )
  assert.match(said, /component\.dapr\.io\/task-pubsub/)
  assert.match(said, /deployment\.apps\/server/)
})

/** MiB: the lowest of all, which is a sidecar's. */
const leastLimit = 256

type Usage = { containers: { name: string; usage: { memory: string } }[]; metadata: { name: string } }

const mebibytes = (quantity: string): number => {
  const factors: Record<string, number> = { Ki: 1 / 1024, Mi: 1, Gi: 1024, '': 1 / 1024 / 1024 }
  const [, number, unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity) ?? []
  return Number(number) * factors[unit]!
}

test('services and sidecars stay below three quarters of their limits of memory', async (t) => {
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${cluster.namespace}/pods?labelSelector=app.kubernetes.io/part-of%3Dtodo`
  const usages = await eventually(
    'figures of memory for every pod',
    async () => (JSON.parse(await cluster.kubectl(['get', '--raw', path])) as { items: Usage[] }).items,
    (items) => items.length >= services.length && items.every(({ containers }) => containers.length === 2),
    90_000,
  )
  for (const { metadata, containers } of usages) {
    for (const { name, usage } of containers) {
      const used = mebibytes(usage.memory)
      t.diagnostic(`${metadata.name} ${name}: ${used.toFixed(0)} MiB`)
      assert.ok(used > 0 && used < 0.75 * leastLimit, `${metadata.name} ${name}: ${used} MiB`)
    }
  }
})

test('no container of ours has been started again', async () => {
  const pods = await servicePods(cluster)
  for (const pod of pods) {
    for (const { name, restartCount } of containersOf(pod)) {
      assert.equal(restartCount, 0, `${pod.metadata.name} ${name}`)
    }
  }
})
