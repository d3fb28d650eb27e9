import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

export type RunLock = { release(): void }

/**
 * Takes the lock or returns null when another process has it. It is a lock of the kernel on the file (SQLite's
 * exclusive transaction), so it is free in the moment its owner is gone, however that ended.
 */
export function takeRunLock(path: string): RunLock | null {
  const database = openDatabase(path)
  try {
    // Nothing is ever written, so there is nothing to roll back after a kill either.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  return { release: () => database.close() }
}

/** True while a process holds the lock. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false
  const lock = takeRunLock(path)
  lock?.release()
  return lock === null
}

const isBusy = (error: unknown): boolean => (error as { errcode?: number }).errcode === 5

/** Loaded here and not by an import, because Node 22 warns about node:sqlite in every process that has loaded it. */
function openDatabase(path: string): DatabaseSync {
  const warn = process.emitWarning
  process.emitWarning = () => {}
  try {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    return new DatabaseSync(path, { timeout: 0 })
  } finally {
    process.emitWarning = warn
  }
}
