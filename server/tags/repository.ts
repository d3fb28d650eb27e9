import type { NewTag, Tag } from '../../shared/api/tag.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'

/** Its count is of open tasks: the ones that a filter by this tag would list. */
const tagRow = (sql: Sql): Fragment =>
  raw(
    sql,
    `g.id, g.name, g.color,
     (select count(*) from task_tags l join tasks t on t.id = l.task_id
      where l.tag_id = g.id and t.deleted_at is null and t.status <> 'done') as task_count,
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
  sql`update tags set name = ${tag.name}, color = ${tag.color ?? null} where user_id = ${userId} and id = ${id}`

export const deleteTag = (sql: Sql, userId: string, id: number) =>
  sql`delete from tags where user_id = ${userId} and id = ${id}`
