import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../local/settings.ts'
import { dashboards, grafanaJson } from './dashboards.ts'

// Writes the files that the chart carries; a test compares them with the code.

const folder = join(root, 'deploy/chart/observability/dashboards')
mkdirSync(folder, { recursive: true })
for (const dashboard of dashboards)
  writeFileSync(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(grafanaJson(dashboard), null, 2)}\n`)
