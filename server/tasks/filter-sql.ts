import { priorityIdOf } from '../../shared/api/priority.ts'
import type { Fragment, Sql } from '../../shared/db/connect.ts'
import { raw } from '../../shared/db/connect.ts'
import type { DueTest, Filter } from '../../shared/filter/ast.ts'

/** The filter language as a condition on a row `t` of `tasks`. What people typed becomes parameters. */
export function filterCondition(sql: Sql, userId: string, filter: Filter): Fragment {
  const inner = (part: Filter) => filterCondition(sql, userId, part)
  switch (filter.kind) {
    case 'all':
      return sql`true`
    case 'and':
    case 'or':
      return joined(sql, filter.kind, filter.parts.map(inner))
    case 'not':
      // A condition on a field that is null is neither true nor false.
      return sql`(${inner(filter.part)}) is not true`
    case 'tag':
      return filter.name === null ? sql`not exists (${tagsOf(sql)})` : tagged(sql, filter.name)
    case 'project':
      return filter.name === null ? sql`t.project is null` : inProject(sql, filter.name)
    case 'status':
      return raw(sql, `t.status = '${filter.status}'`)
    case 'priority':
      return sql`t.priority_id = ${priorityIdOf(filter.name)!}`
    case 'due':
      return dueCondition(sql, userId, filter.test, filter.when)
    case 'undated':
      return sql`t.due_date is null and t.due_at is null`
    case 'overdue':
      return overdueCondition(sql, userId)
    case 'text':
      return textCondition(sql, filter.text)
  }
}

const joined = (sql: Sql, word: 'and' | 'or', parts: Fragment[]): Fragment =>
  parts.slice(1).reduce((all, part) => sql`${all} ${raw(sql, word)} (${part})`, sql`(${parts[0]!})`)

const tagsOf = (sql: Sql): Fragment =>
  raw(sql, 'select from task_tags l join tags g on g.id = l.tag_id where l.task_id = t.id')

const tagged = (sql: Sql, name: string): Fragment =>
  sql`exists (${tagsOf(sql)} and g.name_key = lower(${name.normalize('NFC')}::text))`

/** A project takes those below it. */
export const inProject = (sql: Sql, name: string): Fragment =>
  sql`(t.project = ${name} or starts_with(t.project, ${name + '.'}))`

export function textCondition(sql: Sql, text: string): Fragment {
  const pattern = '%' + text.replaceAll(/[\\%_]/g, '\\$&') + '%'
  return sql`(t.title ilike ${pattern} or t.description ilike ${pattern})`
}

/** Days are the user's own: they begin and end by the clock where they live. */
const zoneOf = (sql: Sql, userId: string): Fragment =>
  sql`(select u.time_zone from users u where u.id = ${userId})`

/**
 * A due against a date (that day of the user) or an instant. An all-day due ends with its day. The coarse bound on
 * `due_key` says the same to within a day, in the words of the index.
 */
export function dueCondition(sql: Sql, userId: string, test: DueTest, when: string): Fragment {
  const zone = zoneOf(sql, userId)
  if (!when.includes('T')) return dayCondition(sql, zone, test, when)
  const end = sql`((t.due_date + 1)::timestamp at time zone ${zone})`
  const at = sql`${when}::timestamptz`
  switch (test) {
    case 'on':
      return sql`t.due_at = ${at}`
    case 'before':
      return sql`(t.due_at < ${at} or ${end} <= ${at})`
    case 'by':
      return sql`(t.due_at <= ${at} or ${end} <= ${at})`
    case 'from':
      return sql`(t.due_at >= ${at} or ${end} > ${at})`
    case 'after':
      return sql`(t.due_at > ${at} or ${end} > ${at})`
  }
}

function dayCondition(sql: Sql, zone: Fragment, test: DueTest, day: string): Fragment {
  const date = sql`${day}::text::date`
  const begin = sql`(${date}::timestamp at time zone ${zone})`
  const end = sql`((${date} + 1)::timestamp at time zone ${zone})`
  const noLater = sql`t.due_key <= (${date} + 2)::timestamptz`
  const noEarlier = sql`t.due_key >= (${date} - 1)::timestamptz and t.due_key < 'infinity'`
  switch (test) {
    case 'on':
      return sql`${noEarlier} and ${noLater} and (t.due_date = ${date} or (t.due_at >= ${begin} and t.due_at < ${end}))`
    case 'before':
      return sql`${noLater} and (t.due_date < ${date} or t.due_at < ${begin})`
    case 'by':
      return sql`${noLater} and (t.due_date <= ${date} or t.due_at < ${end})`
    case 'from':
      return sql`${noEarlier} and (t.due_date >= ${date} or t.due_at >= ${begin})`
    case 'after':
      return sql`${noEarlier} and (t.due_date > ${date} or t.due_at >= ${end})`
  }
}

/** Open, and its time has come, or its day is over where the user lives. */
export const overdueCondition = (sql: Sql, userId: string): Fragment =>
  sql`(t.status <> 'done' and t.due_key <= now() + interval '1 day'
    and (t.due_at <= now() or t.due_date < (now() at time zone ${zoneOf(sql, userId)})::date))`
