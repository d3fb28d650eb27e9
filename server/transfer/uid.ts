/**
 * The uid of what was made here, as SQL: the user's id with an 8 for its version, the id in its last twelve digits, and
 * a digit for the kind. It needs no room and no index, and reads back (below). `row` has user_id and id.
 */
export const ownUid = (row: string, kind: 'task' | 'template'): string =>
  `(overlay(overlay(overlay(${row}.user_id::text placing '8' from 15 for 1) placing '${digits[kind]}' from 20 for 1)
    placing lpad(to_hex(${row}.id), 12, '0') from 25 for 12))`

const digits = { task: '8', template: '9' }

/** The id inside a uid of one's own; null for any other uid. */
export function ownId(userId: string, kind: 'task' | 'template', uid: string): number | null {
  const lower = uid.toLowerCase()
  const prefix = `${userId.slice(0, 14)}8${userId.slice(15, 19)}${digits[kind]}${userId.slice(20, 24)}`
  return lower.startsWith(prefix) ? Number.parseInt(lower.slice(24), 16) : null
}
