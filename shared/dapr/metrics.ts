import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { eventPayloads } from '../events.ts'
import { readVersion } from '../version.ts'
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
export function createConsumerMetrics(register?: (registry: Registry) => void): ConsumerMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  register?.(registry)
  const build = { name: 'todo_build_info', help: 'The version that runs; always 1', registers: [registry] }
  new Gauge({ ...build, labelNames: ['version'] }).set({ version: readVersion() }, 1)
  const { deliveries, latency, handling, unknown, states, missing, reachable, stuck, loops } =
    instruments(registry)
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
      stuck.set(isStuck ? 1 : 0)
      for (const [loop, age] of Object.entries(ages)) loops.set({ loop }, age)
    },
    state: (operation, ms, ok) => states.observe({ operation, ok: String(ok) }, ms / 1000),
    sidecar: (report) => {
      reachable.set(report.reachable ? 1 : 0)
      missing.reset()
      for (const component of report.missing) missing.set({ component }, 1)
    },
  }
}

function instruments(registry: Registry) {
  const registers = [registry]
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name, help, registers, labelNames })
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, registers, labelNames })
  const histogram = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Histogram({ name, help, registers, labelNames, buckets: seconds })
  return {
    deliveries: counter(
      'todo_event_deliveries_total',
      'Events received, by what became of them',
      'topic',
      'type',
      'outcome',
    ),
    latency: histogram('todo_event_latency_seconds', 'From the change to its arrival here', 'topic'),
    handling: histogram('todo_event_handling_seconds', 'Time in the handler', 'topic'),
    unknown: counter('todo_event_unknown_fields_total', 'Fields that this version does not know'),
    states: histogram('todo_state_seconds', 'Operations on the state store', 'operation', 'ok'),
    missing: gauge(
      'todo_sidecar_component_missing',
      '1 for each component the sidecar has not loaded',
      'component',
    ),
    reachable: gauge('todo_sidecar_reachable', '1 when the sidecar answers'),
    stuck: gauge('todo_consumer_stuck', '1 when events were published and none arrived'),
    loops: gauge('todo_loop_age_seconds', 'Since the last turn of a background loop', 'loop'),
  }
}
