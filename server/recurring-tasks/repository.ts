import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import { type TemplateRow, templateColumns } from '../../shared/db/template.ts'

/** A template as stored: its JSON text, and what its ETag is made of. */
export type StoredTemplate = { id: number; version: number; next: string | null; data: string }

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** The wire shape of a template; `r` is a row of `recurring_tasks`. */
const templateJson = (sql: Sql): Fragment =>
  raw(
    sql,
    `(select row_to_json(x) from (select
      r.id, r.user_id, r.template_title, r.template_description, r.recurrence_pattern, r.interval,
      r.cron_expression, r.rrule, r.time_zone, r.start, r.all_day, r.until, r.count, r.exdates,
      r.month_day_policy, r.catch_up, r.overlap, r.anchor, r.create_ahead, r.priority_id,
      (select coalesce(json_agg(g.name order by g.name_key), '[]') from recurring_task_tags l
       join tags g on g.id = l.tag_id where l.recurring_task_id = r.id) as tags,
      r.project, r.reminders, r.is_active, ${iso('r.next_occurrence')} as next_occurrence, r.last_error, r.missed,
      r.version, ${iso('r.created_at')} as created_at, ${iso('r.updated_at')} as updated_at) x)`,
  )

const stored = (sql: Sql): Fragment =>
  sql`r.id, r.version, ${raw(sql, iso('r.next_occurrence'))} as next, ${templateJson(sql)}::text as data`

export async function findTemplate(
  sql: Sql,
  userId: string,
  id: number,
): Promise<StoredTemplate | undefined> {
  const [row] = await sql<StoredTemplate[]>`
    select ${stored(sql)} from recurring_tasks r where r.user_id = ${userId} and r.id = ${id}`
  return row
}

export const listTemplates = (
  sql: Sql,
  userId: string,
  after: number,
  limit: number,
): Promise<StoredTemplate[]> =>
  sql<StoredTemplate[]>`
    select ${stored(sql)} from recurring_tasks r
    where r.user_id = ${userId} and r.id > ${after} order by r.id limit ${limit}`

/** `now` is the database's, by which everything about templates is decided; `data` the wire shape. */
export type ReadTemplate = TemplateRow & { version: number; is_active: boolean; now: Date; data: string }

/** Locks a template for a change, when the caller holds the user's lock; `lock: false` only looks. */
export async function readTemplate(
  sql: Sql,
  userId: string,
  id: number,
  { lock = true } = {},
): Promise<ReadTemplate | undefined> {
  const [row] = await sql<ReadTemplate[]>`
    select ${templateColumns(sql)}, r.version, r.is_active, now() as now, ${templateJson(sql)}::text as data
    from recurring_tasks r where r.user_id = ${userId} and r.id = ${id} ${lock ? sql`for update of r` : sql``}`
  return row
}

/** The columns that a writer sets. */
export type TemplateColumns = Omit<TemplateRow, 'id' | 'user_id' | 'generated' | 'next_occurrence'> & {
  template_title: string
  template_description: string
  priority_id: number
  project: string | null
  reminders: string[]
  is_active: boolean
}

/** `changeId` is the change whose undo takes it away again. */
export async function insertTemplate(
  sql: Sql,
  { userId, changeId }: { userId: string; changeId: string },
  columns: TemplateColumns,
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into recurring_tasks ${sql({ user_id: userId, change_id: changeId, ...columns } as never)} returning id`
  return row!.id
}

export const updateTemplate = (sql: Sql, id: number, columns: Partial<TemplateColumns>) =>
  sql`update recurring_tasks set ${sql({ ...columns, updated_at: sql`now()` } as never)}, version = version + 1
    where id = ${id}`

/** A template whose rule cannot be used: it waits, with the reason, until it is mended and resumed. */
export const stopTemplate = (sql: Sql, id: number, reason: string) =>
  sql`update recurring_tasks
    set is_active = false, next_occurrence = null, next_run_at = null, last_error = ${reason} where id = ${id}`

/** What the plan says from now on; no change of the template that a writer must know of. */
export const planTemplate = (
  sql: Sql,
  id: number,
  plan: { next: string | null; nextRun: string | null; made?: number; missed?: number },
) =>
  sql`update recurring_tasks set next_occurrence = ${plan.next}::text::timestamptz,
      next_run_at = ${plan.nextRun}::text::timestamptz, generated = generated + ${plan.made ?? 0},
      missed = missed + ${plan.missed ?? 0}
    where id = ${id}`

export async function setTemplateTags(sql: Sql, userId: string, id: number, tagIds: number[]): Promise<void> {
  await sql`delete from recurring_task_tags where recurring_task_id = ${id} and tag_id <> all(${tagIds}::bigint[])`
  await sql`
    insert into recurring_task_tags (user_id, recurring_task_id, tag_id)
    select ${userId}, ${id}, tag_id from unnest(${tagIds}::bigint[]) as tag_id on conflict do nothing`
}

export const deleteTemplate = (sql: Sql, id: number) => sql`delete from recurring_tasks where id = ${id}`

/** The open tasks of a template, oldest occurrence first. */
export const openInstances = (sql: Sql, userId: string, id: number) =>
  sql<{ id: number }[]>`
    select id from tasks
    where user_id = ${userId} and recurring_task_id = ${id} and status <> 'done' and deleted_at is null
    order by occurrence_at`

/** The user's zone and the database's clock. */
export async function timeOfUser(sql: Sql, userId: string): Promise<{ zone: string; now: Date }> {
  const [row] = await sql<{ zone: string; now: Date }[]>`
    select time_zone as zone, now() as now from users where id = ${userId}`
  return row!
}

export async function countTemplates(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from recurring_tasks where user_id = ${userId}`
  return row!.count
}
