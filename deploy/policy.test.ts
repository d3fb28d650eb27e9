import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { faultsOf, type Manifest } from './policy.ts'

const read = (path: string): Manifest[] =>
  parseAllDocuments(readFileSync(join(import.meta.dirname, path), 'utf8')).map(
    (one) => one.toJS() as Manifest,
  )

const good = () => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'server' },
  spec: {
    template: {
      spec: {
        serviceAccountName: 'server',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        topologySpreadConstraints: [{}],
        containers: [container()],
      } as Record<string, unknown>,
    },
  },
})

const container = (): Record<string, unknown> => ({
  name: 'server',
  image: 'todo:1.2.3',
  resources: { requests: { cpu: '1m', memory: '1Mi' }, limits: { memory: '1Mi' } },
  livenessProbe: { initialDelaySeconds: 20 },
  readinessProbe: {},
  lifecycle: { preStop: {} },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
})

const ours = { ours: true }

test('an object that keeps every rule has no fault', () => {
  assert.deepEqual(faultsOf([good()], ours), [])
})

const plants: [
  fault: RegExp,
  change: (pod: Record<string, unknown>, one: Record<string, unknown>) => void,
][] = [
  [/image that moves: todo:latest/, (_, one) => void (one.image = 'todo:latest')],
  [/image that moves: registry:5000\/todo/, (_, one) => void (one.image = 'registry:5000/todo')],
  [/requests nothing/, (_, one) => void (one.resources = { limits: { memory: '1Mi' } })],
  [/no limit of memory/, (_, one) => void (one.resources = { requests: { cpu: '1m', memory: '1Mi' } })],
  [/no readiness probe/, (_, one) => void delete one.readinessProbe],
  [/no liveness probe/, (_, one) => void delete one.livenessProbe],
  [/takes some seconds to start/, (_, one) => void (one.livenessProbe = {})],
  [/stops without a pause/, (_, one) => void delete one.lifecycle],
  [/may gain privileges/, (_, one) => void delete one.securityContext],
  [/can write to its root/, (_, one) => void delete one.securityContext],
  [/keeps capabilities/, (_, one) => void delete one.securityContext],
  [
    /DATABASE_URL in the clear/,
    (_, one) => void (one.env = [{ name: 'DATABASE_URL', value: 'postgres://a:b@c/d' }]),
  ],
  [/JWT_SECRET in the clear/, (_, one) => void (one.env = [{ name: 'JWT_SECRET', value: 'abc' }])],
  [/token of its account/, (pod) => void delete pod.automountServiceAccountToken],
  [/may run as root/, (pod) => void (pod.securityContext = {})],
  [/no seccomp profile/, (pod) => void (pod.securityContext = { runAsNonRoot: true })],
  [/mounts a folder of its node/, (pod) => void (pod.volumes = [{ name: 'a', hostPath: { path: '/' } }])],
  [/shares a namespace of its node/, (pod) => void (pod.hostNetwork = true)],
  [/no account of its own/, (pod) => void delete pod.serviceAccountName],
  [/not spread over nodes/, (pod) => void delete pod.topologySpreadConstraints],
]

for (const [fault, change] of plants) {
  test(`a planted fault is found: ${fault.source}`, () => {
    const planted = good()
    const pod = planted.spec.template.spec
    change(pod, (pod.containers as Record<string, unknown>[])[0]!)
    assert.match(faultsOf([planted], ours).join('\n'), fault)
  })
}

test('a secret is never brought along, nor written into a component', () => {
  assert.match(
    faultsOf([{ kind: 'Secret', metadata: { name: 'a' } }], ours)[0]!,
    /^Secret\/a: a secret is referred to/,
  )
  const metadata = [{ name: 'redisPassword', value: 'abc' }]
  const component = { kind: 'Component', metadata: { name: 'store' }, spec: { metadata } }
  assert.match(faultsOf([component], ours)[0]!, /redisPassword stands in it in the clear/)
})

test('what minikube-up brings beside the chart keeps the rules for what is not ours', () => {
  const manifests = ['minikube/data.yaml', 'minikube/kafka.yaml'].flatMap(read)
  assert.ok(manifests.length >= 6)
  assert.deepEqual(faultsOf(manifests, { ours: false }), [])
})
