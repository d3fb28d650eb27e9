import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Db } from '../db/connect.ts'
import type { Topic } from '../events.ts'
import type { Log } from '../log.ts'
import type { EventHandler, StateStore } from '../ports.ts'
import { createArrivalWatch, shutdownSidecar } from './arrivals.ts'
import { createGuardedClient } from './client.ts'
import { createDaprInbox } from './inbox.ts'
import { createConsumerMetrics } from './metrics.ts'
import { inspectSidecar, type SidecarReport } from './sidecar.ts'
import { createDaprState } from './state.ts'

export type ConsumerOptions = {
  db: Db
  log: Log
  dapr: {
    sidecar: string
    apiToken: string | undefined
    appToken: string
    pubsub: string
    stateStore: string
    restartsSidecar: boolean
  }
  /** Ends the watch over arrivals. */
  signal: AbortSignal
  /** Seconds since the last turn of each background loop. */
  ages: () => Record<string, number>
  /** Built with the state store, as claims and throttles live there. */
  handlers: (state: StateStore) => Partial<Record<Topic, EventHandler>>
  onTick?: (signal: AbortSignal) => Promise<void>
  /** Adds the service's own figures to those of a consumer. */
  register?: (registry: Registry) => void
}

const warmAfterMs = 30

/**
 * The HTTP side of a service that lives on events: the inbox for its sidecar, /healthz (this process), /readyz (what
 * it stands on, by name) and /metrics. A sidecar or bus that is away makes it not ready and never ends it.
 */
export function createConsumer(options: ConsumerOptions) {
  const { db, log, dapr } = options
  const client = createGuardedClient(dapr)
  const metrics = createConsumerMetrics(options.register)
  const state = createDaprState(client, { store: dapr.stateStore, observe: metrics.state })
  const restart = dapr.restartsSidecar ? () => shutdownSidecar(dapr.sidecar, dapr.apiToken) : null
  const arrivals = createArrivalWatch({ db, state, log, restart })
  const inbox = createDaprInbox({
    ...{ appToken: dapr.appToken, handlers: options.handlers(state), log },
    observe: (delivery) => {
      arrivals.arrived()
      metrics.delivery(delivery)
    },
    ...(options.onTick ? { onTick: options.onTick } : {}),
  })
  void arrivals.run(options.signal)
  // Loading the SDK takes half a second and the first readiness would wait for it; it begins once we listen, because
  // the sidecar waits for that.
  setTimeout(() => void inspectSidecar(client), warmAfterMs).unref()
  let ending = false

  const components = [dapr.pubsub, dapr.stateStore]
  const lookAtSidecar = async () => {
    const report = await inspectSidecar(client, components)
    metrics.sidecar(report)
    return report
  }

  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const { ready, checks } = await readiness(db, await lookAtSidecar(), arrivals.isStuck())
    const status = ending ? 'ending' : ready ? 'ready' : 'not ready'
    return c.json({ status, checks }, ready && !ending ? 200 : 503)
  })
  app.get('/metrics', async (c) => {
    await lookAtSidecar()
    metrics.watch(arrivals.isStuck(), options.ages())
    return c.text(await metrics.registry.metrics(), 200, { 'content-type': metrics.registry.contentType })
  })
  app.route('/', inbox)
  return {
    app,
    state,
    stopIntake: () => {
      ending = true
    },
    close: async () => {
      await client.close()
      await db.end({ timeout: 2 })
    },
  }
}

/** What the service stands on, by name. A component that is not loaded mends itself when its broker or store returns. */
async function readiness(db: Db, sidecar: SidecarReport, isStuck: boolean) {
  const database = await db`select 1`.then(
    () => true,
    () => false,
  )
  const checks: Record<string, string> = {
    database: database ? 'ok' : 'away',
    sidecar: sidecar.reachable ? 'ok' : 'away',
    ...Object.fromEntries(sidecar.missing.map((name) => [name, 'not loaded'])),
    ...(isStuck && { events: 'published, but none arrives' }),
  }
  return { ready: database && sidecar.reachable, checks }
}
