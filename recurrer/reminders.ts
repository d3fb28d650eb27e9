import type { Db, Sql } from '../shared/db/connect.ts'
import { emitCtes, lockUsers } from '../shared/db/outbox.ts'
import { taskJson } from '../shared/db/task-json.ts'
import { noTracing, type Tracing } from '../shared/tracing.ts'

const batchSize = 500

/** A reminder whose task was due longer ago than this helps nobody: it is marked stale instead of sent. */
const staleAfter = '1 hour'

/**
 * Emits `task.due.approaching` for every reminder whose time has come by the database's clock, once for each (task,
 * due, lead), and answers how many. What fell into a downtime is sent late, or marked stale.
 */
export async function remindDue(
  deps: { db: Db; onTurn?: (() => void) | undefined; tracing?: Tracing },
  signal: AbortSignal,
): Promise<number> {
  const { tracing = noTracing } = deps
  let sent = 0
  for (;;) {
    deps.onTurn?.()
    const users = await deps.db<{ user_id: string }[]>`
      select distinct user_id from (
        select user_id from reminders where sent_at is null and fire_at <= now() order by fire_at limit ${batchSize}
      ) pending`
    if (users.length === 0 || signal.aborted) return sent
    const ids = users.map((one) => one.user_id)
    const span = tracing.begin('send reminders', { kind: 'internal', parent: null })
    const done = await deps.db.begin((sql) => remind(sql, ids, span.traceparent))
    span.end({ attributes: { 'todo.reminders': done.sent } })
    sent += done.sent
    if (done.claimed === 0) return sent
  }
}

async function remind(
  sql: Sql,
  userIds: string[],
  traceparent: string | null,
): Promise<{ claimed: number; sent: number }> {
  await lockUsers(sql, userIds)
  const emit = {
    type: 'task.due.approaching',
    source: 'recurrer',
    changeId: crypto.randomUUID(),
    traceparent,
  } as const
  const [row] = await sql<{ claimed: number; sent: number }[]>`
    with claimed as (
      select m.task_id, m.due_key, m.lead, m.due_key < now() - ${staleAfter}::interval as is_stale
      from reminders m
      where m.user_id = any(${userIds}::uuid[]) and m.sent_at is null and m.fire_at <= now()
      order by m.fire_at limit ${batchSize} for update skip locked
    ),
    marked as (
      update reminders m set sent_at = now(), stale = c.is_stale from claimed c
      where m.task_id = c.task_id and m.due_key = c.due_key and m.lead = c.lead
      returning m.task_id, m.stale
    ),
    written as (
      select t.id, t.user_id, t.version, ${taskJson(sql, 't')} as data, null as previous
      from marked m join tasks t on t.id = m.task_id
      where not m.stale and t.deleted_at is null and t.status <> 'done' order by t.id
    ),
    ${emitCtes(sql, 'written', emit)}
    select (select count(*) from claimed) as claimed, (select count(*) from written) as sent`
  return row!
}
