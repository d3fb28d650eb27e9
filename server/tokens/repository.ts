import type { ApiToken, NewApiToken } from '../../shared/api/token.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const tokenRow = (sql: Sql): Fragment =>
  raw(
    sql,
    `k.id, k.name, k.scopes, ${iso('k.expires_at')} as expires_at, ${iso('k.created_at')} as created_at,
     ${iso('k.last_used_at')} as last_used_at`,
  )

/** Oldest first, from the id after `after` on. */
export const listTokens = (sql: Sql, userId: string, after: number, limit: number): Promise<ApiToken[]> =>
  sql<ApiToken[]>`
    select ${tokenRow(sql)} from api_tokens k
    where k.user_id = ${userId} and k.id > ${after} order by k.id limit ${limit}`

/** Undefined when the user has `most` already. */
export async function insertToken(
  sql: Sql,
  userId: string,
  token: NewApiToken & { hash: Buffer },
  most: number,
): Promise<ApiToken | undefined> {
  const [made] = await sql<ApiToken[]>`
    insert into api_tokens as k (user_id, name, scopes, expires_at, token_hash)
    select ${userId}, ${token.name}, ${token.scopes}, ${token.expires_at}::timestamptz, ${token.hash}
    where (select count(*) from api_tokens where user_id = ${userId}) < ${most}
    returning ${tokenRow(sql)}`
  return made
}

/** Undefined when there is no such token. */
export async function deleteToken(sql: Sql, userId: string, id: number): Promise<Buffer | undefined> {
  const [row] = await sql<{ token_hash: Buffer }[]>`
    delete from api_tokens where user_id = ${userId} and id = ${id} returning token_hash`
  return row?.token_hash
}

export type UsedToken = { id: number; user_id: string; scopes: ApiToken['scopes']; expires_at: Date }

/** Finds a token that has not expired, and notes its use to the minute: a write for each request would cost more. */
export async function useToken(sql: Sql, hash: Buffer): Promise<UsedToken | undefined> {
  const [row] = await sql<UsedToken[]>`
    with found as (
      select id, user_id, scopes, expires_at, last_used_at from api_tokens
      where token_hash = ${hash} and expires_at > now()
    ),
    used as (
      update api_tokens k set last_used_at = now() from found f
      where k.id = f.id and (f.last_used_at is null or f.last_used_at < now() - interval '1 minute')
    )
    select id, user_id, scopes, expires_at from found`
  return row
}
