import type { Attributes, EndedSpan, SpanKind } from '../tracing.ts'

// The JSON form of OTLP (opentelemetry-proto, trace/v1): ids as hex, 64-bit numbers as text, enums as numbers.

const kinds: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 }
const failed = 2

/** The body of `POST /v1/traces`. */
export const tracesRequest = (spans: readonly EndedSpan[], from: { service: string; version: string }) => ({
  resourceSpans: [
    {
      resource: { attributes: keyValues({ 'service.name': from.service, 'service.version': from.version }) },
      scopeSpans: [{ scope: { name: 'todo', version: from.version }, spans: spans.map(encode) }],
    },
  ],
})

const encode = (span: EndedSpan) => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentId !== null && { parentSpanId: span.parentId }),
  name: span.name,
  kind: kinds[span.kind],
  startTimeUnixNano: nanoseconds(span.from),
  endTimeUnixNano: nanoseconds(span.to),
  attributes: keyValues(span.attributes),
  status: span.error === null ? {} : { code: failed, message: span.error },
})

/** A number would lose the last digits. */
const nanoseconds = (milliseconds: number): string => `${Math.round(milliseconds * 1000)}000`

const keyValues = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
