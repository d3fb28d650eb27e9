import type { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { type Db, type Sql, transactionsOf } from '../shared/db/connect.ts'
import type { Deps } from './deps.ts'
import { count, createTally, histogramMetric, type Labelled } from './tally.ts'

/** Upper bounds in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Figures of the requests so far, counted from the first one on in a few numbers. The package that prints them is
 * loaded when somebody asks, since the local daemon hardly ever is.
 */
export type Metrics = {
  observe: (method: string, route: string, status: number, seconds: number) => void
  print: () => Promise<{ type: string; text: string }>
}

type MetricsDeps = Pick<Deps, 'db' | 'log' | 'version' | 'publishing'>

export function createMetrics(deps: MetricsDeps): Metrics {
  const series = new Map<string, Labelled>()
  let printer: Promise<Printer> | undefined
  return {
    observe: (method, route, status, seconds) => {
      const key = `${method} ${route} ${status}`
      let one = series.get(key)
      if (one === undefined) {
        one = { labels: { method, route, status }, tally: createTally(buckets) }
        series.set(key, one)
      }
      count(one.tally, seconds)
    },
    print: async () => {
      printer ??= createPrinter(deps, series)
      const { registry, refresh } = await printer
      await refresh()
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

export const mountMetrics = (app: Hono, deps: Deps, metrics: Metrics): Hono =>
  app.get('/metrics', async (c) => {
    deps.checkMetricsAccess?.(c)
    const { type, text } = await metrics.print()
    return c.body(text, 200, { 'content-type': type })
  })

type Printer = { registry: Registry; refresh: () => Promise<void> }

async function createPrinter(
  { db, log, version, publishing }: MetricsDeps,
  series: Map<string, Labelled>,
): Promise<Printer> {
  const { Registry, Gauge, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  // Memory, CPU, garbage collection and the lag of the event loop.
  collectDefaultMetrics({ register: registry })
  const requests = () => series.values()
  registry.registerMetric(
    histogramMetric('todo_http_request_duration_seconds', 'Requests by route and status', requests) as never,
  )
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  gauge('todo_build_info', 'The version that runs; always 1', 'version').set({ version }, 1)
  const transactions = gauge('todo_db_transactions', 'Transactions of this process by state', 'state')
  const up = gauge('todo_db_up', 'Whether the database answers')
  const depth = gauge('todo_outbox_depth', 'Events that the bus has not taken; 100001 stands for more')
  const age = gauge('todo_outbox_oldest_seconds', 'Age of the oldest event that the bus has not taken')
  const refreshRelay = publishing === undefined ? null : await relayMetrics(publishing, registry)
  const refresh = async () => {
    for (const [state, value] of Object.entries(transactionsOf(db) ?? {})) transactions.set({ state }, value)
    await refreshRelay?.()
    try {
      const outbox = await readOutbox(db)
      depth.set(outbox.depth)
      age.set(outbox.age)
      up.set(1)
    } catch (error) {
      log.warn({ err: error }, 'could not read the outbox for the metrics')
      up.set(0)
    }
  }
  return { registry, refresh }
}

/** What this process's relay does. Leader is one of all processes; only the leader's other figures move. */
async function relayMetrics(
  { relay, sidecarAnswers, ages }: NonNullable<Deps['publishing']>,
  registry: Registry,
): Promise<() => Promise<void>> {
  const { Gauge, Counter } = await import('prom-client')
  const registers = [registry]
  const leader = new Gauge({ name: 'todo_relay_leader', help: '1 where events are published', registers })
  const open = new Gauge({
    name: 'todo_relay_breaker_open',
    help: '1 while the bus takes nothing from this relay',
    registers,
  })
  const reachable = new Gauge({
    name: 'todo_sidecar_reachable',
    help: '1 when the sidecar answers',
    registers,
  })
  const loops = new Gauge({
    name: 'todo_loop_age_seconds',
    help: 'Since the last turn of a background loop',
    registers,
    labelNames: ['loop'] as const,
  })
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  counter('todo_relay_published_total', 'Events that the bus acknowledged', () => relay.published)
  counter('todo_relay_refused_total', 'Events that the bus refused one by one', () => relay.refused)
  counter('todo_relay_failures_total', 'Publications that failed as a whole', () => relay.failures)
  const delays = () => [{ labels: {}, tally: relay.delays }]
  registry.registerMetric(
    histogramMetric(
      'todo_relay_delay_seconds',
      'From a change to its acknowledgement by the bus',
      delays,
    ) as never,
  )
  return async () => {
    leader.set(relay.isLeader ? 1 : 0)
    open.set(relay.isBusDown ? 1 : 0)
    reachable.set((await sidecarAnswers()) ? 1 : 0)
    for (const [loop, seconds] of Object.entries(ages())) loops.set({ loop }, seconds)
  }
}

/** Counting stops at a limit: the figure must not become the load when there is a backlog. */
async function readOutbox(db: Db | Sql): Promise<{ depth: number; age: number }> {
  const [row] = await db<{ depth: number; age: number }[]>`
    select (select count(*) from (select 1 from outbox limit 100001) o)::integer as depth,
           coalesce((select extract(epoch from now() - e.created_at) from outbox o join events e on e.id = o.id
                     order by o.id limit 1), 0)::double precision as age`
  return row!
}
