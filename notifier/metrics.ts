import { Counter, Histogram, type Registry } from 'prom-client'
import type { Db } from '../shared/db/connect.ts'
import { createDatabaseGauge } from '../shared/db/gauge.ts'
import type { Log } from '../shared/log.ts'
import type { Observed } from './deliver.ts'

export type DeliveryMetrics = {
  /** Adds them to what the service tells. */
  register(registry: Registry): void
  observe(attempt: Observed): void
}

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

/** What is sent, how it ended, and what waits. */
export function createDeliveryMetrics({ db, log }: { db: Db; log: Log }): DeliveryMetrics {
  const registers: Registry[] = []
  const attempts = new Counter({
    name: 'todo_delivery_attempts_total',
    help: 'Attempts by kind of channel and how they ended',
    registers,
    labelNames: ['kind', 'class'] as const,
  })
  const durations = new Histogram({
    name: 'todo_delivery_seconds',
    help: 'How long an attempt took',
    registers,
    buckets: seconds,
    labelNames: ['kind'] as const,
  })
  // Counting stops at a limit: the figure must not become the load when there is a backlog.
  const due = createDatabaseGauge(
    log,
    'todo_deliveries_due',
    'Deliveries that should be sent now; 10001 stands for more',
    () => db`
      select count(*)::integer as value from (
        select from deliveries where status = 'queued' and next_attempt_at <= now() limit 10001) d`,
  )
  const oldest = createDatabaseGauge(
    log,
    'todo_delivery_oldest_seconds',
    'How long the oldest due delivery waits',
    () => db`
      select extract(epoch from now() - next_attempt_at)::double precision as value from deliveries
      where status = 'queued' and next_attempt_at <= now() order by next_attempt_at limit 1`,
  )
  return {
    register: (registry) => {
      for (const metric of [attempts, durations, due, oldest]) registry.registerMetric(metric as never)
    },
    observe: ({ kind, class: outcome, ms }) => {
      attempts.inc({ kind, class: outcome })
      durations.observe({ kind }, ms / 1000)
    },
  }
}
