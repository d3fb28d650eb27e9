import type { User } from '../../shared/api/auth.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'

const userRow = (sql: Sql): Fragment =>
  raw(
    sql,
    `u.id, u.email, u.name, u.time_zone,
     to_char(u.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at`,
  )

export async function findUser(sql: Sql, userId: string): Promise<User | undefined> {
  const [user] = await sql<User[]>`select ${userRow(sql)} from users u where u.id = ${userId}`
  return user
}

export const doesUserExist = async (sql: Sql, userId: string): Promise<boolean> =>
  (await sql`select from users where id = ${userId}`).length === 1

/** Undefined when the address is taken, in whatever case. */
export async function insertUser(
  sql: Sql,
  user: { email: string; passwordHash: string; name: string; timeZone: string },
): Promise<User | undefined> {
  const [made] = await sql<User[]>`
    insert into users as u (email, password_hash, name, time_zone)
    values (${user.email}, ${user.passwordHash}, ${user.name}, ${user.timeZone})
    on conflict do nothing returning ${userRow(sql)}`
  return made
}

/** Undefined when there is no such user any more. */
export async function updateUser(
  sql: Sql,
  userId: string,
  patch: { name?: string; time_zone?: string },
): Promise<User | undefined> {
  if (Object.keys(patch).length === 0) return findUser(sql, userId)
  const [user] = await sql<User[]>`
    update users u set ${sql(patch)} where u.id = ${userId} returning ${userRow(sql)}`
  return user
}

export type StoredPassword = { hash: string | null; email: string }

export async function readPassword(sql: Sql, userId: string): Promise<StoredPassword | undefined> {
  const [row] = await sql<StoredPassword[]>`
    select password_hash as hash, email from users where id = ${userId}`
  return row
}

/** Only while the password is still the one that was checked: two changes at once cannot both win. */
export async function writePassword(
  sql: Sql,
  userId: string,
  change: { from: string; to: string },
): Promise<boolean> {
  const { count } = await sql`
    update users set password_hash = ${change.to} where id = ${userId} and password_hash = ${change.from}`
  return count === 1
}

/** Everything that is the user's goes with the row: each table refers to it with `on delete cascade`. */
export const deleteUser = (sql: Sql, userId: string) => sql`delete from users where id = ${userId}`

export type Candidate = { user: User; hash: string | null; known: boolean }

/** Who signs in, and whether they have done so from this address before. */
export async function findCandidate(
  sql: Sql,
  email: string,
  address: string | null,
): Promise<Candidate | undefined> {
  const [row] = await sql<(User & { hash: string | null; known: boolean })[]>`
    select ${userRow(sql)}, u.password_hash as hash,
           exists (select from sessions s where s.user_id = u.id and s.address = ${address}::inet) as known
    from users u where lower(u.email) = lower(${email})`
  if (row === undefined) return undefined
  const { hash, known, ...user } = row
  return { user, hash, known }
}
