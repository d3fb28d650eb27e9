import type { Sql } from '../../shared/db/connect.ts'
import type { Emit } from '../../shared/db/outbox.ts'
import type { Change } from '../change.ts'
import { readTasks, updateTasks } from '../tasks/write.ts'
import type { Unit } from './repository.ts'

/** The templates that a change made, beside its own tasks, whose ids are `own`. */
export type Made = { change: Change; unit: Unit; own: number[]; emit: Omit<Emit, 'type'> }

/**
 * Takes away the templates that a change made, and keeps them for a redo. Tasks that they made since stay, as ordinary
 * ones.
 */
export async function removeMade(sql: Sql, made: Made): Promise<void> {
  const { userId } = made.change
  const removed = await sql<{ tasks: number[] }[]>`
    insert into undone_templates (user_id, change_id, template, tag_ids, task_ids, origin)
    select r.user_id, r.change_id, to_jsonb(r),
           array(select l.tag_id from recurring_task_tags l where l.recurring_task_id = r.id),
           array(select t.id from tasks t where t.user_id = r.user_id and t.recurring_task_id = r.id),
           (select to_jsonb(o) from origins o where o.user_id = r.user_id and o.recurring_task_id = r.id)
    from recurring_tasks r where r.user_id = ${userId} and r.change_id = ${made.unit.changeId}
    returning task_ids as tasks`
  if (removed.length === 0) return
  await sql`delete from recurring_tasks where user_id = ${userId} and change_id = ${made.unit.changeId}`
  await tellOthers(
    sql,
    made,
    removed.flatMap(({ tasks }) => tasks),
  )
}

type Kept = { id: number; tasks: number[]; tags: number[]; origin: string | null; template: string }

/** Brings them again, with the ids that they had, their tags and their tasks. */
export async function restoreMade(sql: Sql, made: Made): Promise<void> {
  const { userId } = made.change
  const kept = await sql<Kept[]>`
    delete from undone_templates where user_id = ${userId} and change_id = ${made.unit.changeId}
    returning (template ->> 'id')::bigint as id, task_ids as tasks, tag_ids as tags, origin::text,
              template::text as template`
  for (const { id, tasks, tags, origin, template } of kept) {
    await sql`
      insert into recurring_tasks overriding system value
      select (jsonb_populate_record(null::recurring_tasks, ${template}::text::jsonb)).*`
    await sql`
      insert into recurring_task_tags (user_id, recurring_task_id, tag_id)
      select g.user_id, ${id}, g.id from tags g where g.user_id = ${userId} and g.id = any(${tags}::bigint[])`
    await sql`
      insert into origins select (jsonb_populate_record(null::origins, o)).*
      from (select ${origin}::text::jsonb as o) kept where o is not null
      on conflict (user_id, uid) do nothing`
    await sql`
      update tasks set recurring_task_id = ${id}
      where user_id = ${userId} and recurring_task_id is null and id = any(${tasks}::bigint[])`
  }
  await tellOthers(
    sql,
    made,
    kept.flatMap(({ tasks }) => tasks),
  )
}

/** Other open tasks of the templates belong to them no more, or again: whoever follows them is told so. */
async function tellOthers(sql: Sql, { change, own, emit }: Made, ids: number[]): Promise<void> {
  const others = ids.filter((id) => !own.includes(id))
  const found = await readTasks(sql, change.userId, others)
  const updates = [...found.values()].map(
    (before) => ({ before, type: 'task.updated', columns: {}, tags: undefined }) as const,
  )
  if (updates.length > 0) await updateTasks(sql, change.userId, updates, emit)
}
