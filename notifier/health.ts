import type { Sql } from '../shared/db/connect.ts'

/** The first failure after a success begins the time that a channel has been failing. */
export const beginFailing = (sql: Sql, channelId: number) => sql`
  insert into channel_health as h (channel_id, failing_since)
  select id, now() from notification_channels where id = ${channelId}
  on conflict (channel_id) do update set failing_since = coalesce(h.failing_since, now())`

export const endFailing = (sql: Sql, channelId: number) =>
  sql`update channel_health set failing_since = null where channel_id = ${channelId}`

/** Switches a channel off until its user switches it on again. True for the first who does. */
export async function disableChannel(sql: Sql, channelId: number, reason: string): Promise<boolean> {
  const rows = await sql`
    insert into channel_health as h (channel_id, disabled_at, disabled_reason)
    select id, clock_timestamp(), ${reason} from notification_channels where id = ${channelId}
    on conflict (channel_id) do update
      set disabled_at = clock_timestamp(), disabled_reason = ${reason}, failing_since = null,
          version = h.version + 1
      where not exists (
        select from notification_channels c where c.id = h.channel_id and h.disabled_at > c.enabled_at)
    returning channel_id`
  return rows.length > 0
}
