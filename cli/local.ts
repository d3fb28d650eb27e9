import { readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { type CliConfig, cliConfig, type HomePaths, homePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { createLog, type Log } from '../shared/log.ts'
import { ensurePrivateFolder } from '../shared/private-folder.ts'
import { readVersion } from '../shared/version.ts'
import { buildOf, socketPath } from './daemon.ts'
import { type Listener, listen } from './local/listener.ts'
import { localUser, type System, startSystem } from './local/system.ts'
import { createTidy } from './local/tidy.ts'
import { removeState, takeTurn, writeState } from './local/turn.ts'

// The daemon's program. It says one word on stdout (`ready`, `busy` or `failed` with the error as JSON) to the command
// that started it, and everything else to stderr, which is its log file.

const longestTickMs = 3_000
const drainLimitMs = 8_000

/**
 * How often code must have run before V8 compiles it well; usually 400 and 3,000 times, which a person's commands reach
 * in an hour, at the cost of 6 MB. An import of thousands still gets there. An engine that has other names for these
 * says so in the log and goes on.
 */
const patience = [
  ['invocation-count-for-maglev', 8_000],
  ['invocation-count-for-maglev-osr', 4_000],
  ['invocation-count-for-turbofan', 50_000],
  ['invocation-count-for-osr', 20_000],
] as const

async function runDaemon(): Promise<number> {
  for (const [flag, count] of patience) setFlagsFromString(`--${flag}=${count}`)
  // Whatever is made from here on is for this user only, sockets too.
  process.umask(0o077)
  const log = createLog('daemon', { destination: { write: (line) => writeSync(2, line) } })
  process.stdout.on('error', () => {})
  try {
    return await takeTurnAndServe(cliConfig(), log)
  } catch (error) {
    log.fatal({ err: error }, 'the local service could not start')
    say(`failed ${JSON.stringify(told(error))}`)
    return 1
  }
}

async function takeTurnAndServe(config: CliConfig, log: Log): Promise<number> {
  const paths = homePaths(config)
  for (const folder of [paths.data, paths.state, paths.run]) ensurePrivateFolder(folder)
  const version = readVersion()
  const build = buildOf({ config, version })
  const stop = stopSignal(log)
  const lock = await takeTurn(paths, build)
  if (lock === null) {
    say('busy')
    return 0
  }
  const socket = socketPath({ config, paths, version })
  removeStaleSockets(paths)
  writeState(paths, { pid: process.pid, socket, version, build, started_at: new Date().toISOString() })
  try {
    const system = await startSystem({
      paths,
      version,
      log,
      databaseUrl: config.databaseUrl,
      signIn: localUser,
      // More would make nothing faster for one person, whose writes take turns.
      connections: 3,
      desktop: true,
    })
    return await serve(system, { paths, socket, log, stop })
  } finally {
    removeState(paths)
    lock.release()
  }
}

type Service = { paths: HomePaths; socket: string; log: Log; stop: AbortController }

async function serve(system: System, { paths, socket, log, stop }: Service): Promise<number> {
  let exitCode = 0
  system.lost.catch((error) => {
    log.fatal({ err: error }, 'the database is gone')
    exitCode = 1
    stop.abort()
  })
  try {
    const listener = await listen({ path: socket }, system.handle)
    say('ready')
    log.info({ pid: process.pid, socket }, 'the local service runs')
    await untilStopped(listener, system, { paths, log, stop })
    system.endStreams()
    await listener.drain(drainLimitMs)
  } finally {
    await system.stop()
  }
  log.info('the local service has stopped')
  return exitCode
}

/** Resolves on a signal, after the idle time, and when the socket or the data has been removed under our feet. */
async function untilStopped(
  listener: Listener,
  system: System,
  { paths, log, stop }: Omit<Service, 'socket'>,
): Promise<void> {
  const idleLimitMs = idleMinutes(paths) * 60_000
  const lockFile = statSync(paths.lock).ino
  const tidy = createTidy(listener.idleMs)
  const tick = async (): Promise<void> => {
    tidy()
    const isGone = statSync(paths.lock, { throwIfNoEntry: false })?.ino !== lockFile
    if (isGone || !listener.isReachable()) log.warn('the folder of the local service has been removed')
    else if (listener.idleMs() < idleLimitMs || (await system.isNeeded())) return
    stop.abort()
  }
  const look = () => void tick().catch((error) => log.error({ err: error }, 'whether to stop is not known'))
  const timer = setInterval(look, Math.min(longestTickMs, idleLimitMs))
  if (!stop.signal.aborted) {
    await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
  }
  clearInterval(timer)
}

/** Caught from the very first moment on, so that a start which is told to stop still ends in order. */
function stopSignal(log: Log): AbortController {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'told to stop')
      stop.abort()
    })
  }
  return stop
}

/** `daemon.idle_minutes` of the user's settings; half an hour unless it says otherwise. */
function idleMinutes(paths: HomePaths): number {
  try {
    const settings = JSON.parse(readFileSync(join(paths.config, 'config.json'), 'utf8'))
    const minutes = Number(settings?.daemon?.idle_minutes)
    return minutes > 0 ? minutes : 30
  } catch {
    return 30
  }
}

/** Of daemons that were killed: whoever holds the lock is the only one who listens here. */
function removeStaleSockets(paths: HomePaths): void {
  for (const name of readdirSync(paths.run)) {
    if (/^daemon-\w+\.sock$/.test(name)) rmSync(join(paths.run, name), { force: true })
  }
}

function say(word: string): void {
  process.stdout.write(`${word}\n`)
}

function told(error: unknown) {
  if (error instanceof AppError) {
    const { code, message, hint, reason } = error
    return { code, message, hint, reason }
  }
  return { code: 'internal', message: `The local service could not start: ${(error as Error).message}` }
}

runDaemon().then((code) => {
  process.exitCode = code
})
