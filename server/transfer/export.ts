import type { TaskQuery } from '../../shared/api/task.ts'
import { raw, type Sql } from '../../shared/db/connect.ts'
import { writeCursor } from '../cursor.ts'
import { conditionsOf, orderOf, placeOf } from '../tasks/filter.ts'
import { ownUid } from './uid.ts'

const pageRows = 5_000

const iso = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A task without what only means something here (ids, version), and with what recognises it elsewhere. */
const taskRecord = `(select row_to_json(x) from (select
    coalesce(o.uid::text, ${ownUid('t', 'task')}) as uid, t.title, t.description, t.status, t.priority_id,
    (select row_to_json(p) from priorities p where p.id = t.priority_id) as priority,
    coalesce(g.tags, '[]') as tags, t.project, t.due_date, ${iso('t.due_at')} as due_at, t.reminders,
    t.template_uid as recurring_task_uid, ${iso('t.occurrence_at')} as occurrence_at, t.position,
    ${iso('t.created_at')} as created_at, ${iso('t.completed_at')} as completed_at, o.extra) x)`

const templateUid = `coalesce(o.uid::text, ${ownUid('r', 'template')})`

const templateRecord = `(select row_to_json(x) from (select
    ${templateUid} as uid, r.template_title, r.template_description, r.recurrence_pattern, r.interval,
    r.cron_expression, r.rrule, r.time_zone, r.start, r.all_day, r.until, r.count, r.exdates, r.month_day_policy,
    r.catch_up, r.overlap, r.anchor, r.create_ahead, r.priority_id,
    (select coalesce(json_agg(g.name order by g.name_key), '[]') from recurring_task_tags l
     join tags g on g.id = l.tag_id where l.recurring_task_id = r.id) as tags,
    r.project, r.reminders, r.is_active, ${iso('r.next_occurrence')} as next_occurrence, r.generated, r.missed,
    ${iso('r.created_at')} as created_at, o.extra) x)`

/** All records as lines of JSON: templates first, since tasks point at them, then tasks in the order of the user. */
export async function* exportLines(sql: Sql, userId: string, query: TaskQuery): AsyncGenerator<string> {
  const templates = await sql<{ line: string }[]>`
    select ${raw(sql, templateRecord)}::text as line
    from recurring_tasks r left join origins o on o.recurring_task_id = r.id
    where r.user_id = ${userId} order by r.created_at, r.id`
  yield templates.map(({ line }) => `${line}\n`).join('')
  let cursor: string | undefined
  do {
    const page = await exportPage(sql, userId, { ...query, sort: 'position', limit: pageRows, cursor })
    yield page.lines
    cursor = page.next
  } while (cursor !== undefined)
}

async function exportPage(
  sql: Sql,
  userId: string,
  query: TaskQuery,
): Promise<{ lines: string; next: string | undefined }> {
  const { at, bind, limit } = placeOf(query, 'export')
  const { key, after } = orderOf(sql, query, at)
  const [row] = await sql<
    { lines: string; last_key: string | null; last_id: number | null; found: number }[]
  >`
    with page as materialized (
      select t.*, (${key})::text as sort_key,
        (select ${raw(sql, templateUid)} from recurring_tasks r left join origins o on o.recurring_task_id = r.id
         where r.id = t.recurring_task_id) as template_uid
      from tasks t
      where ${conditionsOf(sql, userId, query)} ${after}
      order by ${key}, t.id
      limit ${limit}
    ),
    tagged as (
      select l.task_id, json_agg(json_build_object('name', g.name, 'color', g.color) order by g.name_key) as tags
      from task_tags l join tags g on g.id = l.tag_id where l.task_id in (select id from page) group by l.task_id
    ),
    shown as (
      select t.position, t.id, t.sort_key, ${raw(sql, taskRecord)}::text || E'\n' as line
      from page t left join tagged g on g.task_id = t.id
      left join lateral (select uid, extra from origins where task_id = t.id limit 1) o on true
    )
    select coalesce(string_agg(line, '' order by position, id), '') as lines,
           (array_agg(sort_key order by position desc, id desc))[1] as last_key,
           (array_agg(id order by position desc, id desc))[1] as last_id, count(*) as found
    from shown`
  const isLast = row!.found < limit
  const next = isLast ? undefined : writeCursor(bind, { key: row!.last_key!, id: row!.last_id! })
  return { lines: row!.lines, next }
}
