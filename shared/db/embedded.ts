import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { socketFolder } from '../config.ts'
import { ensurePrivateFolder } from '../private-folder.ts'
import { chooseAccount } from './embedded/account.ts'
import { adoptPostgres } from './embedded/adopt.ts'
import { findBinaries } from './embedded/binaries.ts'
import { ensureCluster } from './embedded/cluster.ts'
import { launchPostgres } from './embedded/launch.ts'
import { clearPlaces } from './embedded/places.ts'

export type EmbeddedOptions = {
  /** The database's own folder; made on first use. */
  dataDir: string
  /** A 0700 folder for the socket; made when missing, replaced by a short one below the temp folder when too long. */
  socketDir: string
  /** Postgres' messages go to this file and never into a pipe, so that it outlives whoever started it. */
  logFile: string
  /** Postgres settings over the recommended ones, e.g. `{ max_connections: '100' }`. */
  settings?: Record<string, string>
}

export type EmbeddedPostgres = {
  /** For `connect()`: where the socket really is, which an adopted Postgres has decided long ago. */
  socketDir: string
  port: number
  pid: number
  /** True when it was running already, left behind by a starter that died. */
  adopted: boolean
  /** Asks the kernel, so it is right at once, also before `exited` has been noticed. */
  isAlive(): boolean
  /** Resolves when the process has gone, for whatever reason. */
  exited: Promise<void>
  /** Disconnects everybody, writes a checkpoint, ends the process. Nothing is lost if it is killed instead. */
  stop(): Promise<void>
}

/**
 * Starts the Postgres that npm installed on a data folder (or adopts the one that runs there), on a Unix socket
 * only; resolves when it answers. Of several processes only one may do this for one folder at a time: the caller
 * holds a lock. Every failure is an AppError `unavailable` with a hint.
 */
export async function startPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const parent = dirname(options.dataDir)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  // Real paths, because they are compared with what Postgres and the kernel report.
  const dataDir = join(realpathSync(parent), basename(options.dataDir))
  const running = await adoptPostgres(dataDir)
  if (running !== null) return running
  const socketDir = socketFolder(options.socketDir, tmpdir())
  ensurePrivateFolder(socketDir)
  const binaries = findBinaries(join(parent, 'postgres-lib'))
  const account = await chooseAccount(dataDir)
  await ensureCluster(dataDir, binaries, account)
  const places = { dataDir, socketDir, logFile: options.logFile }
  clearPlaces(places)
  return launchPostgres({ ...places, binaries, account, settings: options.settings ?? {} })
}

/** Stops a Postgres that a dead starter left behind on the data folder; false when none runs there. */
export async function stopLeftPostgres(dataDir: string): Promise<boolean> {
  if (!existsSync(dataDir)) return false
  const left = await adoptPostgres(realpathSync(dataDir))
  await left?.stop()
  return left !== null
}
