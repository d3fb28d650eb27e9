import type { Channel, ChannelKind } from '../../shared/api/channel.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import type { EventName } from '../../shared/events.ts'

export type ChannelColumns = {
  target?: string
  name?: string | null
  events?: EventName[]
  is_active?: boolean
  disabled_reason?: string | null
}

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** True while a disabling by the notifier stands: the user has not switched the channel on since. */
const givenUp = `coalesce(h.disabled_at > c.enabled_at, false)`

/** A channel as its user sees it: the server's row and what the notifier knows of it. `c` is the row's alias. */
const shown = (sql: Sql): Fragment =>
  raw(
    sql,
    `c.id, c.kind,
     case when c.kind = 'push' then left(c.target, 6) || chr(8230) || right(c.target, 4) else c.target end as target,
     c.name, c.events, c.is_active and not ${givenUp} as is_active,
     case when ${givenUp} then h.disabled_reason else c.disabled_reason end as disabled_reason,
     c.version + coalesce(h.version, 0) as version,
     ${iso('c.created_at')} as created_at,
     ${iso('greatest(c.updated_at, h.disabled_at)')} as updated_at`,
  )

export async function findChannel(sql: Sql, userId: string, id: number): Promise<Channel | undefined> {
  const [channel] = await sql<Channel[]>`
    select ${shown(sql)} from notification_channels c left join channel_health h on h.channel_id = c.id
    where c.user_id = ${userId} and c.id = ${id}`
  return channel
}

export const listChannels = (sql: Sql, userId: string, after: number, limit: number): Promise<Channel[]> =>
  sql<Channel[]>`
    select ${shown(sql)} from notification_channels c left join channel_health h on h.channel_id = c.id
    where c.user_id = ${userId} and c.id > ${after} order by c.id limit ${limit}`

export async function countChannels(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql<{ n: number }[]>`
    select count(*) as n from notification_channels where user_id = ${userId}`
  return row!.n
}

type NewRow = {
  kind: ChannelKind
  target: string
  name: string | null
  events: EventName[]
  isActive: boolean
  secret: string | null
}

export async function insertChannel(sql: Sql, userId: string, row: NewRow): Promise<number> {
  const [made] = await sql<{ id: number }[]>`
    insert into notification_channels (user_id, kind, target, name, events, is_active, secret)
    values (${userId}, ${row.kind}, ${row.target}, ${row.name}, ${row.events}, ${row.isActive}, ${row.secret})
    returning id`
  return made!.id
}

/** Locks the row until the transaction ends, so that a check of its version holds. */
export async function lockChannel(sql: Sql, userId: string, id: number): Promise<Locked | undefined> {
  const [row] = await sql<Locked[]>`
    select c.kind, c.target from notification_channels c
    where c.user_id = ${userId} and c.id = ${id} for update`
  return row
}
export type Locked = { kind: ChannelKind; target: string }

/** Switching on also overrules what made the notifier switch off. */
export const updateChannel = (sql: Sql, id: number, columns: ChannelColumns) => sql`
  update notification_channels
  set ${sql({ ...columns, updated_at: sql`now()` } as never)}, version = version + 1
      ${columns.is_active === true ? sql`, enabled_at = clock_timestamp()` : sql``}
  where id = ${id}`

export const updateSecret = (sql: Sql, id: number, secret: string) => sql`
  update notification_channels
  set secret = ${secret}, previous_secret = secret, previous_secret_until = now() + interval '24 hours',
      version = version + 1, updated_at = now()
  where id = ${id}`

export const deleteChannel = (sql: Sql, userId: string, id: number) =>
  sql`delete from notification_channels where user_id = ${userId} and id = ${id}`

/** A device that is registered anew belongs to whoever registered it last. */
export const releaseDevice = (sql: Sql, userId: string, token: string) => sql`
  update notification_channels
  set is_active = false, disabled_reason = 'The device was registered by another user.', version = version + 1,
      updated_at = now()
  where kind = 'push' and md5(target) = md5(${token}) and target = ${token} and user_id <> ${userId}
    and is_active`

/** Makes the token that the mails to this address carry; an address keeps the one it has. */
export const ensureUnsubscribeToken = (sql: Sql, userId: string, address: string, token: string) => sql`
  insert into unsubscribe_tokens (token, user_id, address)
  values (${token}, ${userId}, lower(${address})) on conflict on constraint unsubscribe_tokens_list do nothing`

/** Taking mail up again is for the account's own address; nobody can do it for somebody else's. */
export const liftUnsubscription = (sql: Sql, userId: string, address: string) => sql`
  delete from mail_suppressions s using users u
  where u.id = ${userId} and s.user_id = u.id and s.reason = 'unsubscribed'
    and s.address = lower(${address}) and lower(u.email) = s.address`

/** Hands the wish for a test to the notifier; answers the number that its delivery will have. */
export async function requestTest(sql: Sql, userId: string, channelId: number): Promise<number> {
  const [row] = await sql<{ delivery_id: number }[]>`
    insert into delivery_requests (delivery_id, user_id, channel_id, kind)
    values (nextval(pg_get_serial_sequence('deliveries', 'id')), ${userId}, ${channelId}, 'test')
    returning delivery_id`
  return row!.delivery_id
}
