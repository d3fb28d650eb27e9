import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cronBinding, pubsubName, stateStoreName } from '../../shared/dapr/names.ts'
import { clusterChecks, components, type Kubectl } from './cluster.ts'

const pod = (
  app: string,
  more: { ready?: string; beside?: boolean; restarts?: number; waiting?: string; name?: string } = {},
) => {
  const { ready = 'True', beside = true, restarts = 0, waiting, name = `${app}-1` } = more
  const state = waiting === undefined ? { running: {} } : { waiting: { reason: waiting } }
  const sidecar = { name: 'daprd', ready: true, restartCount: 0 }
  return {
    metadata: {
      name,
      labels: { 'app.kubernetes.io/name': app },
      annotations: { 'dapr.io/enabled': app === 'exporter' ? 'false' : 'true' },
    },
    status: {
      conditions: [{ type: 'Ready', status: ready }],
      containerStatuses: [{ name: app, ready: ready === 'True', restartCount: restarts, state }],
      initContainerStatuses: beside ? [sidecar] : [],
    },
  }
}

const deployment = (name: string, availableReplicas = 1) => ({
  metadata: { name },
  spec: {},
  status: { availableReplicas },
})
const named = (name: string) => ({ metadata: { name }, spec: {}, status: {} })

type Cluster = {
  pods?: object[]
  jobs?: object[]
  deployments?: object[]
  components?: object[]
  /** For every pod, or for one of a name. */
  readyz?: object
  readyzOf?: Record<string, object>
  metrics?: string
}

const healthyMetrics = `# TYPE todo_broker_up gauge
todo_broker_up 1
todo_consumer_lag{group="notifier",topic="task-events"} 3
todo_consumer_members{group="notifier"} 1
todo_dead_letters{topic="task-events.notifier.dlq",app="notifier"} 0
`

function kubectlOf(cluster: Cluster): Kubectl {
  const {
    pods = ['server', 'notifier', 'recurrer', 'exporter'].map((app) => pod(app)),
    jobs = [],
    deployments = ['dapr-operator', 'dapr-sentry', 'dapr-sidecar-injector'].map((name) => deployment(name)),
    components: found = components.map(named),
    readyz = { status: 'ready', checks: { database: 'ok', sidecar: 'ok', relay: 'leader', bus: 'ok' } },
    metrics = healthyMetrics,
  } = cluster
  const { readyzOf = {} } = cluster
  const lists: Record<string, object[]> = { pods, jobs, deployments, 'components.dapr.io': found }
  return async ([verb, what = '', ...rest]) => {
    if (verb === 'exec') return rest.at(-1) === '/readyz' ? JSON.stringify(readyzOf[what] ?? readyz) : metrics
    const items = lists[what]
    if (verb !== 'get' || items === undefined) throw new Error(`unknown: ${verb} ${what}`)
    return JSON.stringify({ items })
  }
}

const failing = async (cluster: Cluster) =>
  (await clusterChecks(kubectlOf(cluster), 'todo')).filter(({ ok }) => !ok)

test('the components that are looked for are those of the code', () => {
  assert.deepEqual([...components].sort(), [cronBinding, pubsubName, stateStoreName].sort())
})

test('a healthy release is well in every part', async () => {
  const checks = await clusterChecks(kubectlOf({}), 'todo')
  assert.deepEqual(
    checks.map(({ name, ok }) => [name, ok]),
    [
      ...['server', 'notifier', 'recurrer', 'jobs', 'dapr', 'components'],
      ...['server says', 'notifier says', 'recurrer says', 'consumers', 'dead letters'],
    ].map((name) => [name, true]),
  )
})

