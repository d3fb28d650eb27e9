import type { Task } from '../../shared/api/task.ts'
import type { TaskEventName } from '../../shared/events.ts'
import type { TagChoice, TaskColumns } from './repository.ts'
import type { Stamps } from './write.ts'

/** What to write for a change, and the event that tells of it. */
export type ChangeSet = {
  type: TaskEventName
  columns: TaskColumns & Stamps
  tags: TagChoice | undefined
}

/**
 * What differs between a task and the wanted columns and tags; null when nothing does. A write that changes nothing
 * makes no version and no event, so repeating one is harmless.
 */
export function changesOf(task: Task, wanted: TaskColumns, tags: TagChoice | undefined): ChangeSet | null {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => !isSame(name, task[name as keyof Task], value),
  )
  const columns: ChangeSet['columns'] = Object.fromEntries(changed)
  const newTags = tags && !sameTags(task, tags) ? tags : undefined
  if (changed.length === 0 && newTags === undefined) return null
  if (columns.status === undefined) return { type: 'task.updated', columns, tags: newTags }
  if (columns.status === 'done') {
    return { type: 'task.completed', columns: { ...columns, completed_at: 'now' }, tags: newTags }
  }
  const reopened = task.status === 'done'
  return {
    type: reopened ? 'task.reopened' : 'task.updated',
    columns: reopened ? { ...columns, completed_at: null } : columns,
    tags: newTags,
  }
}

function isSame(name: string, before: unknown, after: unknown): boolean {
  if (name === 'due_at' && typeof before === 'string' && typeof after === 'string') {
    return Date.parse(before) === Date.parse(after)
  }
  return JSON.stringify(before) === JSON.stringify(after)
}

function sameTags(task: Task, tags: TagChoice): boolean {
  const [before, after] =
    'ids' in tags
      ? [task.tags.map((tag) => String(tag.id)), tags.ids.map(String)]
      : [task.tags.map((tag) => tag.name.toLowerCase()), tags.names.map((name) => name.toLowerCase())]
  const wanted = new Set(after)
  return wanted.size === before.length && before.every((one) => wanted.has(one))
}
