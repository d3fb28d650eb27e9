import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { eventPayloads } from '../events.ts'
import type { Delivery } from './inbox.ts'
import type { SidecarReport } from './sidecar.ts'

export type ConsumerMetrics = {
  registry: Registry
  delivery(delivery: Delivery): void
  state(operation: string, ms: number, ok: boolean): void
  sidecar(report: SidecarReport): void
  /** Whether the consumer has stopped to get what is published, and how long each loop has been quiet. */
  watch(isStuck: boolean, ages: Record<string, number>): void
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

/** What a consumer of events tells Prometheus. A type from outside becomes a label only when it is one of ours. */
export function createConsumerMetrics(): ConsumerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const deliveries = new Counter({
    ...{ name: 'todo_event_deliveries_total', help: 'Events received, by what became of them', registers },
    labelNames: ['topic', 'type', 'outcome'] as const,
  })
  const latency = new Histogram({
    ...{ name: 'todo_event_latency_seconds', help: 'From the change to its arrival here', registers },
    ...{ labelNames: ['topic'] as const, buckets: seconds },
  })
  const handling = new Histogram({
    ...{ name: 'todo_event_handling_seconds', help: 'Time in the handler', registers },
    ...{ labelNames: ['topic'] as const, buckets: seconds },
  })
  const unknown = new Counter({
    ...{ name: 'todo_event_unknown_fields_total', help: 'Fields that this version does not know', registers },
  })
  const states = new Histogram({
    ...{ name: 'todo_state_seconds', help: 'Operations on the state store', registers },
    ...{ labelNames: ['operation', 'ok'] as const, buckets: seconds },
  })
  const gauges = createGauges(registry)
  return {
    registry,
    delivery: ({ topic, type, outcome, handlerMs, latencyMs, unknownFields }) => {
      const known = type === null ? 'unreadable' : Object.hasOwn(eventPayloads, type) ? type : 'other'
      deliveries.inc({ topic, type: known, outcome })
      if (unknownFields > 0) unknown.inc(unknownFields)
      if (latencyMs === null) return
      // A clock that is ahead of ours would make it negative.
      latency.observe({ topic }, Math.max(0, latencyMs) / 1000)
      handling.observe({ topic }, handlerMs / 1000)
    },
    watch: (isStuck, ages) => {
      gauges.stuck.set(isStuck ? 1 : 0)
      for (const [loop, age] of Object.entries(ages)) gauges.loops.set({ loop }, age)
    },
    state: (operation, ms, ok) => states.observe({ operation, ok: String(ok) }, ms / 1000),
    sidecar: (report) => {
      gauges.reachable.set(report.reachable ? 1 : 0)
      gauges.missing.reset()
      for (const component of report.missing) gauges.missing.set({ component }, 1)
    },
  }
}

/** What is set when somebody asks. */
function createGauges(registry: Registry) {
  const registers = [registry]
  const missing = new Gauge({
    ...{
      name: 'todo_sidecar_component_missing',
      help: '1 for each component the sidecar has not loaded',
      registers,
    },
    labelNames: ['component'] as const,
  })
  const reachable = new Gauge({
    name: 'todo_sidecar_reachable',
    help: '1 when the sidecar answers',
    registers,
  })
  const stuck = new Gauge({
    name: 'todo_consumer_stuck',
    help: '1 when events were published and none arrived',
    registers,
  })
  const loops = new Gauge({
    ...{ name: 'todo_loop_age_seconds', help: 'Since the last turn of a background loop', registers },
    labelNames: ['loop'] as const,
  })
  return { missing, reachable, stuck, loops }
}
