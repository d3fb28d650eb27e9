import assert from 'node:assert/strict'
import { parseDate } from '../../cli/dates.ts'
import type { AppError } from '../../shared/errors.ts'

/** A Saturday. */
export const now = new Date('2026-11-21T09:00:00Z')

export const read = (text: string, timeZone = 'UTC', at = now): string => {
  const due = parseDate(text, { now: at, timeZone })
  return 'date' in due ? due.date : due.at
}

/** Every text is read as its value. */
export const all = (expected: Record<string, string>, timeZone = 'UTC', at = now): void => {
  for (const [text, value] of Object.entries(expected)) assert.equal(read(text, timeZone, at), value, text)
}

/** The error that refuses the text. */
export const refused = (text: string): AppError => {
  try {
    return assert.fail(`"${text}" was read as ${read(text)}`)
  } catch (error) {
    assert.equal((error as AppError).code, 'invalid', String(error))
    return error as AppError
  }
}
