import type { RequestListener } from 'node:http'
import type { Deps, NotificationDeps } from '../../server/deps.ts'
import { cliConfig, type HomePaths } from '../../shared/config.ts'
import type { DatabaseTarget, Db } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import { systemZone } from '../../shared/system-zone.ts'
import { type KeptPostgres, keepPostgres } from './keep-postgres.ts'

export type SystemOptions = {
  paths: HomePaths
  /** A database that is there, instead of the built-in one. */
  databaseUrl: string | null
  version: string
  log: Log
  /** Who asks: for the daemon `localUser`, over TCP `accountsOf` (sign-in.ts), which reads tokens. */
  signIn: (db: Db) => Promise<SignIn>
  /** At most so many connections for requests; each is a process of 5 to 10 MB. */
  connections: number
  /** Whether reminders may pop up on this machine: it is the user's own, or a server of several people. */
  desktop: boolean
  /** Aborted when it was told to stop, so that /readyz says no; without it, it does so only by being gone. */
  stopping?: AbortSignal
}

export type SignIn = Pick<Deps, 'authenticate' | 'accounts' | 'isHttps' | 'checkMetricsAccess'>

export type System = {
  handle: RequestListener
  /** True while something has to happen by the clock although nobody asks. */
  isNeeded(): Promise<boolean>
  /** Ends the open event streams, which would keep a drain waiting. Their clients come back to the next daemon. */
  endStreams(): void
  /** Rejects when the system cannot go on. */
  lost: Promise<never>
  stop(): Promise<void>
}

/** Whatever puts deliveries into the queue here also wakes their sender, which else knows when the next is due. */
const deliveryPollMs = 15_000

/** A session of Postgres costs up to 10 MB, and a new one some milliseconds. */
const resting = { idleTimeoutSec: 300, spareTimeoutSec: 10 }

/** The whole product in one process: database (started here unless a URL is given), migrations, API. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { paths, log } = options
  // The program is read while Postgres starts: together they take as long as the slower one.
  const modules = loadModules()
  modules.catch(() => {})
  const postgres = options.databaseUrl === null ? await startDatabase(paths, log) : null
  try {
    const target = options.databaseUrl ?? { socketDir: postgres!.socketDir, port: postgres!.port }
    return await startOn(target, postgres, options, await modules)
  } catch (error) {
    await postgres?.stop()
    throw error
  }
}

const startDatabase = (paths: HomePaths, log: Log): Promise<KeptPostgres> =>
  keepPostgres({ dataDir: paths.postgresData, socketDir: paths.run, logFile: paths.postgresLog }, log)

type Modules = Awaited<ReturnType<typeof loadModules>>

async function loadModules() {
  const [
    app,
    node,
    connect,
    migrate,
    memory,
    relay,
    wake,
    notifier,
    recurrer,
    config,
    services,
    tracing,
    traced,
    box,
  ] = await Promise.all([
    import('../../server/app.ts'),
    import('../../shared/request-listener.ts'),
    import('../../shared/db/connect.ts'),
    import('../../shared/db/migrate.ts'),
    import('../../shared/memory.ts'),
    import('../../server/relay.ts'),
    import('../../shared/db/wake.ts'),
    import('../../notifier/start.ts'),
    import('../../recurrer/app.ts'),
    import('../../shared/config.ts'),
    import('../../shared/config/services.ts'),
    import('../../shared/tracing.ts'),
    import('../../shared/tracing/events.ts'),
    import('../../shared/secret-box.ts'),
  ])
  return {
    ...app,
    ...node,
    ...connect,
    ...migrate,
    ...memory,
    ...relay,
    ...wake,
    ...notifier,
    ...recurrer,
    ...config,
    ...services,
    ...tracing,
    ...traced,
    ...box,
  }
}

async function startOn(
  target: DatabaseTarget,
  postgres: KeptPostgres | null,
  { log, version, signIn, connections, desktop, stopping }: SystemOptions,
  modules: Modules,
): Promise<System> {
  const { connect, createApp, memoryBus, relayConnection, requestListener, startRelay } = modules
  await migrate(target, log, modules)
  const db = connect(target, { ...resting, max: connections, name: 'todo-daemon' })
  const relayDb = connect(target, relayConnection)
  const [work, streams] = [new AbortController(), new AbortController()]
  // Nobody else writes to the built-in database.
  const wake =
    postgres === null ? modules.createWake(db, log, work.signal) : modules.createLoneWake(work.signal)
  const settings = modules.providersConfig(modules.environment())
  const traces = modules.tracingConfig(modules.environment())
  const tracing = modules.createTracing({ ...traces, service: 'todo', version, log })
  const notifier = modules.startNotifier(
    { db, log, config: settings, desktop, tracing, pollMs: deliveryPollMs },
    work.signal,
  )
  const bus = modules.tracedBus(
    memoryBus([modules.tracedHandler(notifier.handle, tracing)]),
    tracing,
    'memory',
  )
  const recurring = modules.createRecurrer({ db, wake, log, tracing }, work.signal).run()
  const relay = startRelay({ db: relayDb, log, wake, bus }, work.signal)
  const app = createApp({
    db,
    log,
    version,
    tracing,
    ...(stopping && { stopping }),
    ...(await signIn(db)),
    onWake: wake.onWake,
    signal: streams.signal,
    ...wakingBoth(wake, notifier, {
      allowPrivateWebhooks: settings.webhookAllowPrivate,
      secrets: modules.createSecretBox(settings.secretKeys),
    }),
  })
  return {
    handle: whenPostgresRuns(postgres, requestListener(app)),
    isNeeded: () => needsClock(db),
    endStreams: () => streams.abort(),
    lost: postgres?.lost ?? new Promise<never>(() => {}),
    stop: async () => {
      work.abort()
      await Promise.all([relay.stopped, notifier.stopped, recurring])
      await tracing.close()
      await Promise.all([db, relayDb].map((one) => one.end({ timeout: 2 })))
      await postgres?.stop()
    },
  }
}

/** A request that comes while Postgres starts again waits for that. When it does not come back, the answer is a 503. */
const whenPostgresRuns =
  (postgres: KeptPostgres | null, answer: RequestListener): RequestListener =>
  (request, response) => {
    const go = () => void answer(request, response)
    const back = postgres?.restarting() ?? null
    if (back === null) go()
    else back.then(go, go)
  }

