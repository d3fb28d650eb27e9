import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import type { Db } from '../db/connect.ts'
import type { Topic } from '../events.ts'
import type { Log } from '../log.ts'
import type { EventHandler, StateStore } from '../ports.ts'
import { createReadyNote } from '../ready-note.ts'
import { createArrivalWatch, shutdownSidecar } from './arrivals.ts'
import { createGuardedClient } from './client.ts'
import { createDaprInbox } from './inbox.ts'
import { createConsumerMetrics } from './metrics.ts'
import { inspectSidecar, type SidecarReport, sidecarAnswers } from './sidecar.ts'
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
    appToken: dapr.appToken,
    handlers: options.handlers(state),
    log,
    observe: (delivery) => {
      arrivals.arrived()
      metrics.delivery(delivery)
    },
    ...(options.onTick ? { onTick: options.onTick } : {}),
  })
  void arrivals.run(options.signal)
  let ending = false

  const components = [dapr.pubsub, dapr.stateStore]
  const tellReady = createReadyNote(log)
  let hasAnswered = false
  const lookAtSidecar = async () => {
    // Loading the SDK takes all of our time for half a second. At the start the sidecar asks us things just then and
    // would wait for us, so the first look does without.
    const report = hasAnswered
      ? await inspectSidecar(client, components)
      : await firstLook(dapr.sidecar, components)
    hasAnswered ||= report.reachable
    metrics.sidecar(report)
    return report
  }

  const app = new Hono()
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const { ready, checks } = await readiness(db, await lookAtSidecar(), arrivals.isStuck())
    const status = ending ? 'ending' : ready ? 'ready' : 'not ready'
    if (status === 'ready') tellReady()
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

async function firstLook(sidecar: string, components: string[]): Promise<SidecarReport> {
  const reachable = await sidecarAnswers(sidecar)
  return { reachable, missing: reachable ? [] : components, subscriptions: 0 }
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
