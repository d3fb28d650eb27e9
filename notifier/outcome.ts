/**
 * What a provider's answer means. `permanent`: no repeat will help. `transient`: later. `throttled`: later, and the
 * whole target slower. `credential`: our key is refused; the target pauses and the queue stays. `gone`: this address
 * or device is no more.
 */
export type Outcome =
  | { class: 'sent'; status: number | null; note?: string }
  | { class: 'permanent'; status: number | null; error: string }
  | {
      class: 'transient'
      status: number | null
      error: string
      retryAfterMs?: number
      /** The whole target seems down, not just this message refused. */
      outage: boolean
      /** It may have been accepted all the same. */
      uncertain?: boolean
    }
  | { class: 'throttled'; status: number | null; error: string; retryAfterMs: number }
  | { class: 'credential'; status: number | null; error: string }
  | { class: 'gone'; status: number | null; error: string }
  /** Nobody can take it here: no desktop, no mail server configured. */
  | { class: 'absent'; reason: string }

/** One message on its way to one channel. `title` and `body` are for people, `payload` for programs. */
export type Outgoing = {
  deliveryId: number
  eventId: string
  eventType: string
  taskId: number | null
  timestamp: string
  title: string
  body: string
  payload: Record<string, unknown>
  expiresAt: Date | null
  /** Of the attempt, for receivers that take part in a trace; null when nothing is traced. */
  traceparent?: string | null
  channel: {
    id: number
    ownerId: string
    target: string
    /** As they are stored: a webhook opens them. */
    secrets: string[]
    unsubscribeToken: string | null
  }
}

/**
 * One way to reach people or programs. `send` never throws for what the other side does; it throws when the signal
 * aborts. `concurrency` is for one target: an endpoint for webhooks, else the provider.
 */
export type Sender = {
  concurrency: number
  send(message: Outgoing, signal: AbortSignal): Promise<Outcome>
}

/** RFC 9110 §10.2.3: seconds or a date. Undefined when absent or unreadable. */
export function retryAfterMs(header: string | string[] | undefined, now = Date.now()): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
