import type { Task } from '../api/task.ts'
import { type Fragment, raw, type Sql } from './connect.ts'

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** Rows `g` of tags as the API shows them, by their names; written without the blanks that json_agg would put between. */
export const tagList = (name = 'g.name_key') => `coalesce('[' || string_agg(
  (select row_to_json(r)::text from (select g.id, g.name, g.color) r), ',' order by ${name}) || ']', '[]')::json`

/** The tags of the task `t` as the API shows them, by name. */
export const tagsJson = (t: string) => `(
  select ${tagList()} from task_tags l join tags g on g.id = l.tag_id where l.task_id = ${t}.id)`

/** The same where a statement writes the links itself: `t` carries them as `tag_ids`, beside its `user_id`. */
export const tagsOfIds = (t: string) => `(
  select ${tagList()} from tags g where g.user_id = ${t}.user_id and g.id = any(${t}.tag_ids))`

/** The same for all tasks of the expression `page` at once, as rows of task_id and tags: quicker for long lists. */
export const tagsOfPage = (page: string) => `
  select l.task_id, ${tagList()} as tags
  from task_tags l join tags g on g.id = l.tag_id where l.task_id in (select id from ${page}) group by l.task_id`

const priorityJson = (t: string) => `(select row_to_json(p) from priorities p where p.id = ${t}.priority_id)`

const fieldSql = (t: string, tags: string): Record<keyof Task, string> => ({
  id: `${t}.id`,
  user_id: `${t}.user_id`,
  title: `${t}.title`,
  description: `${t}.description`,
  status: `${t}.status`,
  priority_id: `${t}.priority_id`,
  priority: priorityJson(t),
  tags,
  project: `${t}.project`,
  due_date: `${t}.due_date`,
  due_at: iso(`${t}.due_at`),
  reminders: `${t}.reminders`,
  recurring_task_id: `${t}.recurring_task_id`,
  occurrence_at: iso(`${t}.occurrence_at`),
  position: `${t}.position`,
  version: `${t}.version`,
  created_at: iso(`${t}.created_at`),
  updated_at: iso(`${t}.updated_at`),
  completed_at: iso(`${t}.completed_at`),
})

/**
 * The one wire shape of a task, made by Postgres: half the cost of building it in JavaScript, and the same text in
 * answers, events and exports. `t` is the alias of a row of `tasks`. `tags` replaces the look-up of its tags where
 * the same statement writes them, since a statement does not see its own writes. `fields` leaves the others out.
 */
export function taskJson(
  sql: Sql,
  t: string,
  tags: string = tagsJson(t),
  fields?: readonly (keyof Task)[],
): Fragment {
  const columns = Object.entries(fieldSql(t, tags))
    .filter(([name]) => fields === undefined || fields.includes(name as keyof Task))
    .map(([name, value]) => `${value} as ${name}`)
  return raw(sql, `(select row_to_json(r) from (select ${columns.join(', ')}) r)`)
}
