import { type Dashboard, gauge, quantiles, rate } from './queries.ts'

export const daemons: Dashboard = {
  uid: 'todo-daemons',
  title: 'todo / Notifications and recurrence',
  rows: [
    {
      title: 'Notifications',
      panels: [
        {
          title: 'Attempts by channel',
          unit: 'cps',
          queries: [rate('todo_delivery_attempts_total', 'kind, class')],
        },
        { title: 'Due now', unit: 'short', queries: [gauge('todo_deliveries_due', 'max', 'deliveries')] },
        {
          title: 'The oldest due waits',
          unit: 's',
          queries: [gauge('todo_delivery_oldest_seconds', 'max', 'wait')],
        },
        { title: 'An attempt takes', unit: 's', queries: quantiles('todo_delivery_seconds', 'kind') },
      ],
    },
    {
      title: 'Recurrence',
      panels: [
        {
          title: 'Made and reminded',
          unit: 'cps',
          queries: [
            { ...rate('todo_instances_total', 'namespace'), legend: 'instances' },
            { ...rate('todo_reminders_total', 'namespace'), legend: 'reminders' },
          ],
        },
        {
          title: 'The most overdue template',
          unit: 's',
          queries: [gauge('todo_recurrence_overdue_seconds', 'max', 'late')],
        },
        {
          title: 'Ticks in five minutes',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (pod) (increase(todo_cron_ticks_total{namespace="$namespace"}[5m]))',
              legend: '{{pod}}',
            },
          ],
        },
        {
          title: 'Templates stopped by a fault',
          unit: 'short',
          queries: [gauge('todo_templates_stopped', 'max', 'templates')],
        },
      ],
    },
    {
      title: 'Loops',
      panels: [
        {
          title: 'Since the last turn',
          unit: 's',
          queries: [gauge('todo_loop_age_seconds', 'max by (loop, pod)', '{{loop}} {{pod}}')],
        },
        {
          title: 'State store, p50 to p99',
          unit: 's',
          queries: quantiles('todo_state_seconds'),
        },
      ],
    },
  ],
}
