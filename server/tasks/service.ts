import type { NewTask, Task, TaskPatch } from '../../shared/api/task.ts'
import { raw, type Sql } from '../../shared/db/connect.ts'
import { lockUser } from '../../shared/db/outbox.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import { AppError } from '../../shared/errors.ts'
import { type Change, emitOf, rolledBack, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { type ChangeSet, changesOf } from './changes.ts'
import { insertTask, type StoredTask, type TagChoice, type TaskColumns, updateTask } from './repository.ts'

export async function createTask(deps: WriteDeps, change: Change, input: NewTask): Promise<StoredTask> {
  const columns = columnsOf(input)
  const tags = tagsOf(input) ?? { ids: [] }
  const emit = emitOf(change, 'task.created')
  const insert = (sql: Sql) => insertTask(sql, change.userId, columns, tags, emit)
  const stored = change.dryRun ? await rolledBack(deps.db, insert) : await insert(deps.db)
  if (stored === undefined) throw unknownTags()
  deps.onCommit()
  return stored
}

export const patchTask = (
  deps: WriteDeps,
  change: Change,
  id: number,
  patch: TaskPatch,
): Promise<StoredTask> =>
  changeTask(deps, change, id, (task) => changesOf(task, columnsOf(patch), tagsOf(patch)))

/** What a replacement does not mention falls back to its default. */
export const replaceTask = (
  deps: WriteDeps,
  change: Change,
  id: number,
  input: NewTask,
): Promise<StoredTask> =>
  changeTask(deps, change, id, (task) =>
    changesOf(task, { ...defaults, ...columnsOf(input) }, tagsOf(input) ?? { ids: [] }),
  )

/** Completing a done task, or reopening an open one, changes nothing and is no error. */
export const completeTask = (
  deps: WriteDeps,
  change: Change,
  id: number,
  completed: boolean,
): Promise<StoredTask> =>
  changeTask(deps, change, id, (task) => {
    if (completed === (task.status === 'done')) return null
    return changesOf(task, { status: completed ? 'done' : 'todo' }, undefined)
  })

export async function deleteTask(deps: WriteDeps, change: Change, id: number): Promise<void> {
  await changeTask(deps, change, id, () => ({
    type: 'task.deleted',
    columns: { deleted_at: 'now' },
    tags: undefined,
  }))
}

const defaults: TaskColumns = {
  description: '',
  status: 'todo',
  priority_id: 2,
  project: null,
  due_date: null,
  due_at: null,
  reminders: ['1d'],
}

/** Locks, reads, decides, writes. `decide` answers null when there is nothing to do. */
async function changeTask(
  deps: WriteDeps,
  change: Change,
  id: number,
  decide: (task: Task) => ChangeSet | null,
): Promise<StoredTask> {
  const work = async (sql: Sql): Promise<StoredTask> => {
    await lockUser(sql, change.userId)
    const before = await readTask(sql, change.userId, id)
    if (before === undefined) throw notFound(`Task ${id}`)
    const changes = decide(JSON.parse(before.data) as Task)
    if (changes === null) return before
    const emit = emitOf(change, changes.type)
    const after = await updateTask(sql, change.userId, before, changes.columns, changes.tags, emit)
    if (after === undefined) throw unknownTags()
    return after
  }
  const stored = change.dryRun ? await rolledBack(deps.db, work) : ((await deps.db.begin(work)) as StoredTask)
  deps.onCommit()
  return stored
}

async function readTask(sql: Sql, userId: string, id: number): Promise<StoredTask | undefined> {
  const [row] = await sql<StoredTask[]>`
    select t.id, t.version, ${taskJson(sql, 't')}::text as data from tasks t
    where t.user_id = ${userId} and t.id = ${id} and t.deleted_at is null ${raw(sql, 'for update of t')}`
  return row
}

/** The columns that a request sets; a cleared field gets its default, and one kind of due replaces the other. */
function columnsOf(input: NewTask | TaskPatch): TaskColumns {
  const { tags: _tags, tag_ids: _ids, priority, priority_id: id, ...rest } = input
  const columns: TaskColumns = {}
  for (const [name, value] of Object.entries(rest) as [keyof TaskColumns, never][]) {
    if (value !== undefined) columns[name] = (value === null ? (defaults[name] ?? null) : value) as never
  }
  if (columns.due_at != null) columns.due_date = null
  if (columns.due_date != null) columns.due_at = null
  if (id === null) columns.priority_id = 2
  else if (id !== undefined || priority !== undefined) columns.priority_id = id ?? priority!
  return columns
}

function tagsOf(input: NewTask | TaskPatch): TagChoice | undefined {
  if (input.tags) return { names: input.tags }
  return input.tag_ids ? { ids: input.tag_ids } : undefined
}

const unknownTags = () =>
  new AppError('invalid', 'tag_ids names a tag that does not exist.', {
    hint: 'Send `tags` with names instead; missing ones are made.',
    fields: [{ pointer: '/tag_ids', code: 'not_found', message: 'names a tag that does not exist' }],
  })
