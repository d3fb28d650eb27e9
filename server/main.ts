import { setTimeout as sleep } from 'node:timers/promises'
import { migrateConfig, type ServerConfig, serverConfig } from '../shared/config/services.ts'
import { daprConfig, environment } from '../shared/config.ts'
import { createDaprBus } from '../shared/dapr/bus.ts'
import { sidecarAnswers } from '../shared/dapr/sidecar.ts'
import { connect, type Db } from '../shared/db/connect.ts'
import { createWake, type Wake } from '../shared/db/wake.ts'
import { listenHttp } from '../shared/http.ts'
import { createLog, type Log } from '../shared/log.ts'
import { requestListener } from '../shared/request-listener.ts'
import { run } from '../shared/run.ts'
import { createSecretBox, type SecretBox } from '../shared/secret-box.ts'
import { aborted, endHanging } from '../shared/service.ts'
import { tracedBus } from '../shared/tracing/events.ts'
import { createTracing, type Tracing } from '../shared/tracing.ts'
import { readVersion } from '../shared/version.ts'
import { createWatchdog, type Watchdog } from '../shared/watchdog.ts'
import { createApp } from './app.ts'
import { createAccounts } from './auth.ts'
import { resealSecrets } from './channels/reseal.ts'
import type { Publishing } from './deps.ts'
import { createMetricsAccess } from './metrics-access.ts'
import { migrate } from './migrate.ts'
import { relayConnection, startRelay } from './relay.ts'

// The cluster's server: `main.ts` serves, `main.ts migrate [up|down [N]|status]` changes the database.

const poolSize = 6
const drainLimitMs = 9_000

const [command, ...words] = process.argv.slice(2)
const work = command === 'migrate' ? runMigrate(words) : runServer()
work.then((code) => {
  process.exitCode = code
})

async function runMigrate(words: string[]): Promise<number> {
  const log = createLog('migrate')
  return run(async () => {
    const db = connect(migrateConfig(environment()).databaseUrl, {
      max: 1,
      name: 'todo-migrate',
      statementTimeoutMs: 0,
    })
    try {
      for (const line of await migrate(db, words)) process.stdout.write(`${line}\n`)
    } finally {
      await db.end({ timeout: 5 })
    }
  }, log)
}

async function runServer(): Promise<number> {
  const first = createLog('server')
  return run(async (signal) => {
    const config = serverConfig(environment())
    await serve(config, createLog('server', { level: config.logLevel }), signal)
  }, first)
}

async function serve(config: ServerConfig, log: Log, signal: AbortSignal): Promise<void> {
  const db = connect(config.databaseUrl, { max: poolSize, name: 'todo-server' })
  const accounts = createAccounts({ ...config, db })
  const closing = new AbortController()
  const wake = createWake(db, log, closing.signal)
  const secrets = createSecretBox(config.secretKeys)
  const watchdog = createWatchdog({ db, log })
  const version = readVersion()
  const tracing = createTracing({ ...config.tracing, service: 'server', version, log })
  const relay = publish({ config, wake, log, watchdog, tracing }, closing.signal)
  const app = createApp({
    db,
    log,
    accounts,
    version,
    tracing,
    signal: closing.signal,
    stopping: signal,
    checkMetricsAccess: createMetricsAccess(config),
    ...(relay && { publishing: relay.publishing }),
    authenticate: accounts.authenticate,
    isHttps: config.publicUrl?.startsWith('https:') ?? false,
    onCommit: wake.notify,
    onWake: wake.onWake,
    notifications: {
      allowPrivateWebhooks: config.webhookAllowPrivate,
      sendgridPublicKey: config.sendgridPublicKey,
      secrets,
    },
  })
  const listener = await listenHttp(config, requestListener(app))
  log.info({ host: listener.host, port: listener.port }, 'listening')
  endHanging(watchdog, signal, process.exit)
  const resealing = sealStored(db, secrets, config, log, signal)
  try {
    await aborted(signal)
    // Balancers send nobody any more once they have asked again; until then those who come are answered. A connection that
    // is used meanwhile has moved by the end: to close an idle one may cut off a request that is on its way.
    listener.sendAway()
    await sleep(config.drainMs)
    closing.abort()
    await listener.drain(drainLimitMs)
  } finally {
    closing.abort()
    await Promise.all([relay?.stopped, resealing])
    await tracing.close()
    await db.end({ timeout: 1 })
  }
  log.info('stopped')
}

/** Seals in the background what is stored with the key before, or without one. */
async function sealStored(
  db: Db,
  secrets: SecretBox,
  config: ServerConfig,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  if (config.secretKeys.current === null) {
    log.warn('SECRETS_KEY is not set: the secrets of webhooks lie in the database as they are')
    return
  }
  try {
    const count = await resealSecrets(db, secrets, signal)
    if (count > 0) log.info({ count }, 'secrets of webhooks were sealed with the current key')
  } catch (error) {
    log.error({ err: error }, 'stored secrets could not be sealed; the next start tries again')
  }
}

type Publisher = { config: ServerConfig; wake: Wake; log: Log; watchdog: Watchdog; tracing: Tracing }

/**
 * Relays to the sidecar until the signal aborts. Without a sidecar events are switched off: the API works as before, and
 * the outbox keeps what has happened until they are switched on again.
 */
function publish(
  { config, wake, log, watchdog, tracing }: Publisher,
  signal: AbortSignal,
): { publishing: Publishing; stopped: Promise<void> } | null {
  const { sidecar, apiToken, pubsub } = daprConfig(environment())
  if (sidecar === null) {
    log.warn('no sidecar is set: events stay in the outbox')
    return null
  }
  const db = connect(config.databaseUrl, relayConnection)
  const bus = createDaprBus({ sidecar, apiToken, pubsub })
  const onTurn = () => watchdog.beat('relay')
  const traced = tracedBus(bus, tracing, 'kafka')
  const { state, stopped } = startRelay({ db, bus: traced, wake, log, onTurn }, signal)
  return {
    publishing: { relay: state, ages: watchdog.ages, sidecarAnswers: () => sidecarAnswers(sidecar) },
    stopped: stopped.then(async () => void (await Promise.all([bus.close(), db.end({ timeout: 1 })]))),
  }
}
