import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresEnvironment } from '../../config.ts'
import type { EmbeddedPostgres } from '../embedded.ts'
import { type Account, asAccount } from './account.ts'
import type { Binaries } from './binaries.ts'
import { cannotRun, lastComplaint, libraryPath } from './cluster.ts'
import { type Places, port } from './places.ts'
import { isRunning, readPostmaster } from './process.ts'
import { endProcess } from './stop.ts'

export type Launch = Places & { binaries: Binaries; account: Account; settings: Record<string, string> }

/** For one user's tasks on one machine: little memory, few processes, a quiet log, and nothing that weakens a commit. */
const recommended = {
  cluster_name: 'todo',
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '30',
  shared_buffers: '16MB',
  wal_buffers: '256kB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',
  log_checkpoints: 'off',
  log_timezone: 'UTC',
  timezone: 'UTC',
}

/** Recovery after a crash replays at most `max_wal_size`; a slow disk may need a good part of this. */
const startLimitMs = 60_000

/** A large answer is given back to the system at once, where glibc would keep the memory of the largest one for ever. */
const thriftyMalloc = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

/** Processes of a killed Postgres hold its shared memory until they notice; meanwhile a new one refuses to start. */
const leftoverLimitMs = 8_000

/** Starts Postgres, again while what a killed one left behind is still going, and resolves when it is ready. */
export async function launchPostgres(launch: Launch): Promise<EmbeddedPostgres> {
  const deadline = performance.now() + leftoverLimitMs
  for (;;) {
    const { child, said } = spawnPostgres(launch)
    const failure = await untilReady(child, launch.dataDir)
    if (failure === null) return launched(child, launch.socketDir)
    const why = failure === 'exited' ? lastComplaint(said()) : failure
    const leftover = /still in use|already exists|could not bind/.test(said())
    if (!leftover || performance.now() > deadline) throw cannotRun(why)
    await sleep(50)
  }
}

function spawnPostgres({ binaries, account, dataDir, socketDir, logFile, settings }: Launch) {
  const all = { ...recommended, unix_socket_directories: socketDir, port: String(port), ...settings }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { file, args } = asAccount(account, binaries.postgres, ['-D', dataDir, ...options])
  const log = openSync(logFile, 'a+', 0o600)
  const start = fstatSync(log).size
  const env = { ...postgresEnvironment(), ...libraryPath(binaries), ...thriftyMalloc }
  // In a session of its own: Ctrl-C in the terminal of `todo serve` is for us, who then stop it in order.
  const child = spawn(file, args, { stdio: ['ignore', log, log], detached: true, env })
  child.unref()
  closeSync(log)
  return { child, said: () => readFrom(logFile, start) }
}

function readFrom(file: string, start: number): string {
  const log = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(Math.min(Math.max(fstatSync(log).size - start, 0), 64 * 1024))
    return bytes.toString('utf8', 0, readSync(log, bytes, 0, bytes.length, start))
  } finally {
    closeSync(log)
  }
}

/** Null when it is ready, `exited` when it ended by itself, else what went wrong. */
async function untilReady(child: ChildProcess, dataDir: string): Promise<string | null> {
  let error: string | null = null
  child.once('error', (cause) => {
    error = cause.message
  })
  const deadline = performance.now() + startLimitMs
  while (performance.now() < deadline) {
    await sleep(3)
    if (error !== null) return error
    if (child.exitCode !== null || child.signalCode !== null) return 'exited'
    const postmaster = readPostmaster(dataDir)
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') return null
  }
  if (child.pid !== undefined) await endProcess(child.pid)
  return `it was not ready after ${startLimitMs / 1000} seconds`
}

function launched(child: ChildProcess, socketDir: string): EmbeddedPostgres {
  const pid = child.pid as number
  const hasExited = () => child.exitCode !== null || child.signalCode !== null
  return {
    pid,
    socketDir,
    port,
    adopted: false,
    isAlive: () => !hasExited() && isRunning(pid),
    exited: hasExited() ? Promise.resolve() : once(child, 'exit').then(() => {}),
    stop: async () => {
      if (!hasExited()) await endProcess(pid)
    },
  }
}
