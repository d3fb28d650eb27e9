import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { AppError } from './errors.ts'

/**
 * True when `path` is a folder of ours that nobody else can change, false when there is nothing. Throws when it is
 * somebody else's, a link, or others may write to it: below a shared temp folder anybody may have put it there
 * to be handed our requests.
 */
export function isPrivateFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  const reason = !stat.isDirectory()
    ? 'is not a folder'
    : process.getuid !== undefined && stat.uid !== process.getuid()
      ? 'belongs to another user'
      : (stat.mode & 0o022) !== 0
        ? 'can be changed by other users'
        : null
  if (reason === null) return true
  throw new AppError('unavailable', `The folder ${path} ${reason}, so it is not safe to use.`, {
    hint: `Remove it, run "chmod 700 ${path}", or set TODO_HOME to a folder of yours.`,
    reason: 'unsafe_folder',
  })
}

/** Makes the folder (0700, with its parents) or checks the one that is there and closes it to others. */
export function ensurePrivateFolder(path: string): void {
  try {
    if (isPrivateFolder(path)) chmodSync(path, 0o700)
    else mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('unavailable', `The folder ${path} cannot be made: ${(error as Error).message}.`, {
      hint: 'Set TODO_HOME to a folder you can write to.',
      reason: 'unwritable_folder',
      cause: error,
    })
  }
  isPrivateFolder(path)
}
