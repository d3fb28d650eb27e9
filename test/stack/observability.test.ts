import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { parse } from 'yaml'
import { apps, root } from '../../deploy/local/settings.ts'
import { dashboards } from '../../deploy/observability/dashboards.ts'
import { inheritedEnvironment } from '../../shared/config.ts'
import { type SeenSpan, startCollector } from '../support/fakes/otlp.ts'
import { startWebhookReceiver } from '../support/fakes/webhook-receiver.ts'
import { exposedIn, type Rule, usedIn } from '../support/metrics.ts'
import { startPrometheus, type Target } from '../support/prometheus.ts'
import { startTestStack } from '../support/stack.ts'
import { openDatabase, registerPerson, servicesWith } from '../support/stack-api.ts'

// The running services under the eyes of a real Prometheus, and one trace through all of them.

const collector = await startCollector()
const stack = await startTestStack({
  start: [['postgres', 'kafka', 'redis']],
  extra: servicesWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, ...apps),
})
await openDatabase(stack)
await stack.stack.start(...apps, ...apps.map((app) => `daprd-${app}`))
const receiver = await startWebhookReceiver()
stack.atEnd(() => Promise.all([receiver.stop(), collector.stop()]))
const url = `http://127.0.0.1:${stack.ports.server}`
const ann = await registerPerson(url)
await ann.request('POST', '/channels', { kind: 'webhook', target: `${receiver.url}/hook` })
const exporter = await startExporter()

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const without = (program: string) =>
  has(program) ? false : `${program} is not on the PATH: https://prometheus.io/download/`

