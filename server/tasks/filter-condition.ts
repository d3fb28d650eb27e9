import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import type { DueTest } from '../../shared/filter/ast.ts'
import type { Filter } from '../../shared/filter.ts'
import { priorityNames } from '../../shared/priorities.ts'

/**
 * A filter as one SQL condition on the task `t`. `zone` says which days the dates in it are. Every part is true or
 * false and never null, or a `not` around it would lose the tasks that have no due date or project.
 */
export function filterCondition(sql: Sql, filter: Filter, zone: Fragment): Fragment {
  switch (filter.kind) {
    case 'all':
      return sql`true`
    case 'and':
    case 'or':
      return joined(
        sql,
        filter.parts.map((part) => filterCondition(sql, part, zone)),
        filter.kind,
      )
    case 'not':
      return sql`not ${filterCondition(sql, filter.part, zone)}`
    case 'tag':
      return filter.name === null ? untagged(sql) : taggedAny(sql, [filter.name])
    case 'project':
      return filter.name === null ? sql`t.project is null` : inProject(sql, filter.name)
    case 'status':
      return raw(sql, `t.status = '${filter.status}'`)
    case 'priority':
      return raw(sql, `t.priority_id = ${priorityNames.indexOf(filter.name) + 1}`)
    case 'due':
      return dueCondition(sql, filter.test, filter.when, zone)
    case 'undated':
      return sql`(t.due_date is null and t.due_at is null)`
    case 'overdue':
      return overdue(sql, zone)
    case 'text':
      return containsText(sql, filter.text)
  }
}

function joined(sql: Sql, parts: Fragment[], word: 'and' | 'or'): Fragment {
  const inner = parts.map((part, n) => (n === 0 ? sql`${part}` : sql` ${raw(sql, word)} ${part}`))
  return sql`(${inner})`
}

const keyOf = (name: string) => name.normalize('NFC').toLowerCase()

const untagged = (sql: Sql) => sql`not exists (select from task_tags l where l.task_id = t.id)`

export const taggedAny = (sql: Sql, names: string[]): Fragment =>
  sql`exists (select from task_tags l join tags g on g.id = l.tag_id
    where l.task_id = t.id and g.name_key = any(${[...new Set(names.map(keyOf))]}))`

export const inProject = (sql: Sql, name: string): Fragment =>
  sql`((t.project = ${name} or starts_with(t.project, ${`${name}.`})) is true)`

export function containsText(sql: Sql, text: string): Fragment {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(t.title ilike ${pattern} or t.description ilike ${pattern})`
}

/** An all-day date is late when its day is over. */
export const overdue = (sql: Sql, zone: Fragment): Fragment =>
  sql`(t.status <> 'done' and t.due_key < now() + interval '24 hours'
    and (t.due_at <= now() or ${endOfDate(sql, zone)} <= now()) is true)`

const endOfDate = (sql: Sql, zone: Fragment) => sql`((t.due_date + 1)::timestamp at time zone ${zone})`

/**
 * The tasks that are due on, before … a day or an instant. A day takes the all-day tasks of that date and the timed
 * ones that fall on it in `zone`; towards an instant, an all-day task counts as the end of its day.
 */
export function dueCondition(sql: Sql, test: DueTest, when: string, zone: Fragment): Fragment {
  if (when.includes('T')) {
    // The last moment of the day, so that a day which has ended by then is before it.
    const due = sql`coalesce(t.due_at, ${endOfDate(sql, zone)} - interval '1 microsecond')`
    const at = sql`${when}::timestamptz`
    return sql`(${around(sql, test, at)} (${due} ${raw(sql, comparisons[test])} ${at}) is true)`
  }
  const start = sql`(${when}::date::timestamp at time zone ${zone})`
  const end = sql`((${when}::date + 1)::timestamp at time zone ${zone})`
  const date = sql`t.due_date ${raw(sql, comparisons[test])} ${when}::date`
  const timed = {
    on: () => sql`t.due_at >= ${start} and t.due_at < ${end}`,
    before: () => sql`t.due_at < ${start}`,
    by: () => sql`t.due_at < ${end}`,
    from: () => sql`t.due_at >= ${start}`,
    after: () => sql`t.due_at >= ${end}`,
  }[test]()
  const key = sql`((${when}::date + 1)::timestamp at time zone 'UTC')`
  return sql`(${around(sql, test, key)} (${date} or ${timed}) is true)`
}

/**
 * What follows from a comparison with `key` for `due_key`, so that an index bounds the search. It counts days in UTC:
 * what is due in another zone lies less than a day beside it, and a day has another day before its end.
 */
function around(sql: Sql, test: DueTest, key: Fragment): Fragment {
  const from = sql`t.due_key >= ${key} - interval '48 hours' and`
  const to = sql`t.due_key <= ${key} + interval '24 hours' and`
  if (test === 'on') return sql`${from} ${to}`
  return test === 'from' || test === 'after' ? from : to
}

const comparisons: Record<DueTest, string> = { on: '=', before: '<', by: '<=', from: '>=', after: '>' }
