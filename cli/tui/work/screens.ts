import { AppError } from '../../../shared/errors.ts'
import { formatDate } from '../../dates/describe.ts'
import type { Board } from '../board.ts'
import { tell } from '../state/notices.ts'
import { onScreen, opened, screenOf } from '../state/screens.ts'
import { guarded } from './load.ts'

const mostEvents = 100
const mostRows = 100
const mostOccurrences = 5

/** Opens a task: what is known of it at once, the rest and its history as it comes. */
export async function openDetail(board: Board, id: number): Promise<void> {
  board.store.update((state) =>
    opened(state, {
      kind: 'detail',
      id,
      task: null,
      history: null,
      pane: 'task',
      scroll: { task: 0, history: 0 },
    }),
  )
  await readDetail(board, id)
}

export async function readDetail(board: Board, id: number): Promise<void> {
  const { api } = board.context
  await guarded(board, async () => {
    const [task, events] = await Promise.all([
      api('GET /api/{user_id}/tasks/{id}', { params: { id } }),
      api('GET /api/{user_id}/events', { query: { task_id: id, sort: '-id', limit: mostEvents } }),
    ])
    board.store.update((state) =>
      onScreen(state, 'detail', (screen) =>
        screen.id === id ? { ...screen, task, history: events.items } : screen,
      ),
    )
  })
}

/** A changed task is read again where it is open. */
export function detailChanged(board: Board, id: number): void {
  const screen = screenOf(board.store.get())
  if (screen.kind === 'detail' && screen.id === id) void readDetail(board, id)
}

export async function openRecurring(board: Board): Promise<void> {
  board.store.update((state) => opened(state, { kind: 'recurring', items: null, index: 0, next: {} }))
  await readRecurring(board)
}

export async function readRecurring(board: Board): Promise<void> {
  await guarded(board, async () => {
    // The words of rules come with the whole engine of recurrence, so only this screen loads it.
    const [{ ruleText, nextText }, templates] = await Promise.all([
      import('../../templates.ts'),
      board.context.api('GET /api/{user_id}/recurring-tasks', { query: { limit: mostRows } }),
    ])
    const view = { now: board.context.now(), timeZone: board.context.timeZone(), color: false, width: null }
    const items = templates.items.map((template) => ({
      id: template.id,
      title: template.template_title,
      isActive: template.is_active,
      rule: ruleText(template),
      next: nextText(template, view),
    }))
    board.store.update((state) => onScreen(state, 'recurring', (screen) => ({ ...screen, items })))
  })
}

const chosenTemplate = (board: Board) => {
  const screen = screenOf(board.store.get())
  return screen.kind === 'recurring' ? (screen.items?.[screen.index] ?? null) : null
}

/** The next dates of the chosen rule, below it. */
export async function showOccurrences(board: Board): Promise<void> {
  const template = chosenTemplate(board)
  if (template === null) return
  const { id } = template
  const from = new Date().toISOString()
  await guarded(board, async () => {
    const { items } = await board.context.api('GET /api/{user_id}/recurring-tasks/{id}/occurrences', {
      params: { id },
      query: { from, limit: mostOccurrences },
    })
    const view = { now: board.context.now(), timeZone: board.context.timeZone() }
    const dates = items.map(({ at, local }) => formatDate(at === null ? { date: local } : { at }, view))
    board.store.update((state) =>
      onScreen(state, 'recurring', (screen) => ({ ...screen, next: { ...screen.next, [id]: dates } })),
    )
  })
}

type Act = 'pause' | 'resume' | 'skip'

export async function actOnTemplate(board: Board, wanted: 'pause' | 'skip'): Promise<void> {
  const template = chosenTemplate(board)
  if (template === null) return
  const act: Act = wanted === 'skip' ? 'skip' : template.isActive ? 'pause' : 'resume'
  const words: Record<Act, string> = { pause: 'Paused', resume: 'Resumed', skip: 'Skipped the next of' }
  await told(board, `${words[act]}: ${template.title}`, async () => {
    const params = { id: template.id }
    await board.context.api(`POST /api/{user_id}/recurring-tasks/{id}/${act}`, { params })
    await readRecurring(board)
  })
}

export async function openLog(board: Board): Promise<void> {
  board.store.update((state) => opened(state, { kind: 'log', items: null, index: 0 }))
  await readLog(board)
}

export async function readLog(board: Board): Promise<void> {
  await guarded(board, async () => {
    const { items } = await board.context.api('GET /api/{user_id}/deliveries', { query: { limit: mostRows } })
    board.store.update((state) => onScreen(state, 'log', (screen) => ({ ...screen, items })))
  })
}

export async function replayChosen(board: Board): Promise<void> {
  const screen = screenOf(board.store.get())
  const delivery = screen.kind === 'log' ? screen.items?.[screen.index] : undefined
  if (delivery === undefined) return
  await told(board, `Sent again to ${delivery.target}`, async () => {
    await board.context.api('POST /api/{user_id}/deliveries/{id}/replay', { params: { id: delivery.id } })
    await readLog(board)
  })
}

/** Does it and says so, or says why not. */
export async function told(board: Board, done: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    board.store.update((state) => tell(state, 'done', done))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    board.store.update((state) => tell(state, 'error', error.message, error.hint ?? null))
  }
}