/**
 * What the API calls after a commit and after a request for the notifier. With an Idempotency-Key the request is not
 * committed yet, so the commit wakes the notifier once more.
 */
function wakingBoth(
  wake: { notify: () => void },
  notifier: { wake: () => void },
  settings: NotificationDeps,
): Pick<Deps, 'onCommit' | 'notifications'> {
  let isAsked = false
  return {
    onCommit: () => {
      wake.notify()
      if (isAsked) notifier.wake()
      isAsked = false
    },
    notifications: {
      ...settings,
      onRequest: () => {
        isAsked = true
        notifier.wake()
      },
    },
  }
}

/** On a connection of its own, because a migration may take longer than any request. */
async function migrate(target: DatabaseTarget, log: Log, { connect, migrateUp }: Modules): Promise<void> {
  const admin = connect(target, { max: 1, name: 'todo-migrate', statementTimeoutMs: 0 })
  try {
    const applied = await migrateUp(admin)
    if (applied.length > 0) log.info({ applied }, 'migrated')
  } catch (error) {
    if (error instanceof AppError || typeof target !== 'string') throw error
    throw new AppError('unavailable', `The database of TODO_DATABASE_URL: ${(error as Error).message}.`, {
      hint: 'See that it runs and that the URL is right, or unset it to use the built-in one.',
      reason: 'database_unreachable',
      cause: error,
    })
  } finally {
    await admin.end({ timeout: 5 })
  }
}

/** Templates make tasks by the clock, events wait for the bus, and notifications for their time. */
async function needsClock(db: Db): Promise<boolean> {
  const [row] = await db<{ needed: boolean }[]>`
    select exists (select from recurring_tasks where is_active and next_occurrence is not null)
        or exists (select from outbox)
        or exists (select from deliveries where status in ('queued', 'sending'))
        or (exists (select from reminders where sent_at is null)
            and exists (select from notification_channels where is_active)) as needed`
  return row?.needed === true
}

/** On the daemon's own socket whoever can open it is the local user. */
export async function localUser(db: Db): Promise<SignIn> {
  const { ensureLocalUser } = await import('../../server/users/local-user.ts')
  const userId = await ensureLocalUser(db, systemZone(cliConfig()))
  return { authenticate: async () => ({ userId, kind: 'local', scopes: 'all' }) }
}
