import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'

/** One event as the API shows it, as JSON text made by Postgres. */
const itemJson = (sql: Sql): Fragment =>
  raw(
    sql,
    `json_build_object(
      'id', e.id, 'event_id', e.event_id, 'event_type', e.type, 'task_id', e.task_id, 'user_id', e.user_id,
      'timestamp', to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'version', e.version, 'source', e.source, 'data', e.data, 'previous', e.previous)::text`,
  )

export type Item = { id: number; type: string; item: string }

/** Which part of the history: after an id, or, newest first, also before one. */
export type Span = { after: number; before: number | null; taskId: number | null; newestFirst: boolean }

/** Events in the order of their commits, since one user's writes are serialised, or in the reverse of it. */
export const listEvents = (
  sql: Sql,
  userId: string,
  { after, before, taskId, newestFirst }: Span,
  limit: number,
): Promise<Item[]> =>
  sql<Item[]>`
    select e.id, e.type, ${itemJson(sql)} as item from events e
    where e.user_id = ${userId} and e.id > ${after} ${before === null ? sql`` : sql`and e.id < ${before}`}
      ${taskId === null ? sql`` : sql`and e.task_id = ${taskId}`}
    order by e.id ${newestFirst ? sql`desc` : sql``} limit ${limit}`

export async function newestEvent(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    select coalesce(max(id), 0) as id from events where user_id = ${userId}`
  return row!.id
}

/** Where one reader stands. */
export type Reader = { userId: string; after: number; taskId: number | null }

export type Delivery = Item & { n: number }

/** What is new for many readers, in one statement: at most `limit` events each, in their order; `n` counts readers. */
export const eventsForReaders = (sql: Sql, readers: Reader[], limit: number): Promise<Delivery[]> =>
  sql<Delivery[]>`
    select (r.n - 1)::integer as n, e.id, e.type, e.item
    from unnest(
      ${readers.map((reader) => reader.userId)}::uuid[],
      ${readers.map((reader) => reader.after)}::bigint[],
      ${readers.map((reader) => reader.taskId)}::bigint[]
    ) with ordinality as r (user_id, after, task_id, n)
    cross join lateral (
      select e.id, e.type, ${itemJson(sql)} as item from events e
      where e.user_id = r.user_id and e.id > r.after and (r.task_id is null or e.task_id = r.task_id)
      order by e.id limit ${limit}
    ) e
    order by r.n, e.id`