const alertsFile = join(root, 'deploy/chart/observability/alerts.yaml')
const rules = (parse(readFileSync(alertsFile, 'utf8')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)

/** What the panels of the dashboards ask. */
const shown = dashboards.flatMap(({ rows }) =>
  rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
)

async function startExporter(): Promise<number> {
  const child = spawn(
    process.execPath,
    [join(root, 'ops/main.ts'), 'exporter', '--port', '0', '--host', '127.0.0.1'],
    {
      env: inheritedEnvironment({ KAFKA_BROKERS: `127.0.0.1:${stack.ports.kafka}` }),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  stack.atEnd(
    () =>
      new Promise<void>((resolve) => {
        child.once('close', () => resolve()).kill('SIGTERM')
      }),
  )
  for await (const line of createInterface({ input: child.stdout })) return Number(line.split(':').at(-1))
  throw new Error('the exporter did not start')
}

const targets: Target[] = [
  ...apps.map((app) => ({
    labels: { job: app, pod: `${app}-1`, namespace: 'todo' },
    address: `127.0.0.1:${stack.ports[app]}`,
  })),
  ...apps.map((app) => ({
    labels: { job: `${app}-sidecar`, pod: `${app}-1`, namespace: 'todo' },
    address: `127.0.0.1:${stack.ports.daprd[app].metrics}`,
    path: '/',
  })),
  { labels: { job: 'exporter', pod: 'exporter-1', namespace: 'todo' }, address: `127.0.0.1:${exporter}` },
]

const todo = (...words: string[]) =>
  new Promise<string>((resolve, reject) => {
    const env = inheritedEnvironment({
      TODO_HOME: join(stack.home, 'todo'),
      TODO_API_URL: url,
      TODO_TOKEN: ann.token,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    })
    execFile(process.execPath, [join(root, 'cli/main.ts'), ...words], { env }, (error, out, err) =>
      error ? reject(new Error(`todo ${words.join(' ')}: ${err}`)) : resolve(String(out)),
    )
  })

test('one trace leads from the command through server, Kafka and notifier to the webhook', async () => {
  await todo('add', 'Pay rent')
  const traceId = () => collector.spans.find(({ name }) => name === 'todo add')?.traceId
  const ours = () => collector.spans.filter((span) => span.traceId === traceId())
  const named = (name: string): SeenSpan | undefined => ours().find((span) => span.name === name)
  const ofService = (service: string, name: string) =>
    ours().find((span) => span.service === service && span.name === name)
  await collector.until(
    () =>
      named('deliver webhook') !== undefined &&
      ofService('notifier', 'process task-events') !== undefined &&
      named('publish task-events') !== undefined,
  )
  assert.deepEqual(collector.faults, [])
  const chain = ['todo add', 'POST', 'POST /api/:user_id/tasks', 'publish task-events', 'process task-events']
  const spans = chain.map((name) => named(name)!)
  assert.deepEqual(
    spans.map(({ service }) => service),
    ['todo-cli', 'todo-cli', 'server', 'server', 'notifier'],
  )
  for (const [i, span] of spans.entries())
    assert.equal(span.parentSpanId, spans[i - 1]?.spanId, `what ${span.name} stands below`)
  assert.equal(named('deliver webhook')!.parentSpanId, spans[2]!.spanId)
  const posted = receiver.received.at(-1)!
  assert.equal(String(posted.headers.traceparent).split('-')[1], traceId(), 'the receiver may go on with it')
})

test('every figure that alerts and dashboards name is told by what runs here', async () => {
  const texts = await Promise.all(
    targets.map(async ({ address, path = '/metrics' }) => (await fetch(`http://${address}${path}`)).text()),
  )
  const exposed = exposedIn(texts.join('\n'))
  const used = new Set([...rules.map(({ expr }) => expr), ...shown].flatMap(usedIn))
  const ours = [...used].filter((name) => /^(todo_|dapr_|nodejs_|process_)/.test(name))
  // Told when something went wrong for the first time, and by the control plane.
  const later = ['dapr_runtime_component_init_fail_total', 'dapr_sentry_issuercert_expiry_timestamp']
  assert.deepEqual(
    ours.filter((name) => !exposed.has(name) && !later.includes(name)),
    [],
  )
})

test('promtool finds nothing wrong with the rules, and each alert fires when it should', {
  skip: without('promtool'),
}, () => {
  execFileSync('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', alertsFile], { stdio: 'pipe' })
  const file = join(root, 'deploy/observability/alerts.test.yaml')
  execFileSync('promtool', ['test', 'rules', file], { stdio: 'pipe' })
})

test('a Prometheus that scrapes the services calls when a sidecar is away, and is silent again when it is back', {
  skip: without('prometheus'),
}, async () => {
  // The conditions stay as they are; only how long they must hold is shortened.
  const impatient = readFileSync(alertsFile, 'utf8').replaceAll(/^( +for:) .*$/gm, '$1 2s')
  const prometheus = await startPrometheus(targets, impatient)
  stack.atEnd(prometheus.stop)
  const firing =
    (name: string, labels: Record<string, string> = {}) =>
    (alerts: Awaited<ReturnType<typeof prometheus.alerts>>) =>
      alerts.some(
        (alert) =>
          alert.labels.alertname === name &&
          alert.state === 'firing' &&
          Object.entries(labels).every(([key, value]) => alert.labels[key] === value),
      )
  await prometheus.untilValue('up', (count) => count === targets.length)
  await prometheus.untilValue('todo_relay_leader', (count) => count === 1)
  await prometheus.untilValue('todo_consumer_members{group="notifier"}', (count) => count === 1)
  await prometheus.untilValue('todo_consumer_lag', (lag) => lag === 0)
  await prometheus.until('nothing is amiss', (alerts) => alerts.length === 0)
  for (const expr of shown.map((one) =>
    one.replaceAll('$namespace', 'todo').replaceAll('$__rate_interval', '1m'),
  ))
    assert.equal(await prometheus.faultOf(expr), null, expr)
  await stack.stack.kill('daprd-server')
  await todo('add', 'Nobody hears of this yet')
  await prometheus.until('BusDown fires', firing('BusDown'))
  await prometheus.until('SidecarMissing fires', firing('SidecarMissing', { pod: 'server-1' }))
  await prometheus.untilValue('todo_outbox_depth', (depth) => depth >= 1)
  await stack.stack.start('daprd-server')
  const quiet = (alerts: Awaited<ReturnType<typeof prometheus.alerts>>) =>
    !firing('BusDown')(alerts) && !firing('SidecarMissing')(alerts)
  await prometheus.until('both are silent again', quiet)
  await prometheus.untilValue('todo_outbox_depth', (depth) => depth === 0)
})
