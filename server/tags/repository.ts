import type { NewTag, Tag } from '../../shared/api/tag.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import { type Emit, emitCtes } from '../../shared/db/outbox.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import type { StoredTask } from '../tasks/repository.ts'

/** Its count is of open tasks: the ones that a filter by this tag would list. */
const tagRow = (sql: Sql): Fragment =>
  raw(
    sql,
    `g.id, g.name, g.color,
     (select count(*) from task_tags l join tasks t on t.id = l.task_id
      where l.tag_id = g.id and t.deleted_at is null and t.status <> 'done') as task_count,
     g.version,
     to_char(g.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as created_at`,
  )

export async function findTag(sql: Sql, userId: string, id: number): Promise<Tag | undefined> {
  const [tag] = await sql<
    Tag[]
  >`select ${tagRow(sql)} from tags g where g.user_id = ${userId} and g.id = ${id}`
  return tag
}

/** By name without case; `after` is the last name of the page before. */
export const listTags = (sql: Sql, userId: string, after: string, limit: number): Promise<Tag[]> =>
  sql<Tag[]>`select ${tagRow(sql)} from tags g
    where g.user_id = ${userId} and g.name_key > lower(${after}::text) order by g.name_key limit ${limit}`

/** Undefined when the name is taken. */
export async function insertTag(sql: Sql, userId: string, tag: NewTag): Promise<Tag | undefined> {
  const [made] = await sql<Tag[]>`
    with g as (
      insert into tags (user_id, name, color) values (${userId}, ${tag.name}, ${tag.color ?? null})
      on conflict on constraint tags_name_key do nothing returning *
    )
    select ${tagRow(sql)} from g`
  return made
}

export const updateTag = (sql: Sql, userId: string, id: number, tag: NewTag) =>
  sql`update tags set name = ${tag.name}, color = ${tag.color ?? null}, version = version + 1
    where user_id = ${userId} and id = ${id}`

export const deleteTag = (sql: Sql, userId: string, id: number) =>
  sql`delete from tags where user_id = ${userId} and id = ${id}`

/** The tasks with one of these tags, locked, as they are before the tags change. */
export const carryingTasks = (sql: Sql, userId: string, tagIds: number[]): Promise<StoredTask[]> =>
  sql<StoredTask[]>`
    select t.id, t.version, ${taskJson(sql, 't')}::text as data from tasks t
    where t.user_id = ${userId} and t.deleted_at is null
      and t.id in (select l.task_id from task_tags l where l.tag_id = any(${tagIds}::bigint[]))
    order by t.id for update of t`

/** Each task whose tags changed under it gets a new version and its event. */
export async function touchTasks(
  sql: Sql,
  userId: string,
  before: StoredTask[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> {
  if (before.length === 0) return []
  return sql<StoredTask[]>`
    with old as (
      select * from unnest(${before.map((one) => one.id)}::bigint[], ${before.map((one) => one.data)}::text[])
        as old (id, data)
    ),
    task as (
      update tasks t set version = t.version + 1, updated_at = now() from old
      where t.user_id = ${userId} and t.id = old.id returning t.*, old.data as previous
    ),
    written as materialized (
      select t.id, t.user_id, t.version, t.previous, ${taskJson(sql, 't')} as data from task t order by t.id
    ),
    ${emitCtes(sql, 'written', { ...emit, type: 'task.updated' })}
    select id, version, data::text from written order by id`
}
