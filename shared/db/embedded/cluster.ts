import { spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { postgresEnvironment } from '../../config.ts'
import { AppError } from '../../errors.ts'
import { type Account, asAccount, giveTo } from './account.ts'
import type { Binaries } from './binaries.ts'

/** The major that wrote the folder, by the file that Postgres itself keeps; null when there is no database yet. */
function clusterMajor(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * Makes sure that `dataDir` holds a database which these binaries can run: creates one where there is none,
 * refuses one of another major and a folder that holds something else.
 */
export async function ensureCluster(dataDir: string, binaries: Binaries, account: Account): Promise<void> {
  const major = clusterMajor(dataDir)
  if (major === binaries.major) return
  if (major !== null) {
    throw new AppError(
      'unavailable',
      `The data in ${dataDir} was written by Postgres ${major}, and this todo brings Postgres ${binaries.major}.`,
      {
        hint: 'Export with the todo that wrote it ("todo export"), move the folder away, and import the file here.',
        reason: 'database_major',
      },
    )
  }
  if (lstatSync(dataDir, { throwIfNoEntry: false }) !== undefined) removeIfEmpty(dataDir)
  await createCluster(dataDir, binaries, account)
}

function removeIfEmpty(dataDir: string): void {
  try {
    rmdirSync(dataDir)
  } catch (error) {
    throw new AppError('unavailable', `The folder ${dataDir} is there but holds no database.`, {
      hint: 'Move it away, or set TODO_HOME to another folder.',
      reason: 'not_a_database',
      cause: error,
    })
  }
}

/** Built beside its place and renamed, so that a first start killed half-way leaves nothing that looks finished. */
async function createCluster(dataDir: string, binaries: Binaries, account: Account): Promise<void> {
  const parent = dirname(dataDir)
  const prefix = `${basename(dataDir)}.new-`
  for (const name of readdirSync(parent)) {
    if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true })
  }
  const building = join(parent, `${prefix}${process.pid}`)
  mkdirSync(building, { mode: 0o700 })
  giveTo(account, building)
  // The built-in locale sorts the same on every machine. Trust is safe because the socket's folder lets in nobody else.
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const args = ['-D', building, '-U', 'todo', '-A', 'trust', '-E', 'UTF8', ...locale]
  try {
    await runInitdb(binaries, account, args)
  } catch (error) {
    rmSync(building, { recursive: true, force: true })
    throw error
  }
  renameSync(building, dataDir)
}

function runInitdb(binaries: Binaries, account: Account, initdbArgs: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const { file, args } = asAccount(account, binaries.initdb, initdbArgs)
    const env = { ...postgresEnvironment(), ...libraryPath(binaries) }
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'pipe'], env })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.once('error', (error) => reject(cannotRun(error.message)))
    child.once('close', (code) => (code === 0 ? resolve() : reject(cannotRun(lastComplaint(output)))))
  })
}

/** For a package whose links are in a private folder. */
export const libraryPath = ({ libraryFolder }: Binaries): Record<string, string> =>
  libraryFolder === null
    ? {}
    : { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: libraryFolder }

/** The line of Postgres' output that says why, or the last one. */
export function lastComplaint(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const complaint = lines.findLast((line) => /FATAL|PANIC|error:|cannot|failed/.test(line))
  return (complaint ?? lines.at(-1) ?? 'it said nothing').trim()
}

export const cannotRun = (why: string): AppError =>
  new AppError('unavailable', `The built-in Postgres does not run here: ${why}.`, {
    hint: 'Set TODO_DATABASE_URL to a Postgres 15 or later that is there.',
    reason: 'embedded_postgres_failed',
  })
