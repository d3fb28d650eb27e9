import { raw, type Sql } from '../../shared/db/connect.ts'
import { type Emit, emitCtes, emitSlots, emitValues } from '../../shared/db/outbox.ts'
import { createStatement } from '../../shared/db/statement.ts'
import { tagsJson, tagsOfIds, taskJson } from '../../shared/db/task-json.ts'
import type { TaskEventName } from '../../shared/events.ts'
import type { StoredTask, TagChoice, TaskColumns } from './repository.ts'

// Many tasks in one statement each. The caller holds the user's lock (shared/db/outbox.ts) in a transaction.

/** Set by the database's clock, like every other stored time, unless an undo brings back what it was. */
export type Stamps = { completed_at?: 'now' | string | null; deleted_at?: 'now' | null }

/** One task to change: what is absent from `columns` stays, `tags` (ids, existing) replace the ones it has. */
export type TaskUpdate = {
  before: StoredTask
  type: TaskEventName
  columns: TaskColumns & Stamps
  tags: number[] | undefined
}

export type TaskInsert = { columns: TaskColumns; tags: number[] }

/** Locks tasks and reads them. `deleted` finds the deleted ones too, for an undo. */
export async function readTasks(
  sql: Sql,
  userId: string,
  ids: number[],
  deleted = false,
): Promise<Map<number, StoredTask & { deleted: boolean }>> {
  if (ids.length === 0) return new Map()
  const rows = await lockedTasks(sql, { deleted }, { userId, ids })
  return new Map(rows.map((row) => [row.id, row]))
}

const lockedTasks = createStatement<StoredTask & { deleted: boolean }, { deleted: boolean }>(
  (sql, { deleted }, slot) => sql`
    select t.id, t.version, t.deleted_at is not null as deleted, ${taskJson(sql, 't')}::text as data from tasks t
    where t.user_id = ${slot('userId')} and t.id = any(${slot('ids')}::bigint[])
      ${deleted ? sql`` : sql`and t.deleted_at is null`}
    order by t.id for update of t`,
)

const columnTypes = {
  title: 'text',
  description: 'text',
  status: 'text',
  priority_id: 'bigint',
  project: 'text',
  due_date: 'date',
  due_at: 'timestamptz',
  position: 'double precision',
  completed_at: 'timestamptz',
  deleted_at: 'timestamptz',
} as const

const textArray = (value: string) => `array(select jsonb_array_elements_text(${value}))`

/** A value of the JSON object `i.set`; the database's clock stands behind the word `now`. */
function setValue(name: keyof typeof columnTypes): string {
  const text = `(i.set ->> '${name}')`
  const value = `${text}::${columnTypes[name]}`
  return name.endsWith('ed_at') ? `case when ${text} = 'now' then now() else ${value} end` : value
}

const assignments = [
  ...Object.keys(columnTypes).map((name) => {
    const value = setValue(name as keyof typeof columnTypes)
    return `${name} = case when i.set ? '${name}' then ${value} else t.${name} end`
  }),
  `reminders = case when i.set ? 'reminders' then ${textArray(`i.set -> 'reminders'`)} else t.reminders end`,
].join(', ')

/** Tag ids of one JSON input; null when it has none. */
const tagIds = `case when jsonb_typeof(e -> 'tags') = 'array'
  then array(select jsonb_array_elements(e -> 'tags')::bigint) end`

/** So many rows a statement, so that none meets the time limit however much one command changes. */
const rowsAtOnce = 2_000

async function inParts<T>(all: T[], write: (part: T[]) => Promise<StoredTask[]>): Promise<StoredTask[]> {
  if (all.length <= rowsAtOnce) return write(all)
  const stored: StoredTask[] = []
  for (let at = 0; at < all.length; at += rowsAtOnce) {
    stored.push(...(await write(all.slice(at, at + rowsAtOnce))))
  }
  return stored
}

/**
 * Changes tasks, each with its event, in the order given. A task whose version is no longer the one that was read is
 * left out of the answer; under the user's lock that happens to nobody.
 */
