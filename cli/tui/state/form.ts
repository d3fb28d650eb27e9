import type { Task } from '../../../shared/api/task.ts'
import { type Form, type FormField, formFields } from '../model.ts'
import { lineOf } from './line.ts'

/** What each field of a task is as text, which reads back as the same value. */
export function valuesOf(task: Task, due: string): Record<FormField, string> {
  return {
    title: task.title,
    status: task.status,
    priority: task.priority.name.toLowerCase(),
    due,
    tags: task.tags.map(({ name }) => (/\s/.test(name) ? `"${name}"` : name)).join(' '),
    project: task.project ?? '',
    remind: task.reminders.join(' '),
    note: task.description,
  }
}

export const newForm = (task: Task, due: string): Form => {
  const values = valuesOf(task, due)
  return {
    id: task.id,
    base: task,
    values,
    field: 0,
    problems: {},
    theirs: null,
    line: lineOf(values.title),
  }
}

const kept = (form: Form): Form['values'] => ({ ...form.values, [formFields[form.field]!]: form.line.text })

/** To another field: what stands in the line is kept in the one that is left. */
export function toField(form: Form, by: number): Form {
  const values = kept(form)
  const field = (form.field + by + formFields.length) % formFields.length
  return { ...form, values, field, line: lineOf(values[formFields[field]!]) }
}

export const collected = (form: Form): Form => ({ ...form, values: kept(form) })

/** Fields that differ from what they were when editing began. */
export const changedFields = (form: Form, before: Record<FormField, string>): FormField[] =>
  formFields.filter((field) => kept(form)[field] !== before[field])

/**
 * After a conflict: of what somebody else changed, everything that was not changed here too is taken over; where both
 * did, the text typed here stays, and theirs is shown beside it.
 */
export function merged(
  form: Form,
  theirs: Task,
  before: Record<FormField, string>,
  now: Record<FormField, string>,
): Form {
  const mine = changedFields(form, before)
  const values = { ...kept(form) }
  for (const field of formFields) if (!mine.includes(field)) values[field] = now[field]
  return { ...form, values, theirs, base: form.base, line: lineOf(values[formFields[form.field]!]) }
}
