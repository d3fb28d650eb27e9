import { Counter, type Registry } from 'prom-client'
import type { Db } from '../shared/db/connect.ts'
import { createDatabaseGauge } from '../shared/db/gauge.ts'
import type { Log } from '../shared/log.ts'

export type RecurrenceMetrics = {
  /** Adds them to what the service tells. */
  register(registry: Registry): void
  observe(done: { made: number; sent: number }): void
  /** The clock of the sidecar has ticked. */
  ticked(): void
}

/** What was made, and how late what is due is. */
export function createRecurrenceMetrics({ db, log }: { db: Db; log: Log }): RecurrenceMetrics {
  const registers: Registry[] = []
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const instances = counter('todo_instances_total', 'Tasks made of templates')
  const reminders = counter('todo_reminders_total', 'Reminders that went out as events')
  const ticks = counter('todo_cron_ticks_total', 'Ticks that the sidecar sent')
  const overdue = createDatabaseGauge(
    log,
    'todo_recurrence_overdue_seconds',
    'How late the most overdue template is',
    () => db`
      select greatest(0, extract(epoch from now() - next_run_at))::double precision as value from recurring_tasks
      where is_active and next_run_at is not null order by next_run_at limit 1`,
  )
  const stopped = createDatabaseGauge(
    log,
    'todo_templates_stopped',
    'Templates that a fault of their own has stopped',
    () => db`
      select count(*)::integer as value from recurring_tasks where not is_active and last_error is not null`,
  )
  return {
    register: (registry) => {
      for (const metric of [instances, reminders, ticks, overdue, stopped])
        registry.registerMetric(metric as never)
    },
    observe: ({ made, sent }) => {
      instances.inc(made)
      reminders.inc(sent)
    },
    ticked: () => ticks.inc(),
  }
}
