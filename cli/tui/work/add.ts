import { AppError } from '../../../shared/errors.ts'
import { priorityNames } from '../../../shared/priorities.ts'
import { askHookAside, hookOf } from '../../hooks.ts'
import type { Board } from '../board.ts'
import type { Card, Entry } from '../model.ts'
import { tell } from '../state/notices.ts'
import { focused } from '../state/select.ts'
import { change, temporaryId } from './change.ts'
import { afterHooks } from './hooks.ts'
import { refresh } from './load.ts'
import { readNew } from './read-words.ts'

/** Adds a quick-add line into the focused column: what the line says itself wins over the column. */
export function addTask(board: Board, text: string): void {
  if (text.trim() === '') return
  const { task, every, reading } = readNew(board, text)
  if (reading.problem !== null) {
    board.store.update((state) => tell(state, 'error', `Not added: ${reading.problem!.message}`))
    return
  }
  if (every !== null) {
    void addRecurring(
      board,
      task as Parameters<typeof change>[1]['operations'][0]['body'] & { title: string },
      every,
    )
    return
  }
  const entry = focused(board.store.get())?.entry ?? null
  const body = withEntry(task as Record<string, unknown>, entry)
  if (hookOf(board.context, 'before-add') === null) addBody(board, body, entry)
  else afterHooks(board, () => askAndAdd(board, body, entry))
}

function addBody(board: Board, body: Record<string, unknown>, entry: Entry | null): void {
  change(board, {
    label: `Added: ${body.title}`,
    operations: [{ op: 'create', body }],
    added: cardOf(body, board, entry),
  })
}

async function askAndAdd(board: Board, body: Record<string, unknown>, entry: Entry | null): Promise<void> {
  try {
    addBody(board, await askHookAside(board.context, body), entry)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    board.store.update((state) => tell(state, 'error', error.message, error.hint ?? null))
  }
}

function withEntry(task: Record<string, unknown>, entry: Entry | null): Record<string, unknown> {
  const given = entry?.body ?? {}
  const saysDue = task.due_at != null || task.due_date != null
  const own = Object.entries(given).filter(([name, value]) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return false
    return !(name in task) && !(name.startsWith('due_') && saysDue)
  })
  const tags = [
    ...((task.tags as string[] | undefined) ?? []),
    ...((given.tags as string[] | undefined) ?? []),
  ]
  return { ...Object.fromEntries(own), ...task, ...(tags.length > 0 && { tags: [...new Set(tags)] }) }
}

/** The card that stands for it until the service has answered. */
function cardOf(body: Record<string, unknown>, board: Board, entry: Entry | null): Card {
  const now = new Date()
  const { tags } = board.store.get()
  const names = (body.tags as string[] | undefined) ?? []
  const priority = priorityNames.indexOf(body.priority as never)
  return {
    id: temporaryId(),
    title: String(body.title),
    status: (body.status as Card['status'] | undefined) ?? entry?.card.status ?? 'todo',
    priority_id: priority >= 0 ? priority + 1 : 2,
    tags: names.map((name) => ({ id: 0, name, color: tags.find((tag) => tag.name === name)?.color ?? null })),
    project: (body.project as string | null | undefined) ?? null,
    due_date: (body.due_date as string | null | undefined) ?? null,
    due_at: (body.due_at as string | null | undefined) ?? null,
    recurring_task_id: null,
    position: now.getTime() / 1000,
    version: 0,
    completed_at: null,
    created_at: now.toISOString(),
    updated_at: now.toISOString(),
  }
}

async function addRecurring(board: Board, task: { title: string }, every: string): Promise<void> {
  try {
    const { addRecurring: add } = await import('../../add-recurring.ts')
    const added = await add(board.context, task, every)
    const what =
      added === null
        ? 'The rule is stored; it makes its first task at its time.'
        : `Added: ${added.task.title}, ${added.again}`
    board.store.update((state) => tell(state, 'undoable', what))
    await refresh(board)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    board.store.update((state) => tell(state, 'error', `Not added: ${error.message}`, error.hint ?? null))
  }
}
