import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Admin } from 'kafkajs'
import { parse } from 'yaml'
import { root } from '../deploy/local/settings.ts'
import { dashboards, grafanaJson } from '../deploy/observability/dashboards.ts'
import { createDeliveryMetrics } from '../notifier/metrics.ts'
import { createBrokerFigures } from '../ops/figures.ts'
import { createRecurrenceMetrics } from '../recurrer/metrics.ts'
import { createConsumerMetrics } from '../shared/dapr/metrics.ts'
import { createLog } from '../shared/log.ts'
import { createTestApi } from './support/api.ts'
import { exposedIn, type Rule, usedIn } from './support/metrics.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const chart = 'deploy/chart/observability'
const groups = (parse(read(`${chart}/alerts.yaml`)) as { groups: { rules: Rule[] }[] }).groups
const rules = groups.flatMap((group) => group.rules)
const shown = dashboards.flatMap(({ rows }) =>
  rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ expr }) => expr))),
)
const used = new Set([...rules.map(({ expr }) => expr), ...shown].flatMap(usedIn))
const alerts = rules.filter(({ alert }) => alert !== undefined)

/** What others tell: named here, so that a misspelt one of ours is not taken for theirs. */
const foreign = new Set([
  ...['up', 'kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes'],
  ...['certmanager_certificate_expiration_timestamp_seconds', 'dapr_sentry_issuercert_expiry_timestamp'],
])

let exposed: Set<string>

before(async () => {
  const api = await createTestApi()
  const log = createLog('test', { level: 'silent' })
  const server = await api.call('GET', '/metrics')
  const consumer = createConsumerMetrics((registry) => {
    createDeliveryMetrics({ db: api.db, log }).register(registry)
    createRecurrenceMetrics({ db: api.db, log }).register(registry)
  })
  const broker = createBrokerFigures({
    describeGroups: () => Promise.reject(new Error('away')),
  } as never as Admin)
  exposed = exposedIn([server.text, await consumer.registry.metrics(), await broker.print()].join('\n'))
})

test('every figure that alerts and dashboards name is one that the services tell', () => {
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []))
  // The relay's own are told where there is a sidecar to relay to; test/stack sees them.
  const isElsewhere = (name: string) => name.startsWith('dapr_') || name.startsWith('todo_relay_')
  assert.ok(used.size > 40, [...used].join(' '))
  const missing = [...used].filter(
    (name) => !exposed.has(name) && !recorded.has(name) && !foreign.has(name) && !isElsewhere(name),
  )
  assert.deepEqual(missing, [])
})

test('every figure of the product that the services tell is watched by an alert or shown on a dashboard', () => {
  const series = (name: string) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]
  const unseen = [...exposed].filter(
    (name) =>
      name.startsWith('todo_') &&
      !/_(bucket|count|sum)$/.test(name) &&
      !series(name).some((one) => used.has(one)),
  )
  // A version is a label, and fields from the future are for whoever rolls out.
  assert.deepEqual(unseen, ['todo_event_unknown_fields_total'])
})

test('every alert says how bad it is and leads to a case of the runbook', () => {
  const anchors = new Set(
    [...read('docs/runbook.md').matchAll(/^#{2,3} (.+)$/gm)].map(([, title]) =>
      title!
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
  assert.ok(alerts.length > 20)
  for (const { alert, labels, annotations } of alerts) {
    assert.match(String(labels?.severity), /^(page|ticket)$/, alert)
    assert.ok(annotations?.summary, alert)
    const [page, anchor] = String(annotations?.runbook_url).split('#')
    assert.equal(page, 'docs/runbook.md', alert)
    assert.ok(anchors.has(String(anchor)), `${alert}: the runbook has no ${anchor}`)
  }
})

test('each alert has a test that it fires, and one that it is silent', () => {
  type Case = { alertname: string; exp_alerts: unknown[] }
  const { tests } = parse(read('deploy/observability/alerts.test.yaml')) as {
    tests: { alert_rule_test: Case[] }[]
  }
  const cases = tests.flatMap((one) => one.alert_rule_test)
  for (const { alert } of alerts) {
    const ofAlert = cases.filter(({ alertname }) => alertname === alert)
    assert.ok(
      ofAlert.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${alert} never fires`,
    )
    assert.ok(
      ofAlert.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${alert} is never silent`,
    )
  }
})

test('the dashboards in the chart are those of the code', () => {
  const folder = join(root, chart, 'dashboards')
  const files = readdirSync(folder).sort()
  assert.deepEqual(files, dashboards.map(({ uid }) => `${uid}.json`).sort())
  for (const dashboard of dashboards) {
    const written: { panels: { gridPos: object }[] } = JSON.parse(
      readFileSync(join(folder, `${dashboard.uid}.json`), 'utf8'),
    )
    const hint = 'node deploy/observability/write-dashboards.ts writes them anew'
    assert.deepEqual(written, grafanaJson(dashboard), hint)
    const places = new Set(written.panels.map(({ gridPos }) => JSON.stringify(gridPos)))
    assert.equal(places.size, written.panels.length, 'two panels in one place')
  }
})
