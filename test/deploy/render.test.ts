import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { root } from '../../deploy/local/settings.ts'
import { brokerArgs } from '../../deploy/minikube/up.ts'
import { faultsOf, type Manifest, podSpecOf } from '../../deploy/policy.ts'
import { appIds, cronBinding, pubsubName, stateStoreName } from '../../shared/dapr/names.ts'
import { kubeconformArgs } from '../support/schemas.ts'

const chart = join(root, 'deploy/chart')
const kubernetes = '1.34.0'

const helm = (values: string[], sets: string[]) => [
  ...['template', 'todo', chart, '--namespace', 'todo', '--kube-version', kubernetes],
  ...values.flatMap((file) => ['--values', file]),
  ...sets.flatMap((set) => ['--set', set]),
]

/** What only an installation knows: the addresses of managed services. */
const addresses: Record<string, string[]> = {
  doks: [
    ...['kafka.brokers=kafka-do-user-1.db.ondigitalocean.com:25073', 'publicUrl=https://todo.example.org'],
    'redis.host=valkey-do-user-1.db.ondigitalocean.com:25061',
  ],
}

const render = (values: string[], sets: string[]): string =>
  execFileSync('helm', helm(values, sets), { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 })

const objectsIn = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((one) => {
      assert.deepEqual(one.errors, [])
      return one.toJS() as Manifest | null
    })
    .filter((one) => one !== null)

/** The values of each target, as somebody installs with them. */
const targets = readdirSync(join(root, 'deploy'))
  .map((name) => join(root, 'deploy', name, 'values.yaml'))
  .filter((file) => existsSync(file) && !file.startsWith(chart))

const switches: Record<string, string[]> = {
  'as it is': [],
  'events off': ['events.enabled=false'],
  'the server alone': ['notifier.enabled=false', 'recurrer.enabled=false'],
  'the notifier alone': [
    ...['server.enabled=false', 'recurrer.enabled=false', 'components.enabled=false'],
    ...['migrate.enabled=false', 'topics.enabled=false'],
  ],
  'the recurrer alone': ['server.enabled=false', 'notifier.enabled=false', 'components.enabled=false'],
  'many of each': ['server.replicas=4', 'notifier.replicas=3', 'recurrer.replicas=2'],
  'scaled by load': ['server.autoscaling.enabled=true', 'notifier.keda.enabled=true'],
  'SCRAM over TLS': [
    ...['kafka.authType=password', 'kafka.saslMechanism=SHA-512', 'kafka.tls=true', 'redis.tls=true'],
    ...['notifier.keda.enabled=true', 'notifier.keda.authenticationRef=todo-kafka'],
  ],
  'a gateway with TLS': [
    ...['gateway.enabled=true', 'gateway.existing=', 'gateway.className=cilium'],
    ...['gateway.host=todo.example.org', 'gateway.tls.secret=todo-tls'],
  ],
  'a gateway that is there': [
    'gateway.enabled=true',
    'gateway.existing=edge/public',
    'gateway.host=todo.example.org',
  ],
  'a load balancer': ['server.service.type=LoadBalancer'],
  'traces sent': ['tracing.endpoint=https://collector.observability:4318'],
  'sidecars not required': ['sidecar.required=false'],
  'policies off': ['networkPolicy.enabled=false'],
  'an image by its digest': [`image.digest=sha256:${'a'.repeat(64)}`],
  'images that need a secret': ['image.pullSecrets[0]=registry'],
  watched: ['observability.enabled=true'],
  'watched with a token': ['observability.enabled=true', 'server.metrics.tokenSecret=todo-metrics'],
}

