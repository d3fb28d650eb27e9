import type { Sql } from '../shared/db/connect.ts'

/**
 * Takes up what users asked the server for: a replay makes its delivery due again with a new set of attempts, a test
 * makes a delivery. Returns how many there were.
 */
export async function takeRequests(sql: Sql): Promise<number> {
  const rows = await sql`
    with asked as (
      delete from delivery_requests where delivery_id in (
        select delivery_id from delivery_requests order by created_at limit 100 for update skip locked
      ) returning *
    ),
    replayed as (
      update deliveries d
      set status = 'queued', reason = 'replay', next_attempt_at = now(), tries = 0, unknowns = 0, forced = true,
          bundle = null, expires_at = null, lease = null, lease_until = null, updated_at = now()
      from asked a
      where a.kind = 'replay' and d.id = a.delivery_id and d.user_id = a.user_id
    ),
    tested as (
      insert into deliveries
        (id, user_id, channel_id, kind, target, event_id, event_type, payload, forced)
      select a.delivery_id, a.user_id, c.id, c.kind,
             case when c.kind = 'push' then left(c.target, 6) || chr(8230) || right(c.target, 4) else c.target end,
             'test-' || a.delivery_id, 'notification.send',
             json_build_object(
               'event_id', 'test-' || a.delivery_id, 'event_type', 'notification.send', 'user_id', a.user_id,
               'task_id', null,
               'timestamp', to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'source', 'server', 'title', 'Test notification',
               'body', 'This channel of todo works.'),
             true
      from asked a join notification_channels c on c.id = a.channel_id and c.user_id = a.user_id
      where a.kind = 'test'
    )
    select kind from asked`
  return rows.length
}
