import type { Task } from '../../shared/api/task.ts'
import type { TaskEventName } from '../../shared/events.ts'
import type { Logged } from './repository.ts'

/** A task at one end of a change: null where it did not exist. */
export type End = Task | null

/** What a change did to one task, however many events that took. */
export type Effect = { taskId: number; type: TaskEventName; before: End; after: End; last: Task }

/** Folds the events of a change, oldest first, into one effect for each task. */
export function effectsOf(events: Logged[]): Effect[] {
  const effects = new Map<number, Effect>()
  for (const event of events) {
    const last = JSON.parse(event.data) as Task
    const after = event.type === 'task.deleted' ? null : last
    const known = effects.get(event.task_id)
    if (known) Object.assign(known, { after, last })
    else {
      const before = event.previous === null ? null : (JSON.parse(event.previous) as Task)
      const type = event.type as TaskEventName
      effects.set(event.task_id, { taskId: event.task_id, type, before, after, last })
    }
  }
  return [...effects.values()]
}

/** What a person decides about a task; the rest follows from it or is kept by the database. */
const fields = [
  'title',
  'description',
  'status',
  'priority_id',
  'project',
  'due_date',
  'due_at',
  'reminders',
  'position',
  'tags',
] as const
export type Field = (typeof fields)[number]

/** Tags compare by identity: one that was renamed is the same tag. */
const valueOfField = (task: Task, field: Field): string =>
  JSON.stringify(field === 'tags' ? task.tags.map((tag) => tag.id).sort((a, b) => a - b) : task[field])

export const isSame = (a: Task, b: Task, field: Field): boolean =>
  valueOfField(a, field) === valueOfField(b, field)

export const differing = (a: Task, b: Task): Field[] => fields.filter((field) => !isSame(a, b, field))

/** For a person to read: tags by their names. */
export const shown = (task: Task, field: Field): unknown =>
  field === 'tags' ? task.tags.map((tag) => tag.name) : task[field]
