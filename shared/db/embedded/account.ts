import { spawn } from 'node:child_process'
import { chownSync, statSync } from 'node:fs'
import { postgresEnvironment } from '../../config.ts'
import { AppError } from '../../errors.ts'

/**
 * How to run Postgres, which refuses to run as root. `itself`: as the ordinary user we are. `namespace`: still with
 * root's rights to root's files, but as another uid inside a user namespace, so nothing has to change its owner.
 * `owner`: as another account that owns the data and keeps root's right to pass through root's folders.
 */
export type Account = { kind: 'itself' } | { kind: 'namespace' } | { kind: 'owner'; uid: number; gid: number }

/** The account `nobody` everywhere; initdb wants one that has a name. */
const nobody = 65534

/** Chooses the account for a data folder, by who owns it when it is there already. */
export async function chooseAccount(dataDir: string): Promise<Account> {
  if (process.getuid?.() !== 0) return { kind: 'itself' }
  const stat = statSync(dataDir, { throwIfNoEntry: false })
  if (stat?.uid === 0) return { kind: 'namespace' }
  const owner = { kind: 'owner', uid: stat?.uid || nobody, gid: stat?.gid || nobody } as const
  if (stat === undefined && (await works({ kind: 'namespace' }))) return { kind: 'namespace' }
  if (await works(owner)) return owner
  throw new AppError(
    'unavailable',
    'Postgres cannot run as root, and here root may not start it as anybody else.',
    {
      hint: 'Run todo as an ordinary user, allow user namespaces, or set TODO_DATABASE_URL.',
      reason: 'cannot_run_as_root',
    },
  )
}

/** The command line that runs `program` under the account, as the same process. */
export function asAccount(
  account: Account,
  program: string,
  args: string[],
): { file: string; args: string[] } {
  if (account.kind === 'itself') return { file: program, args }
  const [file, ...options] = account.kind === 'namespace' ? namespace : ownerCommand(account)
  return { file, args: [...options, '--', program, ...args] }
}

/** Hands a folder over to the account that Postgres runs under. */
export function giveTo(account: Account, path: string): void {
  if (account.kind === 'owner') chownSync(path, account.uid, account.gid)
}

const namespace = ['unshare', '--user', `--map-user=${nobody}`] as const

const ownerCommand = ({ uid, gid }: { uid: number; gid: number }) =>
  [
    ...(['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'] as const),
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ] as const

function works(account: Account): Promise<boolean> {
  const { file, args } = asAccount(account, 'true', [])
  return new Promise((resolve) => {
    const probe = spawn(file, args, { stdio: 'ignore', env: postgresEnvironment() })
    probe.once('error', () => resolve(false))
    probe.once('exit', (code) => resolve(code === 0))
  })
}
