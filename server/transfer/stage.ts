import type { TaskRecord } from '../../shared/api/transfer.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { ownId } from './uid.ts'

/**
 * The tasks of an import wait in a temporary table until the whole stream is there: memory stays flat, and the user's
 * lock is taken only for the writing itself, however slow the sender is.
 */
export const createStage = (sql: Sql) =>
  sql`create temporary table staged (n bigint primary key, uid uuid, own_id bigint, row jsonb) on commit drop`

export type StagedTask = { n: number; uid: string | null; ownId: number | null; row: object }

export const stage = (sql: Sql, tasks: StagedTask[]) =>
  sql`insert into staged (n, uid, own_id, row)
    select * from unnest(
      ${tasks.map((task) => task.n)}::bigint[], ${tasks.map((task) => task.uid)}::uuid[],
      ${tasks.map((task) => task.ownId)}::bigint[], ${tasks.map((task) => JSON.stringify(task.row))}::text[]::jsonb[])`

/** What the statement of stored-tasks.ts reads. A done task without a time was done when it was made, at the latest now. */
export function rowOf(userId: string, task: TaskRecord): object {
  const { tags = [], line: _line, uid: _uid, priority, priority_id: id, ...rest } = task
  const templateUid = task.recurring_task_uid
  return {
    ...rest,
    ...(templateUid != null && { own_template_id: ownId(userId, 'template', templateUid) }),
    status: task.status ?? (task.completed_at == null ? 'todo' : 'done'),
    priority_id: id ?? (typeof priority === 'object' ? priority.id : priority) ?? 2,
    description: task.description ?? '',
    tags: tags.map((tag) => (typeof tag === 'string' ? tag : tag.name)),
  }
}

/** Drops what was staged twice: the first of a uid counts. Answers how many went. */
export async function dropRepeats(sql: Sql): Promise<number> {
  await sql`create index on staged (uid)`
  await sql`analyze staged`
  const gone = await sql`
    delete from staged s using staged first where first.uid = s.uid and first.n < s.n`
  return gone.count
}

/** Drops what this user has already, by its own id or by where it came from. Answers how many went. */
export async function dropKnown(sql: Sql, userId: string): Promise<number> {
  const own = await sql`
    delete from staged s using tasks t
    where t.user_id = ${userId} and t.id = s.own_id and t.deleted_at is null`
  const imported = await sql`
    delete from staged s using origins o join tasks t on t.id = o.task_id
    where o.user_id = ${userId} and o.uid = s.uid and t.deleted_at is null`
  return own.count + imported.count
}
