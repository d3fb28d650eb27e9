import { type Dashboard, gauge, milliseconds, rate } from './queries.ts'

export const dapr: Dashboard = {
  uid: 'todo-dapr',
  title: 'todo / Dapr',
  rows: [
    {
      title: 'Sidecars',
      panels: [
        {
          title: 'Reached by their service',
          unit: 'bool',
          queries: [gauge('todo_sidecar_reachable', 'min by (pod)', '{{pod}}')],
        },
        {
          title: 'Components not loaded',
          unit: 'short',
          queries: [
            gauge('todo_sidecar_component_missing', 'sum by (pod, component)', '{{pod}} {{component}}'),
          ],
        },
        {
          title: 'Loaded',
          unit: 'short',
          queries: [gauge('dapr_runtime_component_loaded', 'sum by (app_id)', '{{app_id}}')],
        },
      ],
    },
    {
      title: 'Pub/sub',
      panels: [
        {
          title: 'Published',
          unit: 'cps',
          queries: [rate('dapr_component_pubsub_egress_bulk_count', 'app_id, topic, success')],
        },
        {
          title: 'Publish time, p99',
          unit: 'ms',
          queries: milliseconds('dapr_component_pubsub_egress_bulk_latencies', 'topic'),
        },
        {
          title: 'Delivered to the services',
          unit: 'cps',
          queries: [rate('dapr_component_pubsub_ingress_count', 'app_id, topic, process_status')],
        },
        {
          title: 'Delivery time, p99',
          unit: 'ms',
          queries: milliseconds('dapr_component_pubsub_ingress_latencies', 'topic'),
        },
      ],
    },
    {
      title: 'Clock and resiliency',
      panels: [
        {
          title: 'Ticks',
          unit: 'cps',
          queries: [rate('dapr_component_input_binding_count', 'app_id, success')],
        },
        {
          title: 'Policies at work',
          unit: 'cps',
          queries: [rate('dapr_resiliency_count', 'app_id, policy')],
        },
      ],
    },
  ],
}
