import type { Task } from '../../../shared/api/task.ts'
import { AppError } from '../../../shared/errors.ts'
import { readPriority } from '../../../shared/priorities.ts'
import { formatDate } from '../../dates/describe.ts'
import { dueOf } from '../../format.ts'
import type { Board } from '../board.ts'
import { type Form, type FormField, formFields } from '../model.ts'
import { changed, findCard } from '../state/columns.ts'
import { changedFields, collected, merged, newForm, valuesOf } from '../state/form.ts'
import { lineOf } from '../state/line.ts'
import { tell } from '../state/notices.ts'
import { back, onScreen, opened, screenOf } from '../state/screens.ts'
import { callHooks } from './hooks.ts'
import { guarded } from './load.ts'
import { readDue } from './read-words.ts'
import { detailChanged } from './screens.ts'

/** The due date as words that read back as the same one. */
function dueText(board: Board, task: Task): string {
  const due = dueOf(task)
  return due === null ? '' : formatDate(due, { now: board.context.now(), timeZone: board.context.timeZone() })
}

export const textOf = (board: Board, task: Task): Record<FormField, string> =>
  valuesOf(task, dueText(board, task))

export async function openForm(board: Board, id: number | undefined): Promise<void> {
  if (id === undefined) return
  await guarded(board, async () => {
    const task = await board.context.api('GET /api/{user_id}/tasks/{id}', { params: { id } })
    board.store.update((state) => opened(state, { kind: 'form', form: newForm(task, dueText(board, task)) }))
  })
}

export const setForm = (board: Board, change: (form: Form) => Form): void =>
  board.store.update((state) =>
    onScreen(state, 'form', (screen) => ({ ...screen, form: change(screen.form) })),
  )

type Read = { body: Record<string, unknown> } | { problem: string }

const names = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|[^\s,]+/g)].map(([word, quoted]) => (quoted ?? word).replace(/^\+/, ''))

/** Each field's text as what the service takes. */
const readers: Record<FormField, (board: Board, text: string) => Read> = {
  title: (_board, text) => (text.trim() === '' ? { problem: 'is empty' } : { body: { title: text.trim() } }),
  status: (_board, text) =>
    ['todo', 'doing', 'done'].includes(text.trim())
      ? { body: { status: text.trim() } }
      : { problem: 'is not todo, doing or done' },
  priority: (_board, text) => {
    const priority = readPriority(text.trim() === '' ? 'medium' : text.trim())
    return priority === undefined
      ? { problem: 'is not low, medium, high or critical' }
      : { body: { priority } }
  },
  due: (board, text) => {
    const { fields, problem } = readDue(board, text)
    return fields === null ? { problem: problem?.message ?? 'is no date' } : { body: fields }
  },
  tags: (_board, text) => ({ body: { tags: names(text) } }),
  project: (_board, text) => ({ body: { project: text.trim() === '' ? null : text.trim() } }),
  remind: (_board, text) => ({ body: { reminders: names(text) } }),
  note: (_board, text) => ({ body: { description: text } }),
}

/** Saves what was changed, and nothing else; refused when somebody else changed the task since. */
export async function saveForm(board: Board): Promise<void> {
  const screen = screenOf(board.store.get())
  if (screen.kind !== 'form') return
  const form = collected(screen.form)
  const problems: Form['problems'] = {}
  const body: Record<string, unknown> = {}
  // After a conflict that was looked at, what is typed here wins over what is there now.
  const base = form.theirs ?? form.base
  for (const field of changedFields(form, textOf(board, base))) {
    const read = readers[field](board, form.values[field])
    if ('problem' in read) problems[field] = read.problem
    else Object.assign(body, read.body)
  }
  if (Object.keys(problems).length > 0) {
    const field = formFields.findIndex((name) => problems[name] !== undefined)
    const line = lineOf(form.values[formFields[field]!])
    setForm(board, () => ({ ...form, problems, field, line }))
    return
  }
  if (Object.keys(body).length === 0) {
    board.store.update((state) => tell(back(state), 'info', 'Nothing was changed.'))
    return
  }
  await send(board, form, base, body)
}

async function send(board: Board, form: Form, base: Task, body: Record<string, unknown>): Promise<void> {
  const { api } = board.context
  try {
    const task = await api('PATCH /api/{user_id}/tasks/{id}', {
      params: { id: form.id },
      body: body as never,
      headers: { 'if-match': `"${base.version}"` },
    })
    board.store.update((state) => {
      const next = changed(back(state), findCard(state, task.id), task)
      return tell(next, 'undoable', `Saved: ${task.title}`)
    })
    callHooks(board, `Saved: ${task.title}`, [{ name: 'on-change', task }])
    detailChanged(board, form.id)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'precondition_failed') await showConflict(board, form, base)
    else fault(board, error)
  }
}

async function showConflict(board: Board, form: Form, base: Task): Promise<void> {
  await guarded(board, async () => {
    const theirs = await board.context.api('GET /api/{user_id}/tasks/{id}', { params: { id: form.id } })
    setForm(board, () => merged(form, theirs, textOf(board, base), textOf(board, theirs)))
    board.store.update((state) =>
      tell(
        state,
        'error',
        'Somebody else changed this task meanwhile: theirs stands beside yours. Ctrl-S saves yours.',
      ),
    )
  })
}

const fieldNames: Record<string, FormField> = {
  title: 'title',
  status: 'status',
  priority: 'priority',
  due_date: 'due',
  due_at: 'due',
  tags: 'tags',
  project: 'project',
  reminders: 'remind',
  description: 'note',
}

/** What the service refuses stands beside its field. */
function fault(board: Board, error: AppError): void {
  const problems: Form['problems'] = {}
  for (const { pointer, message } of error.fields) {
    const field = fieldNames[pointer.split('/')[1] ?? '']
    if (field !== undefined) problems[field] = message
  }
  setForm(board, (form) => ({ ...form, problems }))
  board.store.update((state) => tell(state, 'error', `Not saved: ${error.message}`, error.hint ?? null))
}
