import { readFileSync, statSync } from 'node:fs'

/**
 * The text of a file, null when there is none. Every command looks for some files that are rarely there, and an exception
 * for each would cost it 0.1 ms. Other failures are thrown.
 */
export const readIfThere = (file: string): string | null =>
  statSync(file, { throwIfNoEntry: false }) === undefined ? null : readFileSync(file, 'utf8')
