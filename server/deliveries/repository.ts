import type { Delivery, DeliveryQuery } from '../../shared/api/delivery.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * A delivery as its user sees it. A replay that the notifier has not taken up yet counts as queued; what the mail
 * provider reported after accepting it is the reason of last resort.
 */
const shown = (sql: Sql): Fragment =>
  raw(
    sql,
    `d.id, d.event_id, d.event_type, d.task_id, d.channel_id, d.kind, d.target,
     case when r.delivery_id is null then d.status else 'queued' end as status,
     d.attempts,
     case when r.delivery_id is null then ${iso('d.next_attempt_at')} else ${iso('r.created_at')} end
       as next_attempt_at,
     case when r.delivery_id is null then coalesce(d.reason, (
       select concat_ws(': ', f.event, f.reason) from mail_feedback f
       where f.delivery_id = d.id order by f.created_at desc limit 1)) end as reason,
     ${iso('d.created_at')} as created_at, ${iso('d.updated_at')} as updated_at
     from deliveries d left join delivery_requests r on r.delivery_id = d.id`,
  )

export async function findDelivery(sql: Sql, userId: string, id: number): Promise<Delivery | undefined> {
  const [row] = await sql<Delivery[]>`select ${shown(sql)} where d.user_id = ${userId} and d.id = ${id}`
  return row
}

/** Newest first; `before` is the last id of the page before. */
export const listDeliveries = (
  sql: Sql,
  userId: string,
  query: DeliveryQuery,
  before: number | null,
  limit: number,
): Promise<Delivery[]> => sql<Delivery[]>`
  select ${shown(sql)}
  where d.user_id = ${userId}
    ${before === null ? sql`` : sql`and d.id < ${before}`}
    ${query.status === undefined ? sql`` : sql`and case when r.delivery_id is null then d.status else 'queued' end = ${query.status}`}
    ${query.event === undefined ? sql`` : sql`and ${query.event} in (d.event_type, d.event_id)`}
    ${query.channel_id === undefined ? sql`` : sql`and d.channel_id = ${query.channel_id}`}
    ${query.task_id === undefined ? sql`` : sql`and d.task_id = ${query.task_id}`}
  order by d.id desc limit ${limit}`

/** The notifier is the only one to write deliveries, so it is asked to. Asking twice is asking once. */
export const requestReplay = (sql: Sql, userId: string, delivery: Delivery) => sql`
  insert into delivery_requests (delivery_id, user_id, channel_id, kind)
  values (${delivery.id}, ${userId}, ${delivery.channel_id}, 'replay') on conflict do nothing`
