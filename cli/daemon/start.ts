import { type ChildProcess, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { daemonEnvironment, type HomePaths } from '../../shared/config.ts'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import { ensurePrivateFolder } from '../../shared/private-folder.ts'
import {
  buildOf,
  type DaemonOptions,
  daemonEntry,
  readDaemonState,
  socketPath,
  tryConnect,
} from '../daemon.ts'

const longestLog = 4 * 1024 * 1024

/**
 * Starts the daemon and connects. Of many commands that come here at once one starts it and the others wait; when
 * that one dies, the next takes its place.
 */
export async function startDaemon(options: DaemonOptions): Promise<Socket> {
  const { paths } = options
  for (const folder of [paths.data, paths.state, paths.run]) ensurePrivateFolder(folder)
  const deadline = performance.now() + (options.timeoutMs ?? 30_000)
  while (performance.now() < deadline) {
    const socket = (await tryConnect(socketPath(options))) ?? (await connectElsewhere(options))
    if (socket !== null) return socket
    if (takeSpawnLock(paths)) {
      try {
        await spawnDaemon(paths, deadline)
      } finally {
        rmSync(spawnLock(paths), { force: true })
      }
    } else {
      await sleep(20)
    }
  }
  throw new AppError('unavailable', 'The local service did not start in time.', {
    hint: `Its messages are in ${paths.daemonLog}; \`todo doctor\` looks for the cause.`,
    reason: 'daemon_start_timeout',
  })
}

/**
 * The same daemon may listen in another folder than ours: one command ran in a login session, another from cron,
 * and only the first had a runtime folder.
 */
async function connectElsewhere(options: DaemonOptions): Promise<Socket | null> {
  const state = readDaemonState(options.paths)
  if (state === null || state.build !== buildOf(options)) return null
  return state.socket === socketPath(options) ? null : tryConnect(state.socket)
}

const spawnLock = (paths: HomePaths): string => join(paths.run, 'daemon.starting')

/**
 * Only saves work: were two to get it, the second daemon would find the run lock taken. So a lock whose owner has
 * died may simply be removed.
 */
function takeSpawnLock(paths: HomePaths): boolean {
  const path = spawnLock(paths)
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (isAbandoned(path)) rmSync(path, { force: true })
    return false
  }
}

function isAbandoned(path: string): boolean {
  try {
    // Just made and not yet written: its owner is alive.
    const owner = readFileSync(path, 'utf8')
    if (owner !== '') process.kill(Number(owner), 0)
    return Date.now() - statSync(path).mtimeMs > 60_000
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Resolves when the daemon listens, or says that another one does; throws what it says went wrong. */
async function spawnDaemon(paths: HomePaths, deadline: number): Promise<void> {
  if (process.stderr.isTTY && !existsSync(paths.postgresData)) {
    process.stderr.write('Setting up the local database, once …\n')
  }
  const word = await firstWord(launch(paths), deadline)
  // One that is late goes on starting, for the next command.
  if (word === 'ready' || word === 'busy' || word === 'late') return
  if (word.startsWith('failed ')) throw toError(word.slice('failed '.length))
  throw new AppError('unavailable', 'The local service ended before it was ready.', {
    hint: `Its messages are in ${paths.daemonLog}.`,
    reason: 'daemon_failed',
  })
}

function launch(paths: HomePaths): ChildProcess {
  if ((statSync(paths.daemonLog, { throwIfNoEntry: false })?.size ?? 0) > longestLog) {
    renameSync(paths.daemonLog, `${paths.daemonLog}.old`)
  }
  const log = openSync(paths.daemonLog, 'a', 0o600)
  // Detached and in the root folder, so that it outlives the terminal and keeps no file system busy.
  const child = spawn(process.execPath, [...smallHeap, daemonEntry()], {
    cwd: '/',
    detached: true,
    env: { ...daemonEnvironment(), ...thriftyMalloc },
    stdio: ['ignore', 'pipe', log],
  })
  closeSync(log)
  child.unref()
  return child
}

/** One person's requests make little garbage: a small nursery and one malloc arena that gives back save 10 of 87 MB. */
const smallHeap = ['--max-semi-space-size=1', '--expose-gc']
const thriftyMalloc = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '32768' }

/** The line that the daemon writes once it knows how it went; empty when it ended without a word. */
function firstWord(child: ChildProcess, deadline: number): Promise<string> {
  return new Promise((resolve) => {
    const pipe = child.stdout
    let text = ''
    const settle = () => {
      clearTimeout(timer)
      pipe?.destroy()
      resolve(text.split('\n', 1)[0] ?? '')
    }
    const late = () => {
      text = 'late'
      settle()
    }
    const timer = setTimeout(late, Math.max(0, deadline - performance.now()))
    pipe?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('\n')) settle()
    })
    pipe?.once('close', settle)
    child.once('error', settle)
  })
}

function toError(json: string): AppError {
  const told = JSON.parse(json) as { code: ErrorCode; message: string; hint?: string; reason?: string }
  const { code, message, ...options } = told
  return new AppError(code, message, options)
}
