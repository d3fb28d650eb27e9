import type { Sql } from '../shared/db/connect.ts'

/** The log of what has ended is kept for 30 days; what waits is kept as long as it waits. */
export const sweep = (sql: Sql) => sql`
  delete from deliveries where id in (
    select id from deliveries
    where status not in ('queued', 'sending') and updated_at < now() - interval '30 days' limit 10000)`
