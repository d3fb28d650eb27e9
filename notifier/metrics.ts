import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'
import type { Observed } from './deliver.ts'

export type DeliveryMetrics = {
  /** Adds them to what the service tells. */
  register(registry: Registry): void
  observe(attempt: Observed): void
}

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

/** What is sent, how it ended, and what waits. The queue is read when somebody asks, from its own indexes. */
export function createDeliveryMetrics({ db, log }: { db: Db; log: Log }): DeliveryMetrics {
  const registers: Registry[] = []
  const attempts = new Counter({
    ...{
      name: 'todo_delivery_attempts_total',
      help: 'Attempts by kind of channel and how they ended',
      registers,
    },
    labelNames: ['kind', 'class'] as const,
  })
  const durations = new Histogram({
    ...{ name: 'todo_delivery_seconds', help: 'How long an attempt took', registers, buckets: seconds },
    labelNames: ['kind'] as const,
  })
  const oldest = new Gauge({
    ...{ name: 'todo_delivery_oldest_seconds', help: 'How long the oldest due delivery waits', registers },
  })
  const due = new Gauge({
    ...{
      name: 'todo_deliveries_due',
      help: 'Deliveries that should be sent now; 10001 stands for more',
      registers,
    },
    async collect() {
      try {
        const queue = await readQueue(db)
        due.set(queue.due)
        oldest.set(queue.oldest)
      } catch (error) {
        log.warn({ err: error }, 'could not read the delivery queue for the metrics')
      }
    },
  })
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

/** Counting stops at a limit: the figure must not become the load when there is a backlog. */
async function readQueue(db: Db): Promise<{ due: number; oldest: number }> {
  const [row] = await db<{ due: number; oldest: number }[]>`
    select (select count(*) from (
              select 1 from deliveries where status = 'queued' and next_attempt_at <= now() limit 10001) d)::integer as due,
           coalesce((select extract(epoch from now() - min(next_attempt_at)) from deliveries
                     where status = 'queued' and next_attempt_at <= now()), 0)::double precision as oldest`
  return row!
}
