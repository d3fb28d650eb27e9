import type { Db } from '../shared/db/connect.ts'
import { migrateDown, migrateUp, migrationStatus } from '../shared/db/migrate.ts'
import { AppError } from '../shared/errors.ts'

/** `migrate up`, `down [N]` or `status`: does it and answers what to print, one line a migration. */
export async function migrate(db: Db, words: string[]): Promise<string[]> {
  const [way = 'up', count = '1', ...rest] = words
  if (way === 'up' && words.length <= 1) return told('applied', await migrateUp(db))
  if (way === 'down' && /^[1-9]\d*$/.test(count) && rest.length === 0) {
    return told('taken back', await migrateDown(db, Number(count)))
  }
  if (way === 'status' && words.length === 1) {
    const all = await migrationStatus(db)
    return all.map(({ id, applied_at }) => `${id}\t${applied_at?.toISOString() ?? 'missing'}`)
  }
  throw new AppError('invalid', `"migrate ${words.join(' ')}" is not understood.`, {
    hint: 'Say migrate up, migrate down [N] or migrate status.',
  })
}

const told = (what: string, ids: string[]): string[] =>
  ids.length === 0 ? ['nothing to do'] : ids.map((id) => `${what} ${id}`)
