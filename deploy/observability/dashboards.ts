import { api } from './dashboards/api.ts'
import { daemons } from './dashboards/daemons.ts'
import { dapr } from './dashboards/dapr.ts'
import { events } from './dashboards/events.ts'
import type { Dashboard } from './dashboards/queries.ts'
import { panelsOf } from './panels.ts'

// The dashboards as code: `node deploy/observability/write-dashboards.ts` writes the JSON that Grafana reads.

export const dashboards: Dashboard[] = [api, events, daemons, dapr]

/** What Grafana imports; a picker for the data source and the namespace, so that it fits any cluster. */
export const grafanaJson = ({ uid, title, rows }: Dashboard): object => ({
  uid,
  title,
  tags: ['todo'],
  editable: false,
  schemaVersion: 41,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: {
    list: [
      { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
      {
        name: 'namespace',
        type: 'query',
        label: 'Namespace',
        datasource: { type: 'prometheus', uid: '$datasource' },
        query: { query: 'label_values(todo_build_info, namespace)', refId: 'namespaces' },
        refresh: 2,
      },
    ],
  },
  panels: panelsOf(rows),
})
