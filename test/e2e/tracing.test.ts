import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createCli } from '../support/cli.ts'
import { type SeenSpan, startCollector } from '../support/fakes/otlp.ts'
import { startWebhookReceiver } from '../support/fakes/webhook-receiver.ts'

const [cli, collector, receiver] = await Promise.all([createCli(), startCollector(), startWebhookReceiver()])
after(async () => {
  await Promise.all([collector.stop(), receiver.stop()])
})
const env = {
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  WEBHOOK_ALLOW_PRIVATE: '1',
}
const todo = async (...words: string[]) => {
  const result = await cli.run({ env }, ...words)
  assert.equal(result.code, 0, result.stderr)
  return result.stdout
}

const named = (spans: SeenSpan[], name: string | RegExp) =>
  spans.find((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)))

test('one trace leads from the command through API, relay and handler to the delivery at the webhook', async () => {
  await todo('channel', 'add', 'webhook', `${receiver.url}/hook`)
  const before = collector.spans.length
  await todo('add', 'Pay the violet rent')
  const ofAdd = () => collector.spans.slice(before).filter(({ traceId }) => traceId === traceOfAdd())
  const traceOfAdd = () => named(collector.spans, 'todo add')?.traceId
  await collector.until(() => named(ofAdd(), 'deliver webhook') !== undefined)
  await collector.until(() => named(ofAdd(), 'publish task-events') !== undefined)
  assert.deepEqual(collector.faults, [])
  const spans = ofAdd()
  const chain: [string, string | RegExp, string][] = [
    ['todo-cli', 'todo add', ''],
    ['todo-cli', 'POST', 'todo add'],
    ['todo', 'POST /api/:user_id/tasks', 'POST'],
    ['todo', 'publish task-events', 'POST /api/:user_id/tasks'],
    ['todo', 'process task-events', 'publish task-events'],
    ['todo', 'deliver webhook', 'POST /api/:user_id/tasks'],
  ]
  for (const [service, name, parent] of chain) {
    const span = named(spans, name)
    assert.ok(span, `${name} among ${spans.map((one) => one.name).join(', ')}`)
    assert.equal(span.service, service, String(name))
    const above = spans.find(({ spanId }) => spanId === span.parentSpanId)
    assert.equal(above?.name ?? '', parent, `what ${name} stands below`)
  }
  const delivery = named(spans, 'deliver webhook')!
  assert.deepEqual(
    [delivery.attributes['todo.delivery.outcome'], delivery.attributes['http.response.status_code']],
    ['sent', 204],
  )
  const posted = receiver.received.at(-1)!
  assert.equal(posted.headers.traceparent, `00-${delivery.traceId}-${delivery.spanId}-01`)
  const told = JSON.stringify(collector.received.map(({ body }) => body))
  assert.doesNotMatch(told, /violet/, 'what people write is in no span')
  assert.ok(!told.includes(receiver.url), 'nor is where they want it')
})

test('without an endpoint the command still names one trace, which the log of the service has', async () => {
  const other = await createCli()
  await other.add('Quiet')
  const log = await other.todo('daemon', 'logs')
  const lines = log.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const answered = lines.find(({ method, route }) => method === 'POST' && route === '/api/:user_id/tasks')
  assert.match(String(answered?.trace_id), /^[0-9a-f]{32}$/, log.stdout)
})
