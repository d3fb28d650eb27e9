import type { TaskQuery } from '../../shared/api/task.ts'
import { type Fragment, raw, type Sql, unprepared } from '../../shared/db/connect.ts'
import { type Emit, emitCtes, emitSlots, emitValues, lockUser } from '../../shared/db/outbox.ts'
import { createStatement } from '../../shared/db/statement.ts'
import { tagList, tagsOfPage, taskJson } from '../../shared/db/task-json.ts'
import { type Position, writeCursor } from '../cursor.ts'
import { claimCte, inUse, keepCtes, type Once, onceSlots } from '../idempotency.ts'
import { conditionsOf, orderOf, placeOf } from './filter.ts'

/** A task as stored: its JSON text, and its version for the ETag. */
export type StoredTask = { id: number; version: number; data: string }

/** The columns that a writer sets. Absent keys keep what is there, or take the column's default on insert. */
export type TaskColumns = {
  title?: string
  description?: string
  status?: 'todo' | 'doing' | 'done'
  priority_id?: number
  project?: string | null
  due_date?: string | null
  due_at?: string | null
  reminders?: string[]
  position?: number
}

export type TagChoice = { names: string[] } | { ids: number[] }

export async function findTask(sql: Sql, userId: string, id: number): Promise<StoredTask | undefined> {
  const [row] = await oneTask(sql, null, { userId, id })
  return row
}

const oneTask = createStatement<StoredTask, null>(
  (sql, _, slot) => sql`
    select t.id, t.version, ${taskJson(sql, 't')}::text as data
    from tasks t where t.user_id = ${slot('userId')} and t.id = ${slot('id')} and t.deleted_at is null`,
)

/** The items as JSON texts with `separator` between; `nextCursor` null at the end. */
export type Page = { items: string; nextCursor: string | null }

type PageRow = { items: string; last_key: string | null; last_id: number | null; found: number }

/**
 * One page as JSON text. The order's last key goes into the cursor, so inserts and deletes do not shift it. `limit`
 * may be larger than what a request may ask for.
 */
export async function listTasks(sql: Sql, userId: string, query: TaskQuery, separator = ','): Promise<Page> {
  const { at, bind, limit } = placeOf(query, 'tasks')
  const values = { userId, at, limit, more: limit + 1, separator }
  const [row] = isPlain(query)
    ? await plainList(
        sql,
        { sort: query.sort, status: query.status, goesOn: at !== null },
        { ...values, ...at },
      )
    : await filteredList(sql, query, values)
  const more = row!.found > limit
  return {
    items: row!.items,
    nextCursor: more ? writeCursor(bind, { key: row!.last_key!, id: row!.last_id! }) : null,
  }
}

const isPlain = (query: TaskQuery): boolean =>
  Object.entries(query).every(([name, value]) => value === undefined || plainNames.has(name))
const plainNames = new Set(['sort', 'status', 'limit', 'cursor'])

type PlainShape = Pick<TaskQuery, 'sort' | 'status'> & { goesOn: boolean }

/** The list that people see most: at most of some status, in some order. */
const plainList = createStatement<PageRow, PlainShape>((sql, { goesOn, ...query }, slot) => {
  const at = goesOn ? { key: slot('key'), id: slot('id') } : null
  return pageOf(sql, query, {
    userId: slot('userId'),
    at,
    limit: slot('limit'),
    more: slot('more'),
    separator: slot('separator'),
  })
})

function filteredList(sql: Sql, query: TaskQuery, values: PageValues): Promise<PageRow[]> {
  const statement = sql<PageRow[]>`${pageOf(sql, query, values)}`
  return query.filter === undefined ? statement : unprepared(statement)
}

type PageValues = { userId: string; at: Position | null; limit: number; more: number; separator: string }

/** `more` rows are read to see whether there are any behind the `limit` that are shown. */
function pageOf(sql: Sql, query: TaskQuery, { userId, at, limit, more, separator }: PageValues): Fragment {
  const { key, direction, after } = orderOf(sql, query, at)
  const { fields } = query
  const withTags = fields === undefined || fields.includes('tags')
  const tagged = raw(sql, withTags ? `left join (${tagsOfPage('page')}) g on g.task_id = t.id` : '')
  const item = taskJson(sql, 't', `coalesce(g.tags, '[]')`, fields)
  return sql`
    with page as materialized (
      select t.*, row_number() over (order by ${key} ${direction}, t.id ${direction}) as n, (${key})::text as sort_key
      from tasks t
      where ${conditionsOf(sql, userId, query)} ${after}
      order by ${key} ${direction}, t.id ${direction}
      limit ${more}
    ),
    shown as (select t.n, t.id, t.sort_key, ${item}::text as item from page t ${tagged})
    select coalesce(string_agg(s.item, ${separator} order by s.n) filter (where s.n <= ${limit}), '') as items,
           max(s.sort_key) filter (where s.n = ${limit}) as last_key,
           max(s.id) filter (where s.n = ${limit}) as last_id,
           count(*) as found
    from shown s`
}

