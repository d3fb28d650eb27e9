import type { Session } from '../../shared/api/session.ts'
import { raw, type Sql } from '../../shared/db/connect.ts'
import { hashToken, randomToken } from '../auth/random-token.ts'

/** However often it is renewed, a session ends then, and earlier when nobody has renewed it for a month. */
const longestDays = 180
const idleDays = 30

/** For an answer that was lost on its way: the token before may be shown again while its successor is unused. */
export const graceSeconds = 30

export type Origin = { address: string | null; userAgent: string }

/** A new family with its first refresh token. Sessions of this user that have expired are cleared away. */
export async function startSession(
  sql: Sql,
  userId: string,
  { address, userAgent }: Origin,
): Promise<{ sessionId: number; refreshToken: string }> {
  const refreshToken = randomToken()
  const [row] = await sql<{ session_id: number }[]>`
    with old as (delete from sessions where user_id = ${userId} and expires_at < now()),
    session as (
      insert into sessions (user_id, address, user_agent, expires_at)
      values (${userId}, ${address}::inet, ${userAgent}, now() + ${longestDays} * interval '1 day')
      returning id
    )
    insert into refresh_tokens (token_hash, session_id, generation)
    select ${hashToken(refreshToken)}, id, 1 from session returning session_id`
  return { sessionId: row!.session_id, refreshToken }
}

const isAlive = `s.ended_at is null and s.expires_at > now() and s.rotated_at > now() - interval '${idleDays} days'`

/** `refreshToken` null: nothing was exchanged. `sessionId` is the session that goes on, or that ended by this. */
export type Rotation =
  | { userId: string; sessionId: number; refreshToken: string }
  | { userId: null; sessionId: number | null; refreshToken: null }

/**
 * Exchanges a refresh token. The one that moves the session's generation on wins, in one statement, so of many at
 * once one rotates and the others are repeats. A repeat within the grace gets another token of the new generation
 * (nobody has used one, or the generation would have moved again); any other repeat ends the session for everybody,
 * since two parties hold its tokens.
 */
export async function rotate(sql: Sql, token: string): Promise<Rotation> {
  const refreshToken = randomToken()
  const given = hashToken(token)
  const [row] = await sql<{ user_id: string; session_id: number }[]>`
    with given as (select session_id, generation from refresh_tokens where token_hash = ${given}),
    moved as (
      update sessions s set generation = s.generation + 1, rotated_at = now() from given g
      where s.id = g.session_id and s.generation = g.generation and ${raw(sql, isAlive)}
      returning s.id, s.user_id, s.generation
    ),
    made as (
      insert into refresh_tokens (token_hash, session_id, generation)
      select ${hashToken(refreshToken)}, id, generation from moved
    )
    select user_id, id as session_id from moved`
  if (row !== undefined) return { userId: row.user_id, sessionId: row.session_id, refreshToken }
  return repeat(sql, given, refreshToken)
}

/** A statement of its own, so that it sees the rotation which another request has just committed. */
async function repeat(sql: Sql, given: Buffer, refreshToken: string): Promise<Rotation> {
  const [row] = await sql<{ user_id: string; session_id: number; forgiven: boolean }[]>`
    with given as (
      select s.id, s.user_id, s.generation,
             s.generation = t.generation + 1
               and s.rotated_at > now() - ${graceSeconds} * interval '1 second' as forgiven
      from refresh_tokens t join sessions s on s.id = t.session_id
      where t.token_hash = ${given} and ${raw(sql, isAlive)} for update of s
    ),
    ended as (update sessions s set ended_at = now() from given g where s.id = g.id and not g.forgiven),
    made as (
      insert into refresh_tokens (token_hash, session_id, generation)
      select ${hashToken(refreshToken)}, id, generation from given where forgiven
    )
    select user_id, id as session_id, forgiven from given`
  if (!row?.forgiven) return { userId: null, sessionId: row?.session_id ?? null, refreshToken: null }
  return { userId: row.user_id, sessionId: row.session_id, refreshToken }
}

/** The session of a refresh token, of whatever generation. */
export async function endSessionOf(sql: Sql, token: string): Promise<number | null> {
  const [row] = await sql<{ id: number }[]>`
    update sessions s set ended_at = now() from refresh_tokens t
    where t.token_hash = ${hashToken(token)} and s.id = t.session_id and s.ended_at is null
    returning s.id`
  return row?.id ?? null
}

export async function endSession(sql: Sql, userId: string, id: number): Promise<boolean> {
  const { count } = await sql`
    update sessions s set ended_at = now()
    where s.user_id = ${userId} and s.id = ${id} and ${raw(sql, isAlive)}`
  return count === 1
}

/** Returns the ids of those that ended. `except` null ends all. */
export async function endOtherSessions(sql: Sql, userId: string, except: number | null): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    update sessions set ended_at = now()
    where user_id = ${userId} and ended_at is null and id is distinct from ${except}::bigint
    returning id`
  return rows.map((row) => row.id)
}

export async function isSessionAlive(sql: Sql, userId: string, id: number): Promise<boolean> {
  const rows = await sql`
    select from sessions s where s.user_id = ${userId} and s.id = ${id} and ${raw(sql, isAlive)}`
  return rows.length === 1
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Oldest first, from the id after `after` on. */
export const listSessions = (
  sql: Sql,
  userId: string,
  current: number | null,
  { after, limit }: { after: number; limit: number },
): Promise<Session[]> =>
  sql<Session[]>`
    select s.id, coalesce(s.id = ${current}::bigint, false) as current, host(s.address) as address, s.user_agent,
           ${raw(sql, iso('s.created_at'))} as created_at, ${raw(sql, iso('s.rotated_at'))} as last_used_at,
           ${raw(sql, iso('s.expires_at'))} as expires_at
    from sessions s
    where s.user_id = ${userId} and s.id > ${after} and ${raw(sql, isAlive)} order by s.id limit ${limit}`
