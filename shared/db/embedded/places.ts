import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hashedSocketFolder } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { Account } from './account.ts'
import { disownPidFile, isPostmaster, readPostmaster } from './process.ts'

export type Places = { dataDir: string; socketDir: string; logFile: string }

/** The port is only a part of the socket's name; nothing listens on TCP. */
export const PORT = 5432

const LONGEST_LOG = 4 * 1024 * 1024

/**
 * Clears what a killed Postgres left behind and would stop the next one, and gives the socket a folder that its
 * account can write to. To be called when no Postgres runs on the data folder.
 */
export const preparePlaces = (places: Places, account: Account): Places => {
  const socketDir = account.kind === 'owner' ? folderFor(account.uid, account.gid, places) : places.socketDir
  mkdirSync(dirname(places.logFile), { recursive: true, mode: 0o700 })
  if ((statSync(places.logFile, { throwIfNoEntry: false })?.size ?? 0) > LONGEST_LOG) {
    renameSync(places.logFile, `${places.logFile}.old`)
  }
  if (readPostmaster(places.dataDir) !== null) disownPidFile(places.dataDir)
  removeStaleSocket(socketDir)
  return { ...places, socketDir }
}

/** Another account cannot enter our folders, and its socket must still be in one that nobody else can enter. */
const folderFor = (uid: number, gid: number, { dataDir, socketDir }: Places): string => {
  if (statSync(socketDir).uid === uid) return socketDir
  // Others may pass through the data's parent to reach their own folder in it, and see nothing else.
  chmodSync(dirname(dataDir), 0o711)
  const folder = hashedSocketFolder(join(socketDir, String(uid)), tmpdir())
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder)
  if (!stat.isDirectory() || (stat.uid !== uid && stat.uid !== 0)) {
    throw new AppError(
      'unavailable',
      `The folder ${folder} belongs to another user, so it is not safe to use`,
      {
        hint: 'Remove it, or set TMPDIR to a folder of yours',
        reason: 'unsafe_folder',
      },
    )
  }
  chownSync(folder, uid, gid)
  return folder
}

/** Postgres believes the lock file of its socket as it believes its pid file, see `disownPidFile`. */
const removeStaleSocket = (socketDir: string): void => {
  const socket = join(socketDir, `.s.PGSQL.${PORT}`)
  let lines: string[]
  try {
    lines = readFileSync(`${socket}.lock`, 'utf8').split('\n')
  } catch {
    return
  }
  if (isPostmaster(Number(lines[0]), lines[1] ?? '')) {
    throw new AppError('unavailable', `Another Postgres uses the socket folder ${socketDir}`, {
      hint: `It is process ${lines[0]} with its data in ${lines[1]}; stop it or choose another folder`,
      reason: 'socket_in_use',
    })
  }
  rmSync(`${socket}.lock`, { force: true })
  rmSync(socket, { force: true })
}
