import type { Db, Sql } from '../../shared/db/connect.ts'

export async function findSubscription(
  sql: Sql,
  token: string,
): Promise<{ unsubscribed: boolean } | undefined> {
  const [row] = await sql<{ unsubscribed: boolean }[]>`
    select exists (
      select from mail_suppressions s where s.address = t.address and s.user_id = t.user_id
    ) as unsubscribed
    from unsubscribe_tokens t where t.token = ${token}`
  return row
}

/** Puts the address on the list and switches its channels off. False for a token that is not known. */
export const unsubscribe = (db: Db, token: string): Promise<boolean> =>
  db.begin(async (sql) => {
    const [list] = await sql<{ user_id: string; address: string }[]>`
      select user_id, address from unsubscribe_tokens where token = ${token}`
    if (list === undefined) return false
    await stopMail(sql, list.user_id, list.address)
    return true
  })

export async function stopMail(sql: Sql, userId: string, address: string): Promise<void> {
  await sql`
    insert into mail_suppressions (user_id, address, reason)
    values (${userId}, lower(${address}), 'unsubscribed')
    on conflict (address, user_id) where user_id is not null do nothing`
  await sql`
    update notification_channels
    set is_active = false, disabled_reason = 'The address has unsubscribed.', version = version + 1,
        updated_at = now()
    where user_id = ${userId} and kind = 'email' and lower(target) = lower(${address}) and is_active`
}
