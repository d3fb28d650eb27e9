import type { Preferences } from '../../shared/api/preferences.ts'
import type { Sql } from '../../shared/db/connect.ts'

/** What the user stored, as stored; a later version may know more fields than it has. */
export type StoredPreferences = { preferences: unknown; version: number }

export async function findPreferences(sql: Sql, userId: string): Promise<StoredPreferences | undefined> {
  const [row] = await sql<StoredPreferences[]>`
    select preferences, version from notification_preferences where user_id = ${userId}`
  return row
}

export async function storePreferences(sql: Sql, userId: string, preferences: Preferences): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    insert into notification_preferences as p (user_id, preferences)
    values (${userId}, ${JSON.stringify(preferences)}::text::json)
    on conflict (user_id) do update
      set preferences = excluded.preferences, version = p.version + 1, updated_at = now()
    returning version`
  return row!.version
}
