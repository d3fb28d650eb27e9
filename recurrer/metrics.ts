import { Counter, Gauge, type Registry } from 'prom-client'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'

export type RecurrenceMetrics = {
  /** Adds them to what the service tells. */
  register(registry: Registry): void
  observe(done: { made: number; sent: number }): void
  /** The clock of the sidecar has ticked. */
  ticked(): void
}

/** What was made, and how late what is due is. The tables are read when somebody asks, from two index entries. */
export function createRecurrenceMetrics({ db, log }: { db: Db; log: Log }): RecurrenceMetrics {
  const registers: Registry[] = []
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const instances = counter('todo_instances_total', 'Tasks made of templates')
  const reminders = counter('todo_reminders_total', 'Reminders that went out as events')
  const ticks = counter('todo_cron_ticks_total', 'Ticks that the sidecar sent')
  const stopped = new Gauge({
    ...{ name: 'todo_templates_stopped', help: 'Templates that a fault of their own has stopped', registers },
  })
  const overdue = new Gauge({
    ...{ name: 'todo_recurrence_overdue_seconds', help: 'How late the most overdue template is', registers },
    async collect() {
      try {
        const state = await readState(db)
        overdue.set(state.overdue)
        stopped.set(state.stopped)
      } catch (error) {
        log.warn({ err: error }, 'could not read the templates for the metrics')
      }
    },
  })
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

async function readState(db: Db): Promise<{ overdue: number; stopped: number }> {
  const [row] = await db<{ overdue: number; stopped: number }[]>`
    select greatest(0, coalesce((
             select extract(epoch from now() - next_run_at) from recurring_tasks
             where is_active and next_run_at is not null order by next_run_at limit 1), 0))::double precision as overdue,
           (select count(*) from recurring_tasks where not is_active and last_error is not null)::integer as stopped`
  return row!
}
