import type { Occurrence } from '../recurrence.ts'
import { raw, type Sql } from './connect.ts'
import { type Emit, emitCtes } from './outbox.ts'
import { tagList, taskJson } from './task-json.ts'

export type NewInstance = { templateId: number; occurrence: Occurrence }
export type MadeInstance = { id: number; version: number; data: string; recurring_task_id: number }

/** A template's tags, for tasks that get them in the same statement. */
const templateTags = `(
  select ${tagList()}
  from recurring_task_tags l join tags g on g.id = l.tag_id where l.recurring_task_id = t.recurring_task_id)`

/**
 * Makes the task of each occurrence with its tags, event and publication, in one statement. One that exists already,
 * also a deleted one, is left alone: the unique key decides, whatever crashed or ran twice. With `revive` a deleted
 * one comes back instead. The caller holds the lock of every user concerned.
 */
export async function insertInstances(
  sql: Sql,
  instances: NewInstance[],
  emit: Omit<Emit, 'type'>,
  options: { revive?: boolean } = {},
): Promise<MadeInstance[]> {
  if (instances.length === 0) return []
  const ids = instances.map(({ templateId }) => templateId)
  const instants = instances.map(({ occurrence }) => occurrence.instant)
  const dates = instances.map(({ occurrence: { at, local } }) => (at === null ? local : null))
  const onConflict = options.revive
    ? raw(
        sql,
        `do update set deleted_at = null, status = 'todo', completed_at = null, version = tasks.version + 1,
           updated_at = now(), due_at = excluded.due_at, due_date = excluded.due_date
         where tasks.deleted_at is not null`,
      )
    : raw(sql, 'do nothing')
  return sql<MadeInstance[]>`
    with wanted as (
      select * from unnest(${ids}::bigint[], ${instants}::text[], ${dates}::text[]) as w (template_id, at, day)
    ),
    task as (
      insert into tasks (user_id, title, description, priority_id, project, reminders, recurring_task_id,
                         occurrence_at, due_at, due_date)
      select r.user_id, r.template_title, r.template_description, r.priority_id, r.project, r.reminders, r.id,
             w.at::timestamptz, case when w.day is null then w.at::timestamptz end, w.day::date
      from wanted w join recurring_tasks r on r.id = w.template_id
      order by w.at::timestamptz, r.id
      on conflict on constraint tasks_occurrence ${onConflict}
      returning *
    ),
    linked as (
      insert into task_tags (user_id, task_id, tag_id)
      select t.user_id, t.id, l.tag_id from task t join recurring_task_tags l
        on l.recurring_task_id = t.recurring_task_id
      on conflict do nothing
    ),
    written as (
      select t.id, t.user_id, t.version, ${taskJson(sql, 't', templateTags)} as data, null as previous,
             t.recurring_task_id
      from task t order by t.id
    ),
    ${emitCtes(sql, 'written', { ...emit, type: 'task.created' })}
    select id, version, data::text, recurring_task_id from written order by id`
}
