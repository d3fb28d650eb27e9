import type { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { type Db, type Sql, transactionsOf } from '../shared/db/connect.ts'
import type { Deps } from './deps.ts'

/** Upper bounds in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

type Series = { labels: { method: string; route: string; status: number }; counts: number[]; sum: number }

/**
 * Figures of the requests so far, counted from the first one on in a few numbers. The package that prints them is
 * loaded when somebody asks, since the local daemon hardly ever is.
 */
export type Metrics = {
  observe: (method: string, route: string, status: number, seconds: number) => void
  print: () => Promise<{ type: string; text: string }>
}

type MetricsDeps = Pick<Deps, 'db' | 'log' | 'version'>

export function createMetrics(deps: MetricsDeps): Metrics {
  const series = new Map<string, Series>()
  let printer: Promise<Printer> | undefined
  return {
    observe: (method, route, status, seconds) => {
      const key = `${method} ${route} ${status}`
      let one = series.get(key)
      if (one === undefined) {
        // One more place than bounds: what took longer than all of them.
        one = { labels: { method, route, status }, counts: Array(buckets.length + 1).fill(0), sum: 0 }
        series.set(key, one)
      }
      const place = buckets.findIndex((bound) => seconds <= bound)
      one.counts[place < 0 ? buckets.length : place]! += 1
      one.sum += seconds
    },
    print: async () => {
      printer ??= createPrinter(deps, series)
      const { registry, refresh } = await printer
      await refresh()
      return { type: registry.contentType, text: await registry.metrics() }
    },
  }
}

export const mountMetrics = (app: Hono, metrics: Metrics): Hono =>
  app.get('/metrics', async (c) => {
    const { type, text } = await metrics.print()
    return c.body(text, 200, { 'content-type': type })
  })

type Printer = { registry: Registry; refresh: () => Promise<void> }

async function createPrinter(
  { db, log, version }: MetricsDeps,
  series: Map<string, Series>,
): Promise<Printer> {
  const { Registry, Gauge, collectDefaultMetrics } = await import('prom-client')
  const registry = new Registry()
  // Memory, CPU, garbage collection and the lag of the event loop.
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(requestMetric(series) as never)
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  gauge('todo_build_info', 'The version that runs; always 1', 'version').set({ version }, 1)
  const transactions = gauge('todo_db_transactions', 'Transactions of this process by state', 'state')
  const up = gauge('todo_db_up', 'Whether the database answers')
  const depth = gauge('todo_outbox_depth', 'Events that the bus has not taken; 100001 stands for more')
  const age = gauge('todo_outbox_oldest_seconds', 'Age of the oldest event that the bus has not taken')
  const refresh = async () => {
    for (const [state, count] of Object.entries(transactionsOf(db) ?? {})) transactions.set({ state }, count)
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

/** Counting stops at a limit: the figure must not become the load when there is a backlog. */
async function readOutbox(db: Db | Sql): Promise<{ depth: number; age: number }> {
  const [row] = await db<{ depth: number; age: number }[]>`
    select (select count(*) from (select 1 from outbox limit 100001) o)::integer as depth,
           coalesce((select extract(epoch from now() - e.created_at) from outbox o join events e on e.id = o.id
                     order by o.id limit 1), 0)::double precision as age`
  return row!
}

/** In the form that the registry prints: a histogram with the labels of the request. */
const requestMetric = (series: Map<string, Series>) => {
  const name = 'todo_http_request_duration_seconds'
  const get = () => ({
    ...{ name, help: 'Requests by route and status', type: 'histogram', aggregator: 'sum' },
    values: [...series.values()].flatMap(({ labels, counts, sum }) => {
      let below = 0
      const bars = counts.map((count, place) => {
        below += count
        return {
          metricName: `${name}_bucket`,
          labels: { ...labels, le: buckets[place] ?? '+Inf' },
          value: below,
        }
      })
      return [
        ...bars,
        { metricName: `${name}_sum`, labels, value: sum },
        { metricName: `${name}_count`, labels, value: below },
      ]
    }),
  })
  return { name, get }
}
