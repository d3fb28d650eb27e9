import type { NewTask, Task, TaskPatch } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { type Change, emitOf, transact, transactUnlocked, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { requireVersion } from '../precondition.ts'
import { nextOf, updateWithSeries } from '../recurring-tasks/series.ts'
import { type ChangeSet, changesOf } from './changes.ts'
import { insertTask, type StoredTask, type TagChoice, type TaskColumns } from './repository.ts'
import { readTasks, resolveTags } from './write.ts'

/** What to do with a task; null when there is nothing to do. */
export type Decide = (task: Task) => ChangeSet | null

export async function createTask(deps: WriteDeps, change: Change, input: NewTask): Promise<StoredTask> {
  const tags = tagsOf(input) ?? { ids: [] }
  const emit = emitOf(change, 'task.created')
  const insert = (sql: Sql) =>
    insertTask(sql, change.userId, columnsOf(input), tags, emit, change.once ?? null)
  const alone = !change.dryRun && change.within === null
  // The most frequent write takes one round trip: the statement takes the lock and is its own transaction.
  const stored = alone ? await insert(deps.db) : await transactUnlocked(deps, change, insert)
  if (stored === undefined) throw unknownTags()
  if (alone) deps.onCommit()
  return stored
}

export const patching =
  (patch: TaskPatch): Decide =>
  (task) =>
    changesOf(task, columnsOf(patch), tagsOf(patch) ?? tagsAfter(task, patch))

/** The tags of a task with some put on and some taken off; compared without case, as everywhere. */
function tagsAfter(
  task: Task,
  { add_tags: on = [], remove_tags: off = [] }: TaskPatch,
): TagChoice | undefined {
  if (on.length + off.length === 0) return undefined
  const kept = task.tags.map((tag) => tag.name)
  const isNew = (name: string) => !kept.some((one) => one.toLowerCase() === name.toLowerCase())
  const removed = new Set(off.map((name) => name.toLowerCase()))
  return { names: [...kept, ...on.filter(isNew)].filter((name) => !removed.has(name.toLowerCase())) }
}

/** What a replacement does not mention falls back to its default. */
export const replacing =
  (input: NewTask): Decide =>
  (task) =>
    changesOf(task, { ...defaults, ...columnsOf(input) }, tagsOf(input) ?? { ids: [] })

/** Completing a done task, or reopening an open one, changes nothing and is no error. */
export const completing =
  (completed: boolean): Decide =>
  (task) =>
    completed === (task.status === 'done')
      ? null
      : changesOf(task, { status: completed ? 'done' : 'todo' }, undefined)

export const deleting: Decide = () => ({
  type: 'task.deleted',
  columns: { deleted_at: 'now' },
  tags: undefined,
})

const defaults: TaskColumns = {
  description: '',
  status: 'todo',
  priority_id: 2,
  project: null,
  due_date: null,
  due_at: null,
  reminders: ['1d'],
}

export const changeTask = (
  deps: WriteDeps,
  change: Change,
  id: number,
  decide: Decide,
): Promise<StoredTask> => transact(deps, change, (sql) => changeIn(sql, change, id, decide))

/** Answers what comes next beside the task, of the same moment; JSON, as `nextOf` makes it. */
export const completeTask = (
  deps: WriteDeps,
  change: Change,
  id: number,
  completed: boolean,
): Promise<{ task: StoredTask; next: string }> =>
  transact(deps, change, async (sql) => {
    const task = await changeIn(sql, change, id, completing(completed))
    return { task, next: await nextOf(sql, change.userId, task) }
  })

/** Locks, reads, decides, writes. A change that changes nothing makes no version and no event. */
async function changeIn(sql: Sql, change: Change, id: number, decide: Decide): Promise<StoredTask> {
  const before = (await readTasks(sql, change.userId, [id])).get(id)
  if (before === undefined) throw notFound(`Task ${id}`)
  requireVersion(change.ifMatch, before.version)
  const changes = decide(JSON.parse(before.data) as Task)
  if (changes === null) return before
  const [tags] = await resolveTags(sql, change.userId, [changes.tags])
  if (tags === null) throw unknownTags()
  const [after] = await updateWithSeries(sql, change, [{ before, ...changes, tags }])
  // The UPDATE names the version too, so that not even a writer without the lock could be overwritten.
  if (after === undefined) throw new AppError('precondition_failed', 'It was changed meanwhile.')
  return after
}

type PlainColumn = Exclude<keyof TaskColumns, 'priority_id'>

/** Those that a request names as they are stored. */
const plainColumns = Object.keys({
  title: true,
  description: true,
  status: true,
  project: true,
  due_date: true,
  due_at: true,
  reminders: true,
  position: true,
} satisfies Record<PlainColumn, true>) as PlainColumn[]

/** The columns that a request sets; a cleared field gets its default, and one kind of due replaces the other. */
export function columnsOf(input: NewTask | TaskPatch): TaskColumns {
  const { priority, priority_id: id } = input
  const columns: TaskColumns = {}
  for (const name of plainColumns) {
    const value = input[name]
    if (value !== undefined) columns[name] = (value === null ? (defaults[name] ?? null) : value) as never
  }
  if (columns.due_at != null) columns.due_date = null
  if (columns.due_date != null) columns.due_at = null
  if (id === null) columns.priority_id = 2
  else if (id !== undefined || priority !== undefined) columns.priority_id = id ?? priority!
  return columns
}

export function tagsOf(input: NewTask | TaskPatch): TagChoice | undefined {
  if (input.tags) return { names: input.tags }
  return input.tag_ids ? { ids: input.tag_ids } : undefined
}

export const unknownTags = () =>
  new AppError('invalid', 'tag_ids names a tag that does not exist.', {
    hint: 'Send `tags` with names instead; missing ones are made.',
    fields: [{ pointer: '/tag_ids', code: 'not_found', message: 'names a tag that does not exist' }],
  })
