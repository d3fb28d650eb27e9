import type { Sql } from '../../shared/db/connect.ts'
import { randomToken } from './random-token.ts'

/** The database's own signing key, made by whoever asks first. For `todo serve` without JWT_SECRET. */
export async function ensureSigningKey(sql: Sql): Promise<string> {
  await sql`insert into signing_keys (secret) values (${randomToken()}) on conflict do nothing`
  const [row] = await sql<{ secret: string }[]>`select secret from signing_keys`
  return row!.secret
}