test('each thing that is amiss is named, with the case of the runbook', async () => {
  const cases: [Cluster, name: string, detail: RegExp, hint: RegExp][] = [
    [{ pods: others }, 'server', /has no pod/, /service-missing/],
    [
      { pods: [pod('server', { ready: 'False', restarts: 4, waiting: 'CrashLoopBackOff' }), ...others] },
      ...([
        'server',
        /0 of 1 ready, 1 with a sidecar, 4 restarts, CrashLoopBackOff/,
        /service-missing/,
      ] as const),
    ],
    [
      { pods: [pod('server', { beside: false }), ...others] },
      ...(['server', /1 of 1 ready, 0 with a sidecar/, /sidecar-missing/] as const),
    ],
    [
      { jobs: [{ ...named('migrate'), status: { failed: 5 } }] },
      'jobs',
      /migrate failed/,
      /logs job\/migrate/,
    ],
    [{ deployments: [deployment('dapr-sentry', 0)] }, 'dapr', /away: dapr-sentry/, /sidecar-missing/],
    [{ deployments: [] }, 'dapr', /not in dapr-system/, /sidecar-missing/],
    [
      { components: [named('task-pubsub')] },
      'components',
      /todo-statestore, recurring/,
      /component-not-loaded/,
    ],
    [{ metrics: 'todo_broker_up 0\n' }, 'broker', /does not answer/, /kafka-outage/],
    [
      { metrics: healthyMetrics.replace('"} 3', '"} 5000') },
      ...(['consumers', /notifier on task-events: 5000/, /consumer-behind/] as const),
    ],
    [
      { metrics: healthyMetrics.replace('members{group="notifier"} 1', 'members{group="notifier"} 0') },
      ...(['consumers', /no member in notifier/, /stuck-partition/] as const),
    ],
    [
      { metrics: healthyMetrics.replace('app="notifier"} 0', 'app="notifier"} 2') },
      ...(['dead letters', /task-events\.notifier\.dlq on notifier: 2/, /dead-letters/] as const),
    ],
  ]
  for (const [cluster, name, detail, hint] of cases) {
    const [first, ...rest] = await failing(cluster)
    assert.equal(first?.name, name)
    assert.match(first!.detail, detail)
    assert.match(first!.hint!, hint)
    assert.deepEqual(rest, [], `${name} alone`)
  }
})

test('what a service says of its bus is told of each', async () => {
  const readyz = { status: 'ready', checks: { database: 'ok', bus: 'sidecar_unreachable' } }
  const found = await failing({ readyz })
  assert.deepEqual(
    found.map(({ name, detail }) => [name, detail]),
    ['server', 'notifier', 'recurrer'].map((name) => [
      `${name} says`,
      'ready, database ok, bus sidecar_unreachable',
    ]),
  )
})

test('with events off a server alone is well', async () => {
  const alone = { ...pod('server', { beside: false }) }
  alone.metadata.annotations = { 'dapr.io/enabled': 'false' }
  const checks = await clusterChecks(kubectlOf({ pods: [alone], readyz: { status: 'ready' } }), 'todo')
  assert.deepEqual(
    checks.filter(({ ok }) => !ok),
    [],
  )
  assert.match(checks.find(({ name }) => name === 'notifier')!.detail, /switched off with the events/)
})

test('a cluster that cannot be reached is one line, with how to choose another', async () => {
  const [only, ...rest] = await clusterChecks(
    () => Promise.reject(new Error('kubectl is not installed')),
    'todo',
  )
  assert.deepEqual(rest, [])
  assert.match(only!.detail, /kubectl is not installed/)
  assert.match(only!.hint!, /--kube-context/)
})

const others = ['notifier', 'recurrer', 'exporter'].map((app) => pod(app))
const servers = [pod('server', { name: 'server-1' }), pod('server', { name: 'server-2' })]
const says = (relay: string, bus: string) => ({
  status: 'ready',
  checks: { database: 'ok', sidecar: 'ok', relay, bus },
})

test('of several servers each is asked, since only the one that publishes knows of the bus', async () => {
  const pods = [...servers, ...others]
  const readyzOf = {
    'server-1': says('standby', 'not asked'),
    'server-2': says('leader', 'sidecar_unreachable'),
  }
  const [found, ...rest] = await failing({ pods, readyzOf })
  assert.equal(found?.name, 'server says')
  assert.match(found!.detail, /relay leader, bus sidecar_unreachable/)
  assert.match(found!.hint!, /kafka-outage/)
  assert.deepEqual(rest, [])
  const nobody = await failing({ pods, readyzOf: { ...readyzOf, 'server-2': says('standby', 'not asked') } })
  assert.match(nobody[0]!.detail, /none of 2 publishes/)
  assert.match(nobody[0]!.hint!, /relay-without-a-leader/)
})

test('a pod that runs and is not ready says why itself', async () => {
  const pods = [pod('server', { ready: 'False' }), pod('notifier', { ready: 'False' }), ...others.slice(1)]
  const readyzOf = {
    'server-1': { status: 503, detail: 'The database does not answer.' },
    'notifier-1': { status: 'not ready', checks: { database: 'away', sidecar: 'ok' } },
  }
  const found = await failing({ pods, readyzOf })
  const said = found.map(({ name, detail, hint }) => `${name}: ${detail} ${hint}`)
  assert.ok(said.some((one) => /^server says: The database does not answer\. .*database-away/.test(one)))
  assert.ok(said.some((one) => /^notifier says: not ready, database away, .*database-away/.test(one)))
})

test('a pod that is on its way out is nothing to worry about', async () => {
  const leaving = pod('server', { ready: 'False', name: 'server-0' })
  Object.assign(leaving.metadata, { deletionTimestamp: '2026-11-21T09:00:00Z' })
  assert.deepEqual(await failing({ pods: [leaving, ...servers.slice(0, 1), ...others] }), [])
})
