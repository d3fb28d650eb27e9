import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { doorManifests } from '../../deploy/doks/door.ts'
import { readSettings, type Settings } from '../../deploy/doks/settings.ts'
import { type Places, valuesOf } from '../../deploy/doks/values.ts'
import { root } from '../../deploy/local/settings.ts'
import { faultsOf, type Manifest } from '../../deploy/policy.ts'
import { doksConfig } from '../../shared/config.ts'
import { kubeconformArgs } from '../support/schemas.ts'

const kubernetes = '1.34.0'

const connection = (name: string, port: number) => ({
  host: `private-${name}-do-user-1.db.ondigitalocean.com`,
  port,
  user: 'doadmin',
  password: 'p',
  uri: '',
})

function placesOf({ kafka }: Settings): Places {
  const managed = {
    brokers: 'private-todo-kafka.db.ondigitalocean.com:25073',
    username: 'todo',
    password: 'p',
    ca: 'PEM',
    mechanism: 'SHA-256' as const,
  }
  return {
    postgres: connection('todo-pg', 25060),
    valkey: connection('todo-kv', 25061),
    kafka: kafka.kind === 'foreign' ? kafka : managed,
  }
}

const chosen = {
  DOKS_HOST: 'todo.example.com',
  ACME_EMAIL: 'ann@example.com',
  IMAGE: `registry.digitalocean.com/ann/todo@sha256:${'a'.repeat(64)}`,
}

const ways: Record<string, Record<string, string>> = {
  'managed Kafka behind a Gateway': chosen,
  'Redpanda Cloud behind a load balancer': {
    DOKS_HOST: chosen.DOKS_HOST,
    IMAGE: chosen.IMAGE,
    DOKS_CERTIFICATE_ID: 'c',
    KAFKA_BROKERS: 'seed-1.cloud.redpanda.com:9092,seed-2.cloud.redpanda.com:9092',
    KAFKA_USERNAME: 'todo',
    KAFKA_PASSWORD: 'p',
    KAFKA_SASL_MECHANISM: 'SHA-512',
  },
}

function render(settings: Settings): string {
  const args = [
    'template',
    'todo',
    join(root, 'deploy/chart'),
    '--namespace',
    'todo',
    '--kube-version',
    kubernetes,
  ]
  const values = ['--values', join(root, 'deploy/doks/values.yaml'), '--values', '-']
  const input = JSON.stringify(valuesOf(settings, placesOf(settings)))
  return execFileSync('helm', [...args, ...values], { input, encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 })
}

const objectsIn = (text: string) =>
  parseAllDocuments(text)
    .map((one) => one.toJS() as Manifest | null)
    .filter((one) => one !== null)

const conforms = (text: string, ...more: string[]) => {
  const args = [...kubeconformArgs(kubernetes), ...more]
  const { status, stdout, stderr } = spawnSync('kubeconform', args, { input: text, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}

type Component = { spec: { metadata: { name: string; value?: string; secretKeyRef?: object }[] } }

for (const [name, variables] of Object.entries(ways)) {
  const { settings } = readSettings(doksConfig(variables), { forUp: true })

  test(`${name}: what doks-up gives the chart renders, keeps every rule, and is what Kubernetes takes`, () => {
    const text = render(settings)
    const objects = objectsIn(text)
    assert.deepEqual(faultsOf(objects, { ours: true }), [])
    conforms(text)
    const component = (of: string) =>
      (
        objects.find(
          ({ kind, metadata }) => kind === 'Component' && metadata?.name === of,
        ) as never as Component
      ).spec.metadata
    const value = (of: string, field: string) => component(of).find((one) => one.name === field)?.value
    const { kafka } = placesOf(settings)
    assert.deepEqual(
      ['brokers', 'authType', 'saslMechanism', 'disableTls'].map((field) => value('task-pubsub', field)),
      [kafka.brokers, 'password', kafka.mechanism, 'false'],
    )
    assert.deepEqual(
      ['redisHost', 'redisUsername', 'enableTLS'].map((field) => value('todo-statestore', field)),
      ['private-todo-kv-do-user-1.db.ondigitalocean.com:25061', 'doadmin', 'true'],
    )
    for (const [of, field] of [
      ['task-pubsub', 'saslPassword'],
      ['task-pubsub', 'caCert'],
      ['todo-statestore', 'redisPassword'],
    ] as const)
      assert.ok(component(of).find((one) => one.name === field)?.secretKeyRef, field)
    assert.match(text, /name: KAFKA_CA\n/, 'the job of the topics knows the authority too')
    const ports = JSON.stringify(objects.find(({ metadata }) => metadata?.name === 'todo-ground')?.spec)
    for (const port of [
      25060,
      25061,
      ...new Set(kafka.brokers.split(',').map((one) => Number(one.split(':')[1]))),
    ])
      assert.ok(ports.includes(`"port":${port}`), `the way to port ${port} is open`)
  })

  test(`${name}: the door is what Kubernetes takes, and leads to the Service of the server`, () => {
    const door = doorManifests(settings)
    // Of cert-manager, whose definitions are not among the schemas.
    conforms(door.map((one) => JSON.stringify(one)).join('\n---\n'), '-skip', 'ClusterIssuer')
    const objects = objectsIn(render(settings))
    if (settings.door.kind === 'gateway') {
      const route = objects.find(({ kind }) => kind === 'HTTPRoute')!.spec as { parentRefs: object[] }
      const gateway = door.find(({ kind }) => kind === 'Gateway')!.metadata
      assert.deepEqual(route.parentRefs, [{ namespace: gateway.namespace, name: gateway.name }])
      return
    }
    const { selector, ports } = door[0]!.spec as {
      selector: Record<string, string>
      ports: { targetPort: string }[]
    }
    type Pod = {
      template: {
        metadata: { labels: Record<string, string> }
        spec: { containers: { ports: { name: string }[] }[] }
      }
    }
    const server = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata?.name === 'server')!
    const { metadata, spec } = (server.spec as Pod).template
    for (const [label, wanted] of Object.entries(selector)) assert.equal(metadata.labels[label], wanted)
    for (const { targetPort } of ports)
      assert.ok(spec.containers.some((one) => one.ports.some(({ name: port }) => port === targetPort)))
  })
}
