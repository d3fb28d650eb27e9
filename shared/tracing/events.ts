import { type EventName, type EventRecord, eventPayloads, topicOf } from '../events.ts'
import type { EventBus, EventHandler } from '../ports.ts'
import type { Attributes, Tracing } from '../tracing.ts'

/** A type from outside becomes part of a name only when it is one of ours. */
const topicNameOf = ({ type }: EventRecord): string =>
  Object.hasOwn(eventPayloads, type) ? topicOf(type as EventName) : 'unknown'

const attributesOf = (event: EventRecord): Attributes => ({
  'messaging.destination.name': topicNameOf(event),
  'messaging.message.id': event.eventId,
  'todo.event.type': event.type,
  'todo.task.id': event.subject,
})

/** Messages of errors may hold what people have written; names do not. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'error')

/** Each event is published in a span below the request that made it, and carries that span to its consumers. */
export function tracedBus(bus: EventBus, tracing: Tracing, system: 'kafka' | 'memory'): EventBus {
  if (!tracing.isOn) return bus
  return {
    publish: async (events, signal) => {
      const spans = events.map((event) =>
        tracing.begin(`publish ${topicNameOf(event)}`, {
          kind: 'producer',
          parent: event.traceparent,
          attributes: { 'messaging.system': system, ...attributesOf(event) },
        }),
      )
      const sent = events.map((event, i) => ({ ...event, traceparent: spans[i]!.traceparent }))
      try {
        const results = await bus.publish(sent, signal)
        const byId = new Map(results.map((result) => [result.eventId, result]))
        events.forEach(({ eventId }, i) => {
          const result = byId.get(eventId)
          spans[i]!.end({ error: result?.ok === true ? undefined : (result?.error ?? 'no answer') })
        })
        return results
      } catch (error) {
        for (const span of spans) span.end({ error: nameOf(error) })
        throw error
      }
    },
  }
}

/** Each delivery of an event is handled in a span below the one that published it. */
export function tracedHandler(handle: EventHandler, tracing: Tracing): EventHandler {
  if (!tracing.isOn) return handle
  return async (event, signal) => {
    const span = tracing.begin(`process ${topicNameOf(event)}`, {
      kind: 'consumer',
      parent: event.traceparent,
      attributes: attributesOf(event),
    })
    try {
      const verdict = await handle({ ...event, traceparent: span.traceparent }, signal)
      span.end({ attributes: { 'todo.verdict': verdict }, error: verdict === 'ok' ? undefined : verdict })
      return verdict
    } catch (error) {
      span.end({ error: nameOf(error) })
      throw error
    }
  }
}