/**
 * Task, tags, links, event and publication in one statement, one round trip. Returns nothing when one of the tag ids
 * is not the user's: then nothing was written either.
 */
export async function insertTask(
  sql: Sql,
  userId: string,
  columns: TaskColumns,
  tags: TagChoice,
  emit: Emit,
  once: Once | null = null,
): Promise<StoredTask | undefined> {
  const chosen =
    'ids' in tags ? { ids: tags.ids, least: new Set(tags.ids).size } : { names: tags.names, least: 0 }
  const [stored] = await insertion(
    sql,
    {
      columns: Object.keys(columns),
      isDone: columns.status === 'done',
      tags: 'ids' in tags ? 'ids' : 'names',
      isOnce: once !== null,
    },
    {
      ...columns,
      user_id: userId,
      ...chosen,
      ...emitValues(emit),
      type: emit.type,
      ...(once !== null && onceSlots(once)),
    },
  )
  if (stored?.free === false) throw inUse()
  return stored?.id == null ? undefined : stored
}

type Insertion = { columns: string[]; isDone: boolean; tags: 'ids' | 'names'; isOnce: boolean }

const insertion = createStatement<StoredTask & { free?: boolean }, Insertion>((sql, shape, slot) => {
  const { columns, isDone, tags, isOnce } = shape
  const names = ['user_id', ...columns]
  const values = names.map((name, n) => sql`${n ? sql`,` : sql``}${slot(name)}::${typeOf(sql, name)}`)
  const emit: Emit = { ...emitSlots(slot), type: slot('type') }
  const given: TagChoice = tags === 'ids' ? { ids: slot('ids') } : { names: slot('names') }
  return sql`
    with ${isOnce ? sql`${claimCte(sql, slot)},` : sql``}
    locked as materialized (${lockUser(sql, slot('user_id'))}${isOnce ? sql` from claimed where free` : sql``}),
    ${tagCtes(sql, slot('user_id'), given)},
    task as (
      insert into tasks (${raw(sql, names.join(', '))}${isDone ? sql`, completed_at` : sql``})
      select ${values}${isDone ? sql`, now()` : sql``} from locked
      where (select count(*) from given) >= ${slot('least')}
      returning *
    ),
    linked as (
      insert into task_tags (user_id, task_id, tag_id) select t.user_id, t.id, g.id from task t, given g
    ),
    written as (
      select t.id, t.user_id, t.version, ${taskJson(sql, 't', givenTags)} as data, null as previous from task t
    ),
    ${emitCtes(sql, 'written', emit)}
    ${isOnce ? sql`, ${keepCtes(sql, 'written', slot)}` : sql``}
    select w.id, w.version, w.data::text
    ${isOnce ? sql`, free from claimed left join written w on true` : sql`from written w`}`
})

const givenTags = `(select ${tagList('lower(g.name)')} from given g)`

/** `given`: the tags of the task as id, name and color. Names that are missing are made; ids must be the user's. */
function tagCtes(sql: Sql, userId: string, tags: TagChoice) {
  if ('ids' in tags) {
    return sql`given as (
      select id, name, color from tags where user_id = ${userId} and id = any(${tags.ids}::bigint[]))`
  }
  // The second branch of `made` meets only a tag that another request made after this statement's snapshot.
  return sql`wanted as (select distinct on (lower(name)) name from unnest(${tags.names}::text[]) as name),
    found as (
      select id, name, color from tags
      where user_id = ${userId} and name_key in (select lower(name) from wanted)
    ),
    made as (
      insert into tags (user_id, name)
      select ${userId}, w.name from locked, wanted w where lower(w.name) not in (select lower(name) from found)
      on conflict on constraint tags_name_key do update set name = tags.name
      returning id, name, color
    ),
    given as (select * from found union all select * from made)`
}

const columnTypes: Record<string, string> = {
  user_id: 'uuid',
  priority_id: 'bigint',
  due_date: 'date',
  due_at: 'timestamptz',
  reminders: 'text[]',
  position: 'double precision',
}
const typeOf = (sql: Sql, column: string) => raw(sql, columnTypes[column] ?? 'text')
