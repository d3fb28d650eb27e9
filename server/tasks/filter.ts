import type { TaskQuery, TaskSort } from '../../shared/api/task.ts'
import { type Fragment, raw, type Sql } from '../../shared/db/connect.ts'
import { parseFilter } from '../../shared/filter.ts'
import { bindOf, readCursor } from '../cursor.ts'
import { dueCondition, filterCondition, inProject, overdueCondition, textCondition } from './filter-sql.ts'

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
}

export type Order = { key: Fragment; direction: Fragment; after: Fragment; bind: string; limit: number }

/** The order of a list and where it goes on. `bind` ties a cursor to this path, filter and sort. */
export function orderOf(sql: Sql, query: TaskQuery, path: string): Order {
  const { cursor, limit = 50, sort = 'created', ...filter } = query
  const descending = sort.startsWith('-')
  const { key, descending: reversed, type } = sorts[sort.replace(/^-/, '') as TaskSort]
  const bind = bindOf(path, sort, filter)
  const expression = raw(sql, descending && reversed ? reversed : key)
  const at = readCursor(cursor, bind)
  const [compare, direction] = descending ? ['<', 'desc'] : ['>', 'asc']
  return {
    key: expression,
    direction: raw(sql, direction!),
    after: at
      ? sql`and (${expression}, t.id) ${raw(sql, compare!)} (${at.key}::text::${raw(sql, type)}, ${at.id}::bigint)`
      : sql``,
    bind,
    limit,
  }
}

/** The conditions of a list query. */
export function conditionsOf(sql: Sql, userId: string, query: TaskQuery): Fragment[] {
  const conditions: Fragment[] = [sql`t.user_id = ${userId} and t.deleted_at is null`]
  const add = (fragment: Fragment) => conditions.push(fragment)
  if (query.status !== undefined) add(statusCondition(sql, query.status))
  if (query.priority_id !== undefined) add(sql`and t.priority_id = ${query.priority_id}`)
  if (query.priority !== undefined) add(sql`and t.priority_id = ${query.priority}`)
  if (query.tag !== undefined) add(tagCondition(sql, query.tag, query.tag_match ?? 'any'))
  if (query.project !== undefined) add(sql`and ${inProject(sql, query.project)}`)
  if (query.due_from !== undefined) add(sql`and ${dueCondition(sql, userId, 'from', query.due_from)}`)
  if (query.due_to !== undefined) add(sql`and ${dueCondition(sql, userId, 'by', query.due_to)}`)
  if (query.overdue === 'true') add(sql`and ${overdueCondition(sql, userId)}`)
  if (query.overdue === 'false') add(sql`and ${overdueCondition(sql, userId)} is not true`)
  if (query.q !== undefined) add(sql`and ${textCondition(sql, query.q)}`)
  if (query.filter !== undefined) add(sql`and (${filterCondition(sql, userId, parseFilter(query.filter))})`)
  if (query.updated_since !== undefined) add(sql`and t.updated_at >= ${query.updated_since}::timestamptz`)
  if (query.recurring_task_id !== undefined) add(sql`and t.recurring_task_id = ${query.recurring_task_id}`)
  return conditions
}

/** Literals, because a partial index is chosen only for a condition that the planner can see. */
function statusCondition(sql: Sql, status: string): Fragment {
  const wanted = new Set(status.split(','))
  if (wanted.size === 3) return sql``
  if (wanted.size === 2 && !wanted.has('done')) return sql`and t.status <> 'done'`
  return raw(sql, `and t.status in (${[...wanted].map((one) => `'${one}'`).join(', ')})`)
}

function tagCondition(sql: Sql, names: string[], match: 'any' | 'all'): Fragment {
  const keys = [...new Set(names.map((name) => name.normalize('NFC').toLowerCase()))]
  const tagged = sql`select count(*) from task_tags l join tags g on g.id = l.tag_id
    where l.task_id = t.id and g.name_key = any(${keys})`
  return match === 'all' ? sql`and (${tagged}) = ${keys.length}` : sql`and (${tagged}) > 0`
}
