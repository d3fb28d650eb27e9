import * as z from 'zod'
import { type EventName, type EventRecord, eventPayloads } from '../events.ts'

/** What is asked of any envelope. Fields beyond these are ignored: Dapr adds some, and so may later producers. */
const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(256),
  source: z.string().min(1).max(1024),
  type: z.string().min(1).max(256),
  subject: z.string().max(1024).default(''),
  time: z.iso.datetime({ offset: true }),
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .nullable()
    .catch(null)
    .default(null),
  data: z.record(z.string(), z.unknown()),
})

/** `foreign` = a type that this version does not know; `invalid` = no repeat will mend it. */
export type Opened =
  | { kind: 'event'; event: EventRecord; unknownFields: number }
  | { kind: 'foreign'; type: string }
  | { kind: 'invalid'; reason: string }

/** Reads a CloudEvent that anybody who reaches the bus may have written. */
export function openEnvelope(text: string): Opened {
  const envelope = Envelope.safeParse(parse(text))
  if (!envelope.success) return invalid(envelope.error)
  const { id, type, source, subject, time, traceparent, data } = envelope.data
  if (!Object.hasOwn(eventPayloads, type)) return { kind: 'foreign', type }
  const schema = eventPayloads[type as EventName]
  const payload = schema.safeParse(data)
  if (!payload.success) return invalid(payload.error)
  const unknownFields = Object.keys(data).filter((name) => !Object.hasOwn(schema.shape, name)).length
  return {
    kind: 'event',
    event: { eventId: id, type, source, subject, time, traceparent, data },
    unknownFields,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Where and what, never the value: it may be a task's title. */
function invalid(error: z.ZodError): Opened {
  const issue = error.issues[0]
  return {
    kind: 'invalid',
    reason: `${issue?.path.join('.') || 'the envelope'} ${issue?.code ?? 'is invalid'}`,
  }
}
