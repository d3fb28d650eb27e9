import { hash } from 'node:crypto'
import { AppError } from '../shared/errors.ts'

/** Where a list goes on: the sort key and the id of the last row that was shown. */
export type Position = { key: string; id: number }

/** Ties a cursor to one list: its path, filter and sort. */
export const bindOf = (...parts: unknown[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url').slice(0, 12)

export const writeCursor = (bind: string, { key, id }: Position): string =>
  Buffer.from(JSON.stringify([bind, key, id])).toString('base64url')

/** 400 for anything but a cursor of the same list. */
export function readCursor(cursor: string | undefined, bind: string): Position | null {
  if (cursor === undefined) return null
  try {
    const [bound, key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (bound === bind && typeof key === 'string' && Number.isSafeInteger(id))
      return { key, id: id as number }
  } catch {
    // Told below, like a cursor of another list.
  }
  throw new AppError('malformed', 'This cursor does not belong to this list.', {
    hint: 'Take next_cursor from the page before, with the same filter and sort.',
    fields: [{ pointer: '/cursor', code: 'invalid', message: 'does not belong to this list' }],
  })
}
