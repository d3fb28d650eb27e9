import { readFileSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { CliConfig, HomePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { isPrivateFolder } from '../shared/private-folder.ts'

// On the way of every command: nothing but node:net and node:fs may be loaded here, the rest only when it is needed.

/** What the daemon writes about itself as soon as it holds the run lock. */
export type DaemonState = { pid: number; socket: string; version: string; build: string; started_at: string }

export type DaemonOptions = {
  config: CliConfig
  paths: HomePaths
  version: string
  /** Give up waiting for a start after so long; default 30 seconds. */
  timeoutMs?: number
}

/**
 * A connected socket to the local daemon, which is started when it does not run. The daemon may be told to stop at
 * any moment: a connection that closes before the first byte of an answer is to be tried once more from here.
 */
export async function connectDaemon(options: DaemonOptions): Promise<Socket> {
  const socket = await connectIfRunning(options)
  if (socket !== null) return socket
  const { startDaemon } = await import('./daemon/start.ts')
  return startDaemon(options)
}

/** Null when no daemon of this program runs. */
export const connectIfRunning = async (options: DaemonOptions): Promise<Socket | null> =>
  isPrivateFolder(options.paths.run) ? tryConnect(socketPath(options)) : null

/**
 * The socket's name stands for the exact program, so another version (or a fresh build) never talks to a daemon of
 * the old one: it finds no socket, and the daemon that it starts takes the old one's place.
 */
export function socketPath(options: DaemonOptions): string {
  return join(options.paths.run, `daemon-${buildOf(options)}.sock`)
}

/** Seven letters that change with the version, place and content of the daemon's program, and with its database. */
export function buildOf({ config, version }: Pick<DaemonOptions, 'config' | 'version'>): string {
  const entry = daemonEntry()
  const { mtimeMs, size } = statSync(entry)
  let hash = 2166136261
  for (const letter of `${version} ${entry} ${mtimeMs} ${size} ${config.databaseUrl}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0
  }
  return hash.toString(36).padStart(7, '0')
}

/** The program of the daemon: beside the bundle as a bundle, beside this source as a source. */
export function daemonEntry(): string {
  return join(import.meta.dirname, import.meta.filename?.endsWith('.ts') ? 'local.ts' : 'local.js')
}

/** Null when nobody listens there. */
export function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    const fail = (error: NodeJS.ErrnoException) => {
      if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code ?? '')) resolve(null)
      else reject(unreachable(path, error))
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      socket.off('error', fail)
      resolve(socket)
    })
  })
}

function unreachable(path: string, cause: Error): AppError {
  return new AppError('unavailable', `The local service cannot be reached at ${path}: ${cause.message}.`, {
    hint: 'Try `todo daemon stop`, then the command again.',
    reason: 'daemon_unreachable',
    cause,
  })
}

/** What the last daemon wrote about itself; it may be dead. */
export function readDaemonState(paths: HomePaths): DaemonState | null {
  try {
    return JSON.parse(readFileSync(paths.daemonState, 'utf8')) as DaemonState
  } catch {
    return null
  }
}

/** The running daemon, of whatever version; null when none answers. */
export async function daemonStatus(paths: HomePaths): Promise<DaemonState | null> {
  const state = readDaemonState(paths)
  const socket = state === null ? null : await tryConnect(state.socket)
  socket?.destroy()
  return socket === null ? null : state
}

/** Stops the daemon and its Postgres, in order; false when neither was running. */
export async function stopDaemon(paths: HomePaths): Promise<boolean> {
  const { stopRunning } = await import('./daemon/stop.ts')
  return stopRunning(paths)
}
