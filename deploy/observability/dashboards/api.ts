import { type Dashboard, gauge, quantiles, rate } from './queries.ts'

export const api: Dashboard = {
  uid: 'todo-api',
  title: 'todo / API',
  rows: [
    {
      title: 'What people feel',
      panels: [
        {
          title: 'Requests',
          unit: 'reqps',
          queries: [rate('todo_http_request_duration_seconds_count', 'method', ',route=~"/api/.*"')],
        },
        {
          title: 'Failed (budget 0.1 %)',
          unit: 'percentunit',
          queries: [
            { expr: 'todo:api_errors:ratio_rate5m', legend: '5 minutes' },
            { expr: 'todo:api_errors:ratio_rate1h', legend: 'an hour' },
          ],
        },
        { title: 'Time to answer', unit: 's', queries: quantiles('todo_http_request_duration_seconds') },
      ],
    },
    {
      title: 'By route',
      panels: [
        {
          title: 'Slowest routes, p95',
          unit: 's',
          queries: [
            {
              expr: 'topk(8, histogram_quantile(0.95, sum by (le, method, route) (rate(todo_http_request_duration_seconds_bucket{namespace="$namespace"}[$__rate_interval]))))',
              legend: '{{method}} {{route}}',
            },
          ],
        },
        {
          title: 'Answers by status',
          unit: 'reqps',
          queries: [rate('todo_http_request_duration_seconds_count', 'status')],
        },
      ],
    },
    {
      title: 'Process and database',
      panels: [
        {
          title: 'Transactions',
          unit: 'short',
          queries: [gauge('todo_db_transactions', 'sum by (state)', '{{state}}')],
        },
        {
          title: 'Database answers',
          unit: 'bool',
          queries: [gauge('todo_db_up', 'min by (pod)', '{{pod}}')],
        },
        {
          title: 'Lag of the event loop, p99',
          unit: 's',
          queries: [gauge('nodejs_eventloop_lag_p99_seconds', 'max by (pod)', '{{pod}}')],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [gauge('process_resident_memory_bytes', 'max by (pod)', '{{pod}}')],
        },
      ],
    },
  ],
}
