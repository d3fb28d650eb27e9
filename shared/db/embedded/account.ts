import { spawn } from 'node:child_process'
import { chownSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { postgresEnvironment } from '../../config.ts'
import { AppError } from '../../errors.ts'

/**
 * How to run Postgres, which refuses to run as root. `itself`: as the ordinary user we are. `namespace`: still with
 * root's rights to root's files, but as uid 65534 inside a user namespace, so nothing has to change its owner.
 * `owner`: as another account, which then owns the data.
 */
export type Account = { kind: 'itself' } | { kind: 'namespace' } | { kind: 'owner'; uid: number; gid: number }

const NOBODY = 65534
const NAMESPACE = ['--user', `--map-user=${NOBODY}`, '--']

/** Chooses the account for a data folder, by who owns it when it is there already. */
export const chooseAccount = async (dataDir: string): Promise<Account> => {
  if (process.getuid?.() !== 0) return { kind: 'itself' }
  const stat = statSync(dataDir, { throwIfNoEntry: false })
  if (stat !== undefined && stat.uid !== 0) return { kind: 'owner', uid: stat.uid, gid: stat.gid }
  if (stat !== undefined || (await hasNamespaces())) return { kind: 'namespace' }
  refuseUnreachable(dirname(dataDir))
  return { kind: 'owner', uid: NOBODY, gid: NOBODY }
}

/** The command line and options that start `program` under the account. */
export const asAccount = (account: Account, program: string, args: string[]) => {
  if (account.kind === 'namespace') {
    return { file: 'unshare', args: [...NAMESPACE, program, ...args], ids: {} }
  }
  return { file: program, args, ids: account.kind === 'owner' ? { uid: account.uid, gid: account.gid } : {} }
}

/** Hands a folder or file over to the account that Postgres runs under. */
export const giveTo = (account: Account, path: string): void => {
  if (account.kind === 'owner') chownSync(path, account.uid, account.gid)
}

const hasNamespaces = (): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = spawn('unshare', [...NAMESPACE, 'true'], { stdio: 'ignore', env: postgresEnvironment() })
    probe.once('error', () => resolve(false))
    probe.once('exit', (code) => resolve(code === 0))
  })

/** The account `nobody` has to come through every folder on the way to its data. */
const refuseUnreachable = (folder: string): void => {
  for (let path = folder; ; path = dirname(path)) {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat !== undefined && (stat.mode & 0o001) === 0) {
      throw new AppError(
        'unavailable',
        `Postgres cannot run as root, user namespaces are off, and the account nobody cannot enter ${path}`,
        {
          hint: 'Run todo as an ordinary user, set TODO_HOME to a folder open to all, or set TODO_DATABASE_URL',
          reason: 'root_without_namespaces',
        },
      )
    }
    if (path === dirname(path)) return
  }
}
