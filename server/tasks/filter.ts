import type { TaskQuery, TaskSort } from '../../shared/api/task.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import { mentions } from '../../shared/filter/ast.ts'
import { parseFilter } from '../../shared/filter.ts'
import { bindOf, type Position, readCursor } from '../cursor.ts'
import {
  containsText,
  dueCondition,
  filterCondition,
  inProject,
  overdue,
  taggedAny,
} from './filter-condition.ts'
import { urgencyKey } from './urgency.ts'

/**
 * How each sort orders, by columns that an index has. Priority ids are seeded in the order of their levels. Tasks
 * without due come last both ways: descending, their infinity counts as the beginning of time.
 */
const sorts: Record<TaskSort, { key: string; descending?: string; type: string }> = {
  due: {
    key: 't.due_key',
    descending: `(case when t.due_key = 'infinity' then '-infinity' else t.due_key end)`,
    type: 'timestamptz',
  },
  priority: { key: 't.priority_id', type: 'bigint' },
  created: { key: 't.created_at', type: 'timestamptz' },
  updated: { key: 't.updated_at', type: 'timestamptz' },
  title: { key: 'lower(t.title)', type: 'text' },
  position: { key: 't.position', type: 'double precision' },
  urgency: { key: urgencyKey, type: 'numeric' },
}

/**
 * The planner does not know how seldom a tag is: along the index of positions it would look for it in one task after
 * the other, up to the last one. An expression has no index, so the tasks with the tag are found first and then sorted.
 */
function hidden(sort: (typeof sorts)[TaskSort], { tag, filter }: TaskQuery): (typeof sorts)[TaskSort] {
  const isTagged = tag !== undefined || (filter !== undefined && mentions(parseFilter(filter), 'tag'))
  return isTagged && sort === sorts.position ? { ...sort, key: '(t.position + 0)' } : sort
}

/** Where a list goes on and how far. `bind` ties a cursor to this path, filter and sort. */
export type Place = { at: Position | null; bind: string; limit: number }

export function placeOf({ cursor, limit = 50, sort, fields: _, ...filter }: TaskQuery, path: string): Place {
  const bind = bindOf(path, sort ?? 'created', filter)
  return { at: readCursor(cursor, bind), bind, limit }
}

export type Order = { key: Fragment; direction: Fragment; after: Fragment }

/** The order of a list and what comes behind `at` in it. */
export function orderOf(sql: Sql, query: TaskQuery, at: Position | null = null): Order {
  const { sort = 'created' } = query
  const descending = sort.startsWith('-')
  const { key, descending: reversed, type } = hidden(sorts[sort.replace(/^-/, '') as TaskSort], query)
  const expression = raw(sql, descending && reversed ? reversed : key)
  const [compare, direction] = descending ? ['<', 'desc'] : ['>', 'asc']
  return {
    key: expression,
    direction: raw(sql, direction!),
    after: at
      ? sql`and (${expression}, t.id) ${raw(sql, compare!)} (${at.key}::text::${raw(sql, type)}, ${at.id}::bigint)`
      : sql``,
  }
}

/** The conditions of a list query. Its dates are days of `time_zone`, of the user's own zone unless it says so. */
export function conditionsOf(sql: Sql, userId: string, query: TaskQuery): Fragment[] {
  const zone =
    query.time_zone === undefined
      ? sql`(select u.time_zone from users u where u.id = ${userId})`
      : sql`${query.time_zone}::text`
  const conditions: Fragment[] = [sql`t.user_id = ${userId} and t.deleted_at is null`]
  const add = (condition: Fragment) => conditions.push(sql` and ${condition}`)
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter)
  if (query.status !== undefined) conditions.push(statusCondition(sql, query.status))
  if (query.id_prefix !== undefined) add(sql`starts_with(t.id::text, ${query.id_prefix})`)
  if (query.priority_id !== undefined) add(sql`t.priority_id = ${query.priority_id}`)
  if (query.priority !== undefined) add(sql`t.priority_id = ${query.priority}`)
  if (query.tag !== undefined) add(tagCondition(sql, query.tag, query.tag_match ?? 'any'))
  if (query.project !== undefined) add(inProject(sql, query.project))
  if (query.due_from !== undefined) add(dueCondition(sql, 'from', query.due_from, zone))
  if (query.due_to !== undefined) add(dueCondition(sql, 'by', query.due_to, zone))
  if (query.overdue !== undefined) {
    add(query.overdue === 'true' ? overdue(sql, zone) : sql`not ${overdue(sql, zone)}`)
  }
  if (query.q !== undefined) add(containsText(sql, query.q))
  if (query.updated_since !== undefined) add(sql`t.updated_at >= ${query.updated_since}::timestamptz`)
  if (query.recurring_task_id !== undefined) add(sql`t.recurring_task_id = ${query.recurring_task_id}`)
  if (filter !== undefined) add(filterCondition(sql, filter, zone))
  return conditions
}

/** Literals, because a partial index is chosen only for a condition that the planner can see. */
function statusCondition(sql: Sql, status: string): Fragment {
  const wanted = new Set(status.split(','))
  if (wanted.size === 3) return sql``
  if (wanted.size === 2 && !wanted.has('done')) return sql` and t.status <> 'done'`
  return raw(sql, ` and t.status in (${[...wanted].map((one) => `'${one}'`).join(', ')})`)
}

function tagCondition(sql: Sql, names: string[], match: 'any' | 'all'): Fragment {
  if (match === 'any') return taggedAny(sql, names)
  const each = names.map((name, n) => sql`${n === 0 ? sql`` : sql` and `}${taggedAny(sql, [name])}`)
  return sql`(${each})`
}