export const updateTasks = (
  sql: Sql,
  userId: string,
  updates: TaskUpdate[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> => inParts(updates, (part) => updatePart(sql, userId, part, emit))

/** Creates tasks, each with its event, in the order given. */
export const insertTasks = (
  sql: Sql,
  userId: string,
  inserts: TaskInsert[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> => inParts(inserts, (part) => insertPart(sql, userId, part, emit))

function updatePart(
  sql: Sql,
  userId: string,
  updates: TaskUpdate[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> {
  const input = updates.map(({ before, type, columns, tags }) => ({
    id: before.id,
    version: before.version,
    type,
    set: columns,
    tags,
  }))
  // What an undo brings back is created again for everybody who follows the events.
  const previous = updates.map(({ before, type }) => (type === 'task.created' ? null : before.data))
  return updating(sql, null, { userId, input: JSON.stringify(input), previous, ...emitValues(emit) })
}

const updating = createStatement<StoredTask, null>(
  (sql, _, slot) => sql`
    with input as materialized (
      select (e ->> 'id')::bigint as id, (e ->> 'version')::integer as version, e ->> 'type' as type,
             e -> 'set' as set, ${raw(sql, tagIds)} as tag_ids, previous, n
      from rows from (jsonb_array_elements(${slot('input')}::text::jsonb), unnest(${slot('previous')}::text[]))
        with ordinality as x (e, previous, n)
    ),
    task as (
      update tasks t set ${raw(sql, assignments)}, version = t.version + 1, updated_at = now()
      from input i
      where t.user_id = ${slot('userId')} and t.id = i.id and t.version = i.version
      returning t.*, i.type, i.tag_ids, i.previous, i.n
    ),
    unlinked as (
      delete from task_tags l using task t
      where t.tag_ids is not null and l.task_id = t.id and l.tag_id <> all(t.tag_ids)
    ),
    linked as (
      insert into task_tags (user_id, task_id, tag_id)
      select t.user_id, t.id, g.id from task t join tags g on g.user_id = t.user_id and g.id = any(t.tag_ids)
      on conflict do nothing
    ),
    written as materialized (
      select t.id, t.user_id, t.version, t.type, t.previous, t.n,
             ${taskJson(sql, 't', `case when t.tag_ids is null then ${tagsJson('t')} else ${tagsOfIds('t')} end`)} as data
      from task t order by t.n
    ),
    ${emitCtes(sql, 'written', { ...emitSlots(slot), type: 'each' })}
    select id, version, data::text from written order by n`,
)

function insertPart(
  sql: Sql,
  userId: string,
  inserts: TaskInsert[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> {
  const input = inserts.map(({ columns, tags }) => ({ set: columns, tags }))
  // The ids are drawn first, because RETURNING cannot say which input a row came from.
  return sql<StoredTask[]>`
    with input as materialized (
      select nextval(pg_get_serial_sequence('tasks', 'id')) as id, e -> 'set' as set, ${raw(sql, tagIds)} as tag_ids, n
      from jsonb_array_elements(${JSON.stringify(input)}::text::jsonb) with ordinality as x (e, n)
    ),
    made as (
      insert into tasks (id, user_id, title, description, status, priority_id, project, due_date, due_at, position,
                         reminders, completed_at)
      overriding system value
      select i.id, ${userId}, i.set ->> 'title', coalesce(i.set ->> 'description', ''),
             coalesce(i.set ->> 'status', 'todo'), coalesce((i.set ->> 'priority_id')::bigint, 2),
             i.set ->> 'project', (i.set ->> 'due_date')::date, (i.set ->> 'due_at')::timestamptz,
             coalesce((i.set ->> 'position')::double precision, extract(epoch from clock_timestamp())),
             case when i.set ? 'reminders' then ${raw(sql, textArray(`i.set -> 'reminders'`))} else '{1d}' end,
             case when i.set ->> 'status' = 'done' then now() end
      from input i order by i.n
      returning *
    ),
    task as (select m.*, i.tag_ids, i.n from made m join input i on i.id = m.id),
    linked as (
      insert into task_tags (user_id, task_id, tag_id)
      select t.user_id, t.id, g.id from task t join tags g on g.user_id = t.user_id and g.id = any(t.tag_ids)
    ),
    written as materialized (
      select t.id, t.user_id, t.version, t.n, null as previous, ${taskJson(sql, 't', tagsOfIds('t'))} as data
      from task t order by t.n
    ),
    ${emitCtes(sql, 'written', { ...emit, type: 'task.created' })}
    select id, version, data::text from written order by n`
}

/**
 * The ids of the tags that each choice means, in two statements at most: names that are missing are made, ids must be
 * the user's own, else that choice becomes null.
 */
export async function resolveTags(
  sql: Sql,
  userId: string,
  choices: (TagChoice | undefined)[],
): Promise<(number[] | null | undefined)[]> {
  const names = [...new Set(choices.flatMap((choice) => (choice && 'names' in choice ? choice.names : [])))]
  const ids = [...new Set(choices.flatMap((choice) => (choice && 'ids' in choice ? choice.ids : [])))]
  const byName = names.length > 0 ? await ensureTags(sql, userId, names) : new Map<string, number>()
  const own = ids.length > 0 ? await ownTags(sql, userId, ids) : new Set<number>()
  return choices.map((choice) => {
    if (choice === undefined) return undefined
    if ('names' in choice) return [...new Set(choice.names.map((name) => byName.get(name)!))]
    return choice.ids.every((id) => own.has(id)) ? choice.ids : null
  })
}

async function ensureTags(sql: Sql, userId: string, names: string[]): Promise<Map<string, number>> {
  const rows = await sql<{ name: string; id: number }[]>`
    with given as (select name, lower(name) as key from unnest(${names}::text[]) as name),
    found as (select id, name_key from tags where user_id = ${userId} and name_key in (select key from given)),
    made as (
      insert into tags (user_id, name)
      select distinct on (key) ${userId}::uuid, name from given where key not in (select name_key from found)
      -- Met only by a tag that another request made after this statement's snapshot.
      on conflict on constraint tags_name_key do update set name = tags.name
      returning id, name_key
    )
    select g.name, t.id from given g join (select * from found union all select * from made) t on t.name_key = g.key`
  return new Map(rows.map((row) => [row.name, row.id]))
}

async function ownTags(sql: Sql, userId: string, ids: number[]): Promise<Set<number>> {
  const rows = await sql<
    { id: number }[]
  >`select id from tags where user_id = ${userId} and id = any(${ids}::bigint[])`
  return new Set(rows.map((row) => row.id))
}
