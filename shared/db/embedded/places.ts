import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../../errors.ts'
import { disownPidFile, isPostmaster, readPostmaster } from './process.ts'

export type Places = { dataDir: string; socketDir: string; logFile: string }

/** The port is only a part of the socket's name; nothing listens on TCP. */
export const port = 5432

const longestLog = 4 * 1024 * 1024

/** Clears what a killed Postgres left behind and would stop the next one; none may run on the data folder. */
export function clearPlaces({ dataDir, socketDir, logFile }: Places): void {
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 })
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longestLog) {
    renameSync(logFile, `${logFile}.old`)
  }
  if (readPostmaster(dataDir) !== null) disownPidFile(dataDir)
  removeStaleSocket(socketDir)
}

/** Postgres believes the lock file of its socket as it believes its pid file, see `disownPidFile`. */
function removeStaleSocket(socketDir: string): void {
  const socket = join(socketDir, `.s.PGSQL.${port}`)
  let lines: string[]
  try {
    lines = readFileSync(`${socket}.lock`, 'utf8').split('\n')
  } catch {
    return
  }
  if (isPostmaster(Number(lines[0]), lines[1] ?? '')) {
    throw new AppError('unavailable', `Another Postgres uses the socket folder ${socketDir}.`, {
      hint: `It is process ${lines[0]} with its data in ${lines[1]}; stop it or choose another folder.`,
      reason: 'socket_in_use',
    })
  }
  rmSync(`${socket}.lock`, { force: true })
  rmSync(socket, { force: true })
}
