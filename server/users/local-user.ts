import type { Sql } from '../../shared/db/connect.ts'

/** No mail leaves for it and nobody can register it: it has no dot, and its password hash stays empty. */
const localEmail = 'local@localhost'

/** The id of the one user of a daemon, who needs no password; made on the first start in the given zone. */
export async function ensureLocalUser(sql: Sql, timeZone: string): Promise<string> {
  const find = () => sql<{ id: string }[]>`select id from users where lower(email) = ${localEmail}`
  const [known] = await find()
  if (known !== undefined) return known.id
  // Another daemon on a shared database may be making it now; the second look finds it in either case.
  await sql`
    insert into users (email, name, time_zone) values (${localEmail}, 'Local user', ${timeZone})
    on conflict do nothing`
  const [made] = await find()
  return made!.id
}
