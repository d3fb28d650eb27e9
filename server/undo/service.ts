import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError, type FieldError } from '../../shared/errors.ts'
import { type Change, emitEach, transact, type WriteDeps } from '../change.ts'
import { changesOf } from '../tasks/changes.ts'
import type { StoredTask, TaskColumns } from '../tasks/repository.ts'
import { readTasks, type Stamps, type TaskUpdate, updateTasks } from '../tasks/write.ts'
import { eventsOf, markUnit, nextToRedo, nextToUndo, type Unit } from './repository.ts'
import { differing, type Effect, type End, effectsOf, type Field, isSame, shown } from './states.ts'
import { restoreTags, revertTags } from './tags.ts'
import { removeMade, restoreMade } from './templates.ts'

/** `data` is the task's JSON after it; of a deleted one, as it was last. */
export type Reverted = { event_type: string; task_id: number; data: string }

type Direction = 'undo' | 'redo'

/**
 * Takes back the asker's last changes, or brings the last undone ones again, as ordinary changes of their own. All of
 * it or nothing: where a field was changed since by somebody else, both values are told and nothing is written.
 */
export const revert = (
  deps: WriteDeps,
  change: Change,
  direction: Direction,
  count: number,
): Promise<Reverted[]> =>
  transact(deps, change, async (sql) => {
    const reverted: Reverted[] = []
    for (let n = 0; n < count; n += 1) {
      const unit = await (direction === 'undo' ? nextToUndo : nextToRedo)(sql, change)
      if (unit === undefined) break
      reverted.push(...(await revertUnit(sql, change, unit, direction)))
      await markUnit(sql, change, unit, direction === 'undo')
    }
    return reverted
  })

type Plan = { effect: Effect; expected: End; target: End }

async function revertUnit(sql: Sql, change: Change, unit: Unit, direction: Direction): Promise<Reverted[]> {
  const effects = effectsOf(await eventsOf(sql, change.userId, unit))
  const plans = effects.map((effect): Plan => {
    const [expected, target] =
      direction === 'undo' ? [effect.after, effect.before] : [effect.before, effect.after]
    return { effect, expected, target }
  })
  const emit = { ...emitEach(change), undoes: unit.changeId }
  const touched = await revertTags(sql, change.userId, plans, emit)
  const ids = effects.map((effect) => effect.taskId)
  const made = { change, unit, own: ids, emit }
  if (direction === 'redo') await restoreMade(sql, made)
  const found = await readTasks(sql, change.userId, ids, true)
  const conflicts: FieldError[] = []
  const updates: TaskUpdate[] = []
  for (const plan of plans) {
    const current = found.get(plan.effect.taskId)
    const update = current && (await updateFor(sql, change.userId, plan, current, conflicts))
    if (update) updates.push(update)
  }
  if (conflicts.length > 0) throw changedSince(direction, conflicts)
  const written = updates.length > 0 ? await updateTasks(sql, change.userId, updates, emit) : []
  if (direction === 'undo') await removeMade(sql, made)
  const now = new Map([...touched, ...written].map((task) => [task.id, task.data]))
  return effects
    .filter((effect) => now.has(effect.taskId))
    .map((effect) => ({ event_type: effect.type, task_id: effect.taskId, data: now.get(effect.taskId)! }))
}

type Current = StoredTask & { deleted: boolean }

async function updateFor(
  sql: Sql,
  userId: string,
  { expected, target, effect }: Plan,
  before: Current,
  conflicts: FieldError[],
): Promise<TaskUpdate | null> {
  const current = JSON.parse(before.data) as Task
  if (target === null) {
    if (before.deleted || expected === null) return null
    for (const field of differing(current, expected)) conflicts.push(conflictOf(current, field, undefined))
    return { before, type: 'task.deleted', columns: { deleted_at: 'now' }, tags: undefined }
  }
  if (expected === null) {
    if (!before.deleted) return null
    const columns = { ...columnsFor(current, target, differing(current, target)), deleted_at: null }
    return { before, type: 'task.created', columns, tags: await restoreTags(sql, userId, target.tags) }
  }
  if (before.deleted) {
    conflicts.push({ pointer: '', code: 'deleted', message: `task ${effect.taskId} was deleted since` })
    return null
  }
  const changed = differing(expected, target)
  for (const field of changed) {
    if (!isSame(current, expected, field) && !isSame(current, target, field)) {
      conflicts.push(conflictOf(current, field, target))
    }
  }
  const columns = columnsFor(current, target, changed)
  const tags = changed.includes('tags') ? await restoreTags(sql, userId, target.tags) : undefined
  const changes = changesOf(current, columns, tags && { ids: tags })
  if (changes === null) return null
  return { before, ...changes, columns: { ...changes.columns, ...columns }, tags: changes.tags && tags }
}

/** A task that is done again was done then, not now. */
function columnsFor(current: Task, target: Task, changed: Field[]): TaskColumns & Stamps {
  const columns: TaskColumns & Stamps = {}
  for (const field of changed) {
    if (field !== 'tags') columns[field] = target[field] as never
  }
  if (current.status !== target.status && changed.includes('status'))
    columns.completed_at = target.completed_at
  return columns
}

function conflictOf(current: Task, field: Field, target: Task | undefined): FieldError {
  const now = shown(current, field)
  const wanted = target && shown(target, field)
  const outcome = target === undefined ? 'it would be lost' : `${JSON.stringify(wanted)} would replace it`
  return {
    pointer: `/${field}`,
    code: 'changed_since',
    message: `of task ${current.id} is ${JSON.stringify(now)} now; ${outcome}`,
    current: now,
    ...(target !== undefined && { wanted }),
  }
}

function changedSince(direction: Direction, fields: FieldError[]): AppError {
  const what = fields.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`.trim()).join('; ')
  return new AppError('conflict', `Cannot ${direction}: ${what}.`, {
    hint: 'Somebody else changed it since; edit the task by hand.',
    reason: 'changed_since',
    fields,
  })
}
