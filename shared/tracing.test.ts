import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { taskEvent } from '../test/support/events.ts'
import { type Collector, startCollector } from '../test/support/fakes/otlp.ts'
import { createLog } from './log.ts'
import type { EventBus } from './ports.ts'
import { tracedBus, tracedHandler } from './tracing/events.ts'
import { createTracing, noTracing, parseTraceparent, type Tracing } from './tracing.ts'

let collector: Collector
const open: Tracing[] = []

beforeEach(async () => {
  collector = await startCollector()
})
afterEach(async () => {
  for (const tracing of open.splice(0)) await tracing.close()
  await collector.stop()
})

const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function tracingOf(options: { ratio?: number; headers?: Record<string, string>; lines?: string[] } = {}) {
  const { ratio = 1, headers = {}, lines = [] } = options
  const tracing = createTracing({
    endpoint: `${collector.url}/`,
    headers,
    ratio,
    service: 'server',
    version: '1.2.3',
    log: createLog('test', { destination: { write: (line: string) => void lines.push(line) } }),
    gatherMs: 5,
    endMs: 2_000,
  })
  open.push(tracing)
  return tracing
}

test('spans reach the collector in the form of OTLP, with parent, times, attributes and what went wrong', async () => {
  const tracing = tracingOf({ headers: { 'x-key': 'k' } })
  const outer = tracing.begin('GET', {
    kind: 'server',
    parent: given,
    attributes: { n: 3, share: 0.5, on: true },
  })
  const inner = tracing.begin('publish', { kind: 'producer', parent: outer.traceparent })
  inner.end({ error: 'refused' })
  inner.end({ name: 'never told' })
  outer.end({ name: 'GET /x', attributes: { status: 200 } })
  await tracing.close()
  assert.deepEqual(collector.faults, [])
  const [publish, get] = collector.spans
  assert.equal(collector.spans.length, 2)
  assert.deepEqual(
    [get!.name, get!.kind, get!.traceId, get!.parentSpanId, get!.service, get!.status],
    ['GET /x', 2, '0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331', 'server', {}],
  )
  assert.deepEqual(get!.attributes, { n: 3, share: 0.5, on: true, status: 200 })
  assert.deepEqual([publish!.parentSpanId, publish!.traceId], [get!.spanId, get!.traceId])
  assert.deepEqual(publish!.status, { code: 2, message: 'refused' })
  assert.equal(collector.received[0]!.headers['x-key'], 'k')
})

test('without a caller a new trace begins; what is no traceparent is none', () => {
  const tracing = tracingOf()
  const one = parseTraceparent(tracing.begin('a', { kind: 'internal', parent: null }).traceparent!)
  const two = parseTraceparent(tracing.begin('a', { kind: 'internal', parent: null }).traceparent!)
  assert.notEqual(one!.traceId, two!.traceId)
  for (const text of ['', '../etc', given.replace(/^00/, '01'), `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])
    assert.equal(parseTraceparent(text), null, text)
})

test('a share of the traces is recorded, every service chooses the same, and the others still go through', async () => {
  const [server, notifier] = [tracingOf({ ratio: 0.5 }), tracingOf({ ratio: 0.5 })]
  const ids = Array.from({ length: 400 }, () => {
    const { traceparent, end } = server.begin('a', { kind: 'server', parent: null })
    end()
    return traceparent!
  })
  const recorded = ids.filter((id) => id.endsWith('-01'))
  assert.ok(recorded.length > 120 && recorded.length < 280, String(recorded.length))
  for (const id of ids) {
    const below = notifier.begin('b', { kind: 'consumer', parent: id }).traceparent!
    assert.equal(parseTraceparent(below)!.traceId, parseTraceparent(id)!.traceId)
    assert.equal(below !== id, id.endsWith('-01'), 'a span of its own only where it is recorded')
  }
  await server.close()
  assert.equal(collector.spans.length, recorded.length)
})

test('traces that are off hand on what came and send nothing', async () => {
  const tracing = createTracing({
    endpoint: null,
    headers: {},
    ratio: 1,
    service: 'server',
    version: '1',
    log: null,
  })
  assert.equal(tracing, noTracing)
  assert.equal(tracing.begin('a', { kind: 'server', parent: given }).traceparent, given)
  assert.equal(tracing.begin('a', { kind: 'server', parent: null }).traceparent, null)
})

test('a collector that is away is tried again, told of once, and never holds anybody up', async () => {
  const lines: string[] = []
  const tracing = tracingOf({ lines })
  let n = 0
  const answer = collector.answer
  collector.answer = () => (++n === 1 ? { status: 503 } : answer())
  tracing.begin('a', { kind: 'server', parent: null }).end()
  await collector.until((received) => received.length === 2)
  assert.equal(collector.spans.length, 1, 'the second try was taken')
  collector.answer = () => ({ status: 401 })
  tracing.begin('b', { kind: 'server', parent: null }).end()
  await collector.until((received) => received.length === 3)
  tracing.begin('c', { kind: 'server', parent: null }).end()
  await collector.until((received) => received.length === 4)
  collector.answer = () => 'hang'
  tracing.begin('d', { kind: 'server', parent: null }).end()
  await tracing.close()
  const told = lines.filter((line) => line.includes('traces cannot be sent'))
  assert.equal(told.length, 1)
  assert.match(told[0]!, /answered 401/)
})

test('an event is published below its request and handled below its publication, and each tells what became of it', async () => {
  const tracing = tracingOf()
  const bus: EventBus = {
    publish: async (events) =>
      Promise.all(
        events.map(async (event) => {
          const verdict = await handle(event, AbortSignal.timeout(1_000))
          return verdict === 'ok'
            ? { eventId: event.eventId, ok: true as const }
            : { eventId: event.eventId, ok: false as const, error: 'not now' }
        }),
      ),
  }
  const seen: (string | null)[] = []
  const handle = tracedHandler(async (event) => {
    seen.push(event.traceparent)
    return event.subject === '2' ? 'retry' : 'ok'
  }, tracing)
  const traced = tracedBus(bus, tracing, 'memory')
  const first = taskEvent(1, 1, { traceparent: given })
  await traced.publish([first, taskEvent(2, 1, { traceparent: null })], AbortSignal.timeout(1_000))
  await tracing.close()
  assert.deepEqual(collector.faults, [])
  const ofTask = (id: string) => collector.spans.filter((span) => span.attributes['todo.task.id'] === id)
  const [process, publish] = ofTask('1')
  assert.deepEqual(
    [publish!.name, publish!.kind, publish!.parentSpanId],
    ['publish task-events', 4, 'b7ad6b7169203331'],
  )
  assert.deepEqual(
    [process!.name, process!.kind, process!.parentSpanId],
    ['process task-events', 5, publish!.spanId],
  )
  assert.equal(parseTraceparent(seen[0]!)!.spanId, process!.spanId, 'what the handler does belongs to it')
  assert.deepEqual(
    ofTask('2').map(({ status }) => status.message),
    ['retry', 'not now'],
  )
  assert.equal(ofTask('2')[1]!.parentSpanId, undefined, 'nobody asked for it: a trace of its own')
  const broken = tracedBus({ publish: () => Promise.reject(new TypeError('Pay rent')) }, tracing, 'kafka')
  await assert.rejects(broken.publish([first], AbortSignal.timeout(1_000)), TypeError)
})
