import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { parse, parseAllDocuments } from 'yaml'
import { readVersions, root } from '../local/settings.ts'
import { faultsOf, type Manifest } from '../policy.ts'

// What can be said of the chart without Helm; test/deploy renders it.

const read = (path: string) => readFileSync(join(root, path), 'utf8')

type Values = Record<string, unknown>
const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** As Helm lays one file over another: maps are joined, everything else is replaced. */
function merge(base: Values, over: Values): Values {
  const merged = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const under = merged[key]
    merged[key] = isValues(under) && isValues(value) ? merge(under, value) : value
  }
  return merged
}

const validate = new Ajv({ allErrors: true, strict: false }).compile(
  JSON.parse(read('deploy/chart/values.schema.json')),
)
const defaults = parse(read('deploy/chart/values.yaml')) as Values
const faultsIn = (over: Values) => {
  validate(merge(defaults, over))
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

test('the defaults and the values of each target keep to the schema', () => {
  assert.deepEqual(faultsIn({}), [])
  const targets = readdirSync(join(root, 'deploy'), { withFileTypes: true })
    .filter((one) => one.isDirectory() && one.name !== 'chart')
    .flatMap(({ name }) => readdirSync(join(root, 'deploy', name)).map((file) => `deploy/${name}/${file}`))
    .filter((path) => /\/values[\w.-]*\.yaml$/.test(path))
  assert.ok(targets.includes('deploy/minikube/values.yaml'))
  for (const path of targets) assert.deepEqual(faultsIn(parse(read(path)) as Values), [], path)
})

test('the schema refuses what would go wrong silently', () => {
  const refused: Values[] = [
    { kafka: { saslMechanism: 'SCRAM-SHA-256' } },
    { image: { tag: 'a tag' } },
    { image: { digest: 'sha256:short' } },
    { kafka: { brokers: 'without-a-port' } },
    { redis: { host: 'a"\ninjected: true' } },
    { notifier: { keda: { maxReplicas: 13 } } },
    { server: { replica: 3 } },
    { secrets: { jwt: '' } },
    { preStopSeconds: 0 },
    { server: { drainMs: -1 } },
    { server: { metrics: { from: 'neighbours' } } },
    { server: { metrics: { token: 'in the clear' } } },
    { server: { env: { METRICS_FROM: 'all' } } },
    { server: { env: { JWT_SECRET: 'in the clear' } } },
    { sidecar: { restart: 'yes' } },
    { tracing: { endpoint: 'collector:4318' } },
  ]
  for (const values of refused) assert.notDeepEqual(faultsIn(values), [], JSON.stringify(values))
})

test('the chart gives a value to every name of the Dapr files, and to no other', () => {
  const folder = join(root, 'deploy/chart/dapr')
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const wanted = new Set(
    texts.flatMap((text) => [...text.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name!)),
  )
  const given = [...read('deploy/chart/templates/dapr.yaml').matchAll(/^ {2}"([A-Z_]+)" /gm)].map(
    ([, name]) => name!,
  )
  assert.deepEqual(given.sort(), [...wanted].sort())
})

test('every variable that the chart sets is one of .env.example, and has no second way in', () => {
  const known = new Set([...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!))
  const template = read('deploy/chart/templates/_service.tpl')
  const found = [...template.matchAll(/(?:- \{ name: |"name" "|list |")([A-Z]+_?[A-Z_]+)\b/g)]
  const set = new Set(found.map(([, name]) => name!))
  assert.ok(set.size >= 20)
  for (const name of set) {
    assert.ok(known.has(name), name)
    assert.notDeepEqual(faultsIn({ server: { env: { [name]: 'x' } } }), [], name)
  }
})

test('the Dapr files keep the rules of policy', () => {
  const folder = join(root, 'deploy/chart/dapr')
  const documents = readdirSync(folder).flatMap((name) =>
    parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((one) => one.toJS() as Manifest),
  )
  assert.ok(documents.length >= 8)
  assert.deepEqual(faultsOf(documents, { ours: true }), [])
})

test('the image is built from what npm can find, runs as nobody, and holds no shell', () => {
  const lines = read('Dockerfile').split('\n')
  const at = (pattern: RegExp) => {
    const line = lines.findIndex((text) => pattern.test(text))
    assert.ok(line >= 0, `the Dockerfile has no ${pattern}`)
    return line
  }
  assert.ok(
    at(/^COPY vendor /) < at(/npm ci/),
    'the driver of Postgres lies there before the packages are installed',
  )
  assert.ok(
    at(/^FROM scratch$/) < at(/^USER \d+:\d+$/),
    'the user is a number, which Kubernetes can tell from root',
  )
  at(/^ENTRYPOINT \["\/usr\/local\/bin\/node"/)
  assert.match(read('Dockerfile'), /^ARG NODE_IMAGE=node:24-bookworm-slim$/m)
})

test('what minikube-up brings has the pinned versions', () => {
  const { KAFKA_VERSION } = readVersions()
  assert.match(read('deploy/minikube/kafka.yaml'), new RegExp(`image: apache/kafka:${KAFKA_VERSION}$`, 'm'))
})

test("Dapr's webhook, which sees every pod of a cluster, keeps none from being made", () => {
  for (const target of ['minikube', 'doks']) {
    const values = parse(read(`deploy/${target}/dapr.yaml`)) as { dapr_sidecar_injector: Values }
    assert.notEqual(values.dapr_sidecar_injector.webhookFailurePolicy, 'Fail', target)
  }
  assert.equal(
    (defaults.sidecar as Values).required,
    true,
    'the chart refuses its own pods without a sidecar',
  )
})
