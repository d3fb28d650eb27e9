import { createHash, timingSafeEqual } from 'node:crypto'
import { Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Topic } from '../events.ts'
import type { Log } from '../log.ts'
import type { EventHandler, Verdict } from '../ports.ts'
import { openEnvelope } from './envelope.ts'
import { cronBinding, eventRoute } from './names.ts'

/**
 * What became of a delivery. `foreign` (an unknown type) and `ok` are acknowledged, `retry` comes again, `drop` and
 * `invalid` go to the dead letters.
 */
export type Outcome = Verdict | 'foreign' | 'invalid'

export type Delivery = {
  topic: Topic
  /** Null when the envelope could not be read. */
  type: string | null
  outcome: Outcome
  handlerMs: number
  /** From the event's own time to its arrival here; null when unknown. */
  latencyMs: number | null
  unknownFields: number
}

export type InboxOptions = {
  /** What the sidecar sends as `dapr-api-token`. Every route asks for it. */
  appToken: string
  handlers: Partial<Record<Topic, EventHandler>>
  onTick?: (signal: AbortSignal) => Promise<void>
  log: Log
  observe?: (delivery: Delivery) => void
}

const answers = {
  ok: 'SUCCESS',
  foreign: 'SUCCESS',
  retry: 'RETRY',
  drop: 'DROP',
  invalid: 'DROP',
} as const satisfies Record<Outcome, string>

/**
 * The routes that a sidecar calls. A handler may be called again with the same event, at the same time even, so its
 * effects must be keyed. Its signal ends when the sidecar gives up waiting.
 */
export function createDaprInbox(options: InboxOptions): Hono {
  const app = new Hono()
  const guard = requireToken(options.appToken)
  // Subscriptions are declared in deploy/chart/dapr. The empty list says so; any other answer than 200 or 404 would be
  // logged as a fault.
  app.get('/dapr/subscribe', guard, (c) => c.json([]))
  for (const [topic, handler] of Object.entries(options.handlers) as [Topic, EventHandler][]) {
    app.post(eventRoute(topic), guard, bodyLimit({ maxSize: 4 * 1024 * 1024 }), async (c) => {
      const outcome = await deliver(topic, handler, await c.req.text(), c.req.raw.signal, options)
      return c.json({ status: answers[outcome] })
    })
  }
  const { onTick } = options
  if (onTick) {
    app.options(`/${cronBinding}`, guard, (c) => c.body(null, 204))
    app.post(`/${cronBinding}`, guard, async (c) => {
      try {
        await onTick(c.req.raw.signal)
      } catch (error) {
        options.log.error({ error: textOf(error) }, 'a tick failed')
        return c.json({ error: 'the tick failed' }, 500)
      }
      // Exactly 200: with a retry policy any other 2xx counts as a failure.
      return c.json({})
    })
  }
  return app
}

async function deliver(
  topic: Topic,
  handler: EventHandler,
  text: string,
  signal: AbortSignal,
  { log, observe }: InboxOptions,
): Promise<Outcome> {
  const opened = openEnvelope(text)
  const report = (outcome: Outcome, type: string | null, handlerMs = 0, latencyMs: number | null = null) => {
    const unknownFields = opened.kind === 'event' ? opened.unknownFields : 0
    observe?.({ topic, type, outcome, handlerMs, latencyMs, unknownFields })
    return outcome
  }
  if (opened.kind === 'foreign') return report('foreign', opened.type)
  if (opened.kind === 'invalid') {
    log.error({ topic, reason: opened.reason }, 'an event that cannot be read goes to the dead letters')
    return report('invalid', null)
  }
  const { event } = opened
  const latencyMs = Date.now() - Date.parse(event.time)
  const began = performance.now()
  const trace = event.traceparent?.slice(3, 35)
  const about = { topic, event_id: event.eventId, type: event.type, ...(trace && { trace_id: trace }) }
  const verdict = await handler(event, signal).catch((error: unknown): Verdict => {
    log.error({ ...about, error: textOf(error) }, 'a handler failed; the event comes again')
    return 'retry'
  })
  if (verdict === 'drop') log.error(about, 'a hopeless event goes to the dead letters')
  return report(verdict, event.type, performance.now() - began, latencyMs)
}

/** 401 makes the sidecar try again, which is right while a token is being rotated; 404 would discard the event. */
function requireToken(token: string): MiddlewareHandler {
  if (token === '') throw new Error('the app token is empty')
  const expected = digest(token)
  return async (c, next) => {
    // Digests have one length, so the comparison tells nothing about the token's.
    const given = digest(c.req.header('dapr-api-token') ?? '')
    if (!timingSafeEqual(given, expected)) return c.json({ error: 'the app token is missing or wrong' }, 401)
    return next()
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
