import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HomePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { readIfThere } from '../shared/read-if-there.ts'

// On the way of every command: one small file, and nothing but node:fs.

/** What `todo login` got. An API token has no refresh token; times in milliseconds since 1970. */
export type Secrets =
  | { kind: 'session'; access_token: string; expires_at: number; refresh_token: string }
  | { kind: 'token'; token: string }

/** A server that this user works with. Without secrets nobody is signed in there. */
export type Place = { url: string; email?: string; secrets?: Secrets }

export type Credentials = { current: string; contexts: Record<string, Place> }

/** The daemon of this machine, which needs no sign-in. */
export const localName = 'local'

export const credentialsFile = (paths: HomePaths): string => join(paths.config, 'credentials.json')

export function readCredentials(paths: HomePaths): Credentials {
  const file = credentialsFile(paths)
  try {
    const text = readIfThere(file)
    if (text === null) return { current: localName, contexts: {} }
    const { current, contexts } = JSON.parse(text) as Partial<Credentials>
    return { current: current ?? localName, contexts: contexts ?? {} }
  } catch (error) {
    throw unusable(file, error)
  }
}

/**
 * Reads, changes and replaces the file, which only its owner may read. As a whole or not at all: commands read it at
 * any moment.
 */
export function changeCredentials(paths: HomePaths, change: (credentials: Credentials) => void): void {
  const file = credentialsFile(paths)
  const credentials = readCredentials(paths)
  change(credentials)
  mkdirSync(paths.config, { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
  // The mode above is for a new file only; one left by a crash keeps its own.
  chmodSync(draft, 0o600)
  renameSync(draft, file)
}

/** True when others can read the secrets, by a copy or a restore that lost the mode. */
export function isExposed(paths: HomePaths): boolean {
  const stat = statSync(credentialsFile(paths), { throwIfNoEntry: false })
  return stat !== undefined && process.platform !== 'win32' && (stat.mode & 0o077) !== 0
}

const unusable = (file: string, cause: unknown) =>
  new AppError('invalid', `${file} cannot be read: ${(cause as Error).message}.`, {
    hint: 'Mend it, or remove it and sign in again with `todo login URL`.',
    cause,
  })
