import assert from 'node:assert/strict'
import { type Behaviour, type FakeServer, startFakeServer } from './http-server.ts'

export type SeenSpan = {
  service: string
  traceId: string
  spanId: string
  parentSpanId: string | undefined
  name: string
  kind: number
  milliseconds: number
  attributes: Record<string, string | number | boolean>
  status: { code?: number; message?: string }
}

export type Collector = FakeServer & {
  spans: SeenSpan[]
  /** What was wrong with requests, by the rules of OTLP; none of them counts as taken. */
  faults: string[]
  /** Decides what well-formed requests get. 200 at first. */
  answer: () => Behaviour
}

/** A collector of traces over OTLP/HTTP in JSON, as strict as the specification. */
export async function startCollector(): Promise<Collector> {
  const spans: SeenSpan[] = []
  const faults: string[] = []
  const server = await startFakeServer(({ path, headers, body }) => {
    try {
      assert.equal(path, '/v1/traces')
      assert.equal(headers['content-type'], 'application/json')
      const seen = readRequest(JSON.parse(body))
      const behaviour = collector.answer()
      if (typeof behaviour === 'object' && behaviour.status < 300) spans.push(...seen)
      return behaviour
    } catch (error) {
      faults.push((error as Error).message)
      return { status: 400 }
    }
  })
  const taken = { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
  const collector: Collector = { ...server, spans, faults, answer: () => taken }
  return collector
}

type KeyValue = { key: string; value: Record<string, unknown> }

/** Field names are those of opentelemetry-proto in lowerCamelCase; any other one is refused. */
function readRequest(request: unknown): SeenSpan[] {
  const { resourceSpans } = only(request, ['resourceSpans']) as { resourceSpans: unknown[] }
  return resourceSpans.flatMap((entry) => {
    const { resource, scopeSpans } = only(entry, ['resource', 'scopeSpans']) as {
      resource: { attributes: KeyValue[] }
      scopeSpans: unknown[]
    }
    const service = String(attributesOf(resource.attributes)['service.name'])
    return scopeSpans.flatMap((scoped) => {
      const { scope, spans } = only(scoped, ['scope', 'spans']) as { scope: object; spans: unknown[] }
      only(scope, ['name', 'version'])
      return spans.map((span) => ({ service, ...readSpan(span) }))
    })
  })
}

const fields = [
  ...['traceId', 'spanId', 'parentSpanId', 'name', 'kind', 'startTimeUnixNano', 'endTimeUnixNano'],
  ...['attributes', 'status'],
]

type RawSpan = Omit<SeenSpan, 'service' | 'attributes' | 'milliseconds'> & {
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: KeyValue[]
}

function readSpan(value: unknown): Omit<SeenSpan, 'service'> {
  const span = only(value, fields) as RawSpan
  const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano: from, endTimeUnixNano: to } = span
  assert.match(traceId, /^(?!0+$)[0-9a-f]{32}$/)
  assert.match(spanId, /^(?!0+$)[0-9a-f]{16}$/)
  if (parentSpanId !== undefined) assert.match(parentSpanId, /^(?!0+$)[0-9a-f]{16}$/)
  assert.ok(typeof name === 'string' && name.length > 0)
  assert.ok(Number.isInteger(kind) && kind >= 1 && kind <= 5, 'an enum is a number')
  for (const time of [from, to]) assert.match(time, /^\d{19}$/, '64-bit numbers are text')
  assert.ok(BigInt(to) >= BigInt(from))
  only(span.status, ['code', 'message'])
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    status: span.status,
    milliseconds: Number(BigInt(to) - BigInt(from)) / 1e6,
    attributes: attributesOf(span.attributes),
  }
}

function attributesOf(list: KeyValue[]): SeenSpan['attributes'] {
  return Object.fromEntries(
    list.map(({ key, value }) => {
      const [kind, ...more] = Object.keys(value)
      assert.equal(more.length, 0, 'a value has one kind')
      assert.match(String(kind), /^(stringValue|intValue|doubleValue|boolValue)$/)
      if (kind === 'intValue') assert.equal(typeof value.intValue, 'string')
      return [key, kind === 'intValue' ? Number(value.intValue) : (value[kind!] as string)]
    }),
  )
}

function only(value: unknown, known: string[]): object {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value))
  const unknown = Object.keys(value).filter((name) => !known.includes(name))
  assert.deepEqual(unknown, [])
  return value
}
