import { randomBytes } from 'node:crypto'
import type { Log } from './log.ts'

// Traces after W3C Trace Context. What is handed on is the text of a `traceparent`: 00-<trace>-<span>-<flags>.

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** Names after OpenTelemetry's conventions. Never a title, an address or a token: ids. */
export type Attributes = Record<string, string | number | boolean>

export type Span = {
  /** For whatever happens inside: a header, a field of an event. Null when nobody began a trace. */
  readonly traceparent: string | null
  /** `error` says in a few words what went wrong. Only the first call counts. */
  end(result?: { name?: string; attributes?: Attributes; error?: string | undefined }): void
}

export type Tracing = {
  readonly isOn: boolean
  /** Begins a span below `parent`, or a new trace where there is none. */
  begin(name: string, options: { kind: SpanKind; parent: string | null; attributes?: Attributes }): Span
  /** Sends what is left, for some seconds at most. */
  close(): Promise<void>
}

/** A span that has ended, on its way to the collector. Times are milliseconds since 1970, with fractions. */
export type EndedSpan = {
  traceId: string
  spanId: string
  parentId: string | null
  name: string
  kind: SpanKind
  from: number
  to: number
  attributes: Attributes
  error: string | null
}

export type TracingSettings = {
  /** Base address of an OTLP/HTTP collector; null: nothing is recorded. */
  endpoint: string | null
  /** For collectors that want a key. */
  headers: Record<string, string>
  /** Which share of the traces is recorded, 0 to 1. The same for all services, who then choose the same traces. */
  ratio: number
}

/** Records nothing and hands on what came, so that a trace of others still goes through. */
export const noTracing: Tracing = {
  isOn: false,
  begin: (_name, { parent }) => ({ traceparent: parent, end: () => {} }),
  close: async () => {},
}

export type TracingOptions = TracingSettings & {
  service: string
  version: string
  log: Log | null
  /** The longest a span waits for others to be sent with. */
  gatherMs?: number
  /** The longest that `close` waits. */
  endMs?: number
}

/** What sends spans is loaded when the first has ended; a service whose traces are off never loads it. */
export function createTracing(options: TracingOptions): Tracing {
  const { endpoint, ratio } = options
  if (endpoint === null) return noTracing
  type Exporter = ReturnType<typeof import('./tracing/exporter.ts').createExporter>
  let exporter: Promise<Exporter> | undefined
  const record = (span: EndedSpan) => {
    exporter ??= import('./tracing/exporter.ts').then(({ createExporter }) =>
      createExporter({ ...options, endpoint }),
    )
    exporter.then(({ add }) => add(span)).catch(() => {})
  }
  return {
    isOn: true,
    begin: (name, { kind, parent, attributes = {} }) => {
      const above = parent === null ? null : parseTraceparent(parent)
      const traceId = above?.traceId ?? randomBytes(16).toString('hex')
      const isRecorded = isChosen(traceId, ratio)
      if (!isRecorded && above !== null) return { traceparent: parent, end: () => {} }
      const spanId = randomBytes(8).toString('hex')
      const from = now()
      let isEnded = !isRecorded
      return {
        traceparent: `00-${traceId}-${spanId}-${isRecorded ? '01' : '00'}`,
        end: (result = {}) => {
          if (isEnded) return
          isEnded = true
          record({
            traceId,
            spanId,
            parentId: above?.spanId ?? null,
            kind,
            from,
            to: now(),
            name: result.name ?? name,
            attributes: { ...attributes, ...result.attributes },
            error: result.error ?? null,
          })
        },
      }
    },
    close: async () => {
      await (await exporter)?.close()
    },
  }
}

const now = (): number => performance.timeOrigin + performance.now()

/** Null for what is no `traceparent` of version 00; ids of zeros are none by the standard. */
export function parseTraceparent(text: string): { traceId: string; spanId: string } | null {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return null
  return { traceId, spanId }
}

/** By the random lower 56 bits of the id, as the standard has it: every service comes to the same answer. */
const isChosen = (traceId: string, ratio: number): boolean =>
  Number.parseInt(traceId.slice(18), 16) < ratio * 2 ** 56
