import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ServeConfig, serveConfig } from '../shared/config/services.ts'
import { type CliConfig, environment, type HomePaths, socketFolder } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { listenHttp } from '../shared/http.ts'
import { createLog, gathered, type Log } from '../shared/log.ts'
import { ensurePrivateFolder } from '../shared/private-folder.ts'
import { run } from '../shared/run.ts'
import { aborted } from '../shared/service.ts'
import { type RunLock, takeRunLock } from './local/run-lock.ts'
import { accountsOf } from './local/sign-in.ts'
import { startSystem } from './local/system.ts'

// The program of `todo serve`, a bundle of its own like the daemon's.

const drainLimitMs = 8_000

export type ServeOptions = {
  config: CliConfig
  paths: HomePaths
  version: string
  /** What the flags say; else PORT and HOST. */
  port: string | undefined
  host: string | undefined
  onListening: (url: string) => void
}

/** Serves in the foreground until SIGTERM or SIGINT; resolves with the exit code. */
export async function serve(options: ServeOptions): Promise<number> {
  const { port, host } = options
  const config = serveConfig({
    ...environment(),
    ...(port !== undefined && { PORT: port }),
    ...(host !== undefined && { HOST: host }),
  })
  // stdout is for the address; the log goes where a person sees it and a pipe does not.
  const log = createLog('serve', {
    level: config.logLevel,
    destination: gathered({ write: (text) => writeSync(2, text) }),
  })
  const paths = placesOf(options)
  for (const folder of [paths.data, paths.state, paths.run]) ensurePrivateFolder(folder)
  const lock = config.databaseUrl === null ? takeLock(paths) : null
  try {
    return await run((signal) => work({ ...options, paths }, config, log, signal), log)
  } finally {
    lock?.release()
  }
}

/** A room of its own beside the daemon's: another database, another Postgres, other people. */
function placesOf({ config, paths }: ServeOptions): HomePaths {
  const data = join(paths.data, 'serve')
  return {
    ...paths,
    data,
    run: socketFolder(join(paths.run, 'serve'), config.tempFolder),
    lock: join(data, 'serve.lock'),
    postgresData: join(data, 'postgres'),
    postgresLog: join(paths.state, 'serve-postgres.log'),
  }
}

function takeLock({ lock, data }: HomePaths): RunLock {
  const taken = takeRunLock(lock)
  if (taken !== null) return taken
  throw new AppError('conflict', `Another \`todo serve\` uses the data in ${data}.`, {
    hint: 'Stop it, set TODO_HOME to another folder, or give both one DATABASE_URL.',
    reason: 'already_serving',
  })
}

async function work(
  options: ServeOptions,
  config: ServeConfig,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { paths, version } = options
  const stop = new AbortController()
  signal.addEventListener('abort', () => stop.abort(), { once: true })
  const system = await startSystem({
    paths,
    version,
    log,
    databaseUrl: config.databaseUrl,
    stopping: stop.signal,
    signIn: (db) => accountsOf(db, config),
    connections: 5,
    desktop: false,
  })
  let lost: unknown
  system.lost.catch((error) => {
    lost = error
    stop.abort()
  })
  try {
    const listener = await listenHttp(config, system.handle)
    options.onListening(addressOf(listener))
    log.info({ host: listener.host, port: listener.port }, 'listening')
    await aborted(stop.signal)
    if (lost === undefined) await sleep(config.drainMs)
    system.endStreams()
    await listener.drain(drainLimitMs)
  } finally {
    await system.stop()
  }
  if (lost !== undefined) throw lost
  log.info('stopped')
}

/** What to type on this machine; a listener on every address is reached by the nearest. */
function addressOf({ host, port }: { host: string; port: number }): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}