for (const file of targets) {
  const target = file.split('/').at(-2)!
  for (const [name, sets] of Object.entries(switches)) {
    test(`${target}, ${name}: it renders, keeps every rule, and is what Kubernetes takes`, () => {
      const text = render([file], [...(addresses[target] ?? []), ...sets])
      const objects = objectsIn(text)
      assert.doesNotMatch(text, /\$\{[A-Z_]+\}/, 'a name without a value')
      assert.deepEqual(faultsOf(objects, { ours: true }), [])
      const names = objects.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata?.name}`)
      assert.equal(new Set(names).size, names.length, 'two objects with one name')
      const checked = spawnSync('kubeconform', kubeconformArgs(kubernetes), { input: text, encoding: 'utf8' })
      assert.equal(checked.status, 0, checked.stdout + checked.stderr)
    })
  }
}

const minikube = [join(root, 'deploy/minikube/values.yaml')]
const ofKind = (objects: Manifest[], kind: string) =>
  objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata!.name!)

test('each service has its Deployment, its account and its sidecar, and the names are those of the code', () => {
  const objects = objectsIn(render(minikube, []))
  assert.deepEqual(ofKind(objects, 'Deployment').sort(), [...appIds].sort())
  assert.deepEqual(ofKind(objects, 'ServiceAccount').sort(), [...appIds].sort())
  assert.deepEqual(ofKind(objects, 'Component').sort(), [cronBinding, pubsubName, stateStoreName].sort())
  for (const one of objects.filter(({ kind }) => kind === 'Deployment')) {
    const { template } = one.spec as { template: { metadata: { annotations: Record<string, string> } } }
    const { annotations } = template.metadata
    assert.equal(annotations['dapr.io/app-id'], one.metadata!.name)
    assert.equal(annotations['dapr.io/enable-native-sidecar'], 'true')
    assert.equal(annotations['dapr.io/config'], ofKind(objects, 'Configuration')[0])
    assert.ok(annotations['dapr.io/sidecar-memory-limit'])
    assert.deepEqual(podSpecOf(one)!.serviceAccountName, one.metadata!.name)
  }
})

test('without events there is a server, and nothing that would need a sidecar', () => {
  const text = render(minikube, ['events.enabled=false'])
  const objects = objectsIn(text)
  assert.deepEqual(ofKind(objects, 'Deployment'), ['server'])
  assert.deepEqual(
    objects.filter(({ apiVersion }) => apiVersion?.startsWith('dapr.io/')),
    [],
  )
  assert.deepEqual(ofKind(objects, 'Job'), ['migrate'])
  assert.doesNotMatch(text, /dapr\.io\/enabled: "true"|DAPR_HTTP_PORT|APP_API_TOKEN/)
})

test('where Dapr is, its parts stay while events are off: a sidecar without its Configuration would end at once', () => {
  const sets = ['events.enabled=false']
  const text = execFileSync('helm', [...helm(minikube, sets), '--api-versions', 'dapr.io/v1alpha1'], {
    encoding: 'utf8',
  })
  const objects = objectsIn(text)
  assert.deepEqual(ofKind(objects, 'Configuration'), ['todo-config'])
  assert.deepEqual(ofKind(objects, 'Deployment'), ['server'])
})

test('each service by a release of its own: no two of them bring the same object', () => {
  const parts = ['server', 'notifier', 'recurrer']
  const names = parts.flatMap((part, place) => {
    const others = parts.filter((one) => one !== part).map((one) => `${one}.enabled=false`)
    const shared = ['components', 'migrate', 'topics'].map((one) => `${one}.enabled=${place === 0}`)
    const args = helm(minikube, [...others, ...shared]).map((word) =>
      word === 'todo' ? `todo-${part}` : word,
    )
    const objects = objectsIn(execFileSync('helm', args, { encoding: 'utf8' }))
    return objects.map(({ kind, metadata }) => `${kind}/${metadata?.name}`)
  })
  assert.deepEqual(
    names.filter((name, place) => names.indexOf(name) !== place),
    [],
  )
})

test('with Redpanda as the broker its address is known, and the way to its port is open', () => {
  const args = [...helm(minikube, []), ...brokerArgs('redpanda', 'todo')]
  const objects = objectsIn(execFileSync('helm', args, { encoding: 'utf8' }))
  const bus = objects.find(({ kind, metadata }) => kind === 'Component' && metadata?.name === pubsubName)
  assert.match(JSON.stringify(bus), /"redpanda-0\.redpanda\.todo\.svc\.cluster\.local:9093"/)
  const ground = objects.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata?.name === 'todo-ground',
  )
  const ports = JSON.stringify(ground?.spec)
  assert.match(ports, /"port":9093/)
  assert.doesNotMatch(ports, /"port":9092/)
})

test('what a job that failed has said stays to be read: each try is a pod of its own', () => {
  type Job = { backoffLimit: number; template: { spec: { restartPolicy: string } } }
  const jobs = objectsIn(render(minikube, [])).filter(({ kind }) => kind === 'Job')
  assert.equal(jobs.length, 2)
  for (const { spec } of jobs) {
    const { template, backoffLimit } = spec as Job
    assert.equal(template.spec.restartPolicy, 'Never')
    assert.ok(backoffLimit >= 2)
  }
})

type Variable = { name: string; value?: string; valueFrom?: { secretKeyRef: Record<string, unknown> } }

/** The variables of each service's own container, by service and name. */
function variables(sets: string[]): Record<string, Record<string, Variable>> {
  const deployments = objectsIn(render(minikube, sets)).filter(({ kind }) => kind === 'Deployment')
  return Object.fromEntries(
    deployments.map((one) => {
      const { env = [] } = podSpecOf(one)!.containers[0]!
      return [one.metadata!.name!, Object.fromEntries((env as Variable[]).map((each) => [each.name, each]))]
    }),
  )
}

test('a consumer may end a sidecar that takes nothing, since the kubelet starts it again; the server never does', () => {
  const asIs = variables([])
  assert.deepEqual(
    appIds.map((name) => asIs[name]!.SIDECAR_RESTART?.value),
    appIds.map((name) => (name === 'server' ? undefined : '1')),
  )
  const off = variables(['sidecar.restart=false'])
  for (const name of appIds) assert.equal(off[name]!.SIDECAR_RESTART, undefined)
})

test('server and notifier seal the secrets of webhooks with one key of one secret', () => {
  const { server, notifier, recurrer } = variables(['secrets.sealing=my-key'])
  for (const one of [server!, notifier!]) {
    const keys = ['SECRETS_KEY', 'SECRETS_KEY_PREVIOUS'].map((name) => one[name]!.valueFrom!.secretKeyRef)
    assert.deepEqual(keys, [
      { name: 'my-key', key: 'key', optional: true },
      { name: 'my-key', key: 'previous', optional: true },
    ])
  }
  assert.equal(recurrer!.SECRETS_KEY, undefined)
})

test('how long the server drains, and who may read its figures, are values of their own', () => {
  const { server } = variables([])
  assert.equal(server!.DRAIN_MS!.value, '3000')
  assert.equal(server!.METRICS_FROM, undefined, 'loopback, which is its own default')
  assert.equal(server!.METRICS_TOKEN, undefined)
  const from = (sets: string[]) => variables(sets).server!.METRICS_FROM?.value
  assert.equal(from(['observability.enabled=true']), 'private')
  const own = ['server.metrics.from=10.0.0.0/8\\,loopback', 'observability.enabled=true']
  assert.equal(from(own), '10.0.0.0/8,loopback')
  assert.equal(variables(['server.drainMs=2000']).server!.DRAIN_MS!.value, '2000')
})

test('with a token for the figures the server demands it and the monitor sends it', () => {
  const sets = ['server.metrics.tokenSecret=todo-metrics', 'observability.enabled=true']
  const wanted = { name: 'todo-metrics', key: 'token' }
  assert.deepEqual(variables(sets).server!.METRICS_TOKEN!.valueFrom!.secretKeyRef, wanted)
  const monitor = objectsIn(render(minikube, sets)).find(
    ({ kind, metadata }) => kind === 'PodMonitor' && metadata?.name === 'todo',
  )
  const { podMetricsEndpoints } = monitor!.spec as { podMetricsEndpoints: { authorization?: object }[] }
  assert.deepEqual(podMetricsEndpoints[0]!.authorization, { type: 'Bearer', credentials: wanted })
})

test('a service that can spare a pod has a disruption budget, one that cannot has none that would block its node', () => {
  const budgets = (sets: string[]) => ofKind(objectsIn(render(minikube, sets)), 'PodDisruptionBudget').sort()
  assert.deepEqual(budgets([]), ['server'])
  assert.deepEqual(budgets(['server.replicas=1']), [])
  assert.deepEqual(budgets(['notifier.replicas=2', 'recurrer.replicas=2']), [
    'notifier',
    'recurrer',
    'server',
  ])
})

test('a scaled service has no number of replicas of its own that would undo the scaling', () => {
  const objects = objectsIn(
    render(minikube, ['server.autoscaling.enabled=true', 'notifier.keda.enabled=true']),
  )
  const replicas = Object.fromEntries(
    objects
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata, spec }) => [metadata!.name!, (spec as { replicas?: number }).replicas]),
  )
  assert.deepEqual(replicas, { server: undefined, notifier: undefined, recurrer: 1 })
})

test('every pod of the release is denied everything that no other policy allows', () => {
  const objects = objectsIn(render(minikube, []))
  const deny = objects.find(
    ({ metadata, kind }) => kind === 'NetworkPolicy' && metadata?.name === 'todo-default-deny',
  )
  const { podSelector, policyTypes } = deny!.spec as {
    podSelector: { matchLabels: Record<string, string> }
    policyTypes: string[]
  }
  assert.deepEqual(policyTypes, ['Ingress', 'Egress'])
  for (const one of objects.filter(({ kind }) => kind === 'Deployment' || kind === 'Job')) {
    const { template } = one.spec as { template: { metadata: { labels: Record<string, string> } } }
    for (const [key, value] of Object.entries(podSelector.matchLabels)) {
      assert.equal(template.metadata.labels[key], value, `${one.kind}/${one.metadata?.name} ${key}`)
    }
  }
})

test('what is wrong is refused before anything reaches a cluster', () => {
  const refused: [string[], RegExp][] = [
    [['kafka.saslMechanism=SCRAM-SHA-256'], /saslMechanism/],
    [['image.tag=latest'], /image\.tag is latest, which moves .* name a version/],
    [['server.env.JWT_SECRET=x'], /JWT_SECRET/],
    [['kafka.brokers='], /kafka\.brokers must be set/],
    [['redis.host='], /redis\.host must be set/],
    [['servers.replicas=3'], /servers/],
  ]
  for (const [sets, said] of refused) {
    const { status, stderr } = spawnSync('helm', helm(minikube, sets), { encoding: 'utf8' })
    assert.notEqual(status, 0, sets[0])
    assert.match(stderr, said)
  }
})
