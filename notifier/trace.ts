import type { Sql } from '../shared/db/connect.ts'
import { noTracing, type Tracing } from '../shared/tracing.ts'
import type { Outcome } from './outcome.ts'
import type { Claimed } from './queue.ts'

type DeliverySpan = {
  traceparent: string | null
  end(result: { outcome: Outcome; members: number }): void
}

/**
 * A span for one attempt, in the trace of the request that made the event. The queue may hold a delivery for days and
 * over restarts, so the trace is read from the log of events, and only where traces are recorded.
 */
export async function beginDelivery(
  { db, tracing = noTracing }: { db: Sql; tracing?: Tracing },
  head: Claimed,
): Promise<DeliverySpan> {
  const parent = tracing.isOn ? await traceOf(db, head) : null
  const span = tracing.begin(`deliver ${head.kind}`, {
    kind: 'client',
    parent,
    attributes: {
      'todo.delivery.id': head.id,
      'todo.event.type': head.event_type,
      'messaging.message.id': head.event_id,
      'todo.delivery.attempt': head.tries + 1,
    },
  })
  return {
    traceparent: span.traceparent,
    end: ({ outcome, members }) => {
      const status = 'status' in outcome ? outcome.status : null
      span.end({
        attributes: {
          'todo.delivery.outcome': outcome.class,
          'todo.delivery.events': members,
          ...(status !== null && { 'http.response.status_code': status }),
        },
        error: outcome.class === 'sent' || outcome.class === 'absent' ? undefined : outcome.class,
      })
    },
  }
}

/** By the two indexes of the log on (task, version), one of which is for reminders. */
async function traceOf(
  sql: Sql,
  { event_id, event_type, task_id, payload }: Claimed,
): Promise<string | null> {
  const version = Number(payload.version)
  if (task_id === null || !Number.isInteger(version)) return null
  const isReminder = event_type === 'task.due.approaching'
  const ofType = isReminder ? sql`e.type = 'task.due.approaching'` : sql`e.type <> 'task.due.approaching'`
  const [row] = await sql<{ traceparent: string | null }[]>`
    select e.traceparent from events e
    where ${ofType} and e.task_id = ${task_id} and e.version = ${version} and e.event_id::text = ${event_id}`
  return row?.traceparent ?? null
}
