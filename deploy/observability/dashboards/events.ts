import { type Dashboard, gauge, quantiles, rate } from './queries.ts'

export const events: Dashboard = {
  uid: 'todo-events',
  title: 'todo / Events',
  rows: [
    {
      title: 'From the change to the bus',
      panels: [
        {
          title: 'Events in the outbox',
          unit: 'short',
          queries: [gauge('todo_outbox_depth', 'max', 'events')],
        },
        {
          title: 'Age of the oldest',
          unit: 's',
          queries: [gauge('todo_outbox_oldest_seconds', 'max', 'age')],
        },
        { title: 'Change to acknowledgement', unit: 's', queries: quantiles('todo_relay_delay_seconds') },
        {
          title: 'Published, refused, failed',
          unit: 'cps',
          queries: [
            { ...rate('todo_relay_published_total', 'namespace'), legend: 'published' },
            { ...rate('todo_relay_refused_total', 'namespace'), legend: 'refused one by one' },
            { ...rate('todo_relay_failures_total', 'namespace'), legend: 'failed as a whole' },
          ],
        },
        { title: 'Leader', unit: 'bool', queries: [gauge('todo_relay_leader', 'max by (pod)', '{{pod}}')] },
        {
          title: 'Breaker open',
          unit: 'bool',
          queries: [gauge('todo_relay_breaker_open', 'max by (pod)', '{{pod}}')],
        },
      ],
    },
    {
      title: 'From the bus to the handler',
      panels: [
        {
          title: 'Consumers behind',
          unit: 'short',
          queries: [gauge('todo_consumer_lag', 'max by (group, topic)', '{{group}} on {{topic}}')],
        },
        {
          title: 'Change to handler',
          unit: 's',
          queries: quantiles('todo_event_latency_seconds', 'topic'),
        },
        {
          title: 'What became of them',
          unit: 'cps',
          queries: [rate('todo_event_deliveries_total', 'topic, outcome')],
        },
        {
          title: 'Time in the handler',
          unit: 's',
          queries: quantiles('todo_event_handling_seconds', 'topic'),
        },
        {
          title: 'Dead letters',
          unit: 'short',
          queries: [gauge('todo_dead_letters', 'max by (topic)', '{{topic}}')],
        },
        {
          title: 'Members of the groups',
          unit: 'short',
          queries: [gauge('todo_consumer_members', 'max by (group)', '{{group}}')],
        },
      ],
    },
  ],
}
