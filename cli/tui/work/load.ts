import { AppError } from '../../../shared/errors.ts'
import { formatFilter } from '../../../shared/filter.ts'
import { toListQuery } from '../../filter.ts'
import type { Board } from '../board.ts'
import { layoutOf } from '../layout.ts'
import { type Card, type Column, cardFields, type State } from '../model.ts'
import { wentAway } from '../state/away.ts'
import { capacityOf, counted, extended, type Page, planned, replaced } from '../state/columns.ts'
import { tell } from '../state/notices.ts'
import { reversed } from '../state/order.ts'
import { relaid } from '../state/pending.ts'
import { planColumns } from '../state/plans.ts'
import { focusColumn, moveBy, selected, selectTask, wantsMore } from '../state/select.ts'

/** The most that the service gives in one page. */
const largestPage = 200
/** Questions stay the same while a terminal changes its size a little; see prefetch.ts. */
const pageStep = 32
/** A column that was scrolled further is refreshed by its changes alone. */
const mostRefreshed = 1_000

/** What of the columns is on the screen, and so is asked for. */
export function visibleColumns(state: State): Column[] {
  if (state.where.layout === 'grouped') return state.columns
  return layoutOf(state).strips.flatMap(({ index }) => state.columns[index] ?? [])
}

function queryOf(board: Board, column: Column, from: 'start' | 'end', limit: number) {
  const { query, rest } = toListQuery(column.filter)
  return {
    ...query,
    ...(rest !== '' && { filter: rest }),
    sort: from === 'start' ? column.sort : reversed(column.sort),
    limit: Math.min(limit, largestPage),
    fields: cardFields.join(','),
    time_zone: board.zone,
  }
}

async function readPage(
  board: Board,
  column: Column,
  from: 'start' | 'end',
  limit: number,
  cursor?: string,
): Promise<Page> {
  const query = { ...queryOf(board, column, from, limit), ...(cursor !== undefined && { cursor }) }
  const answer = await board.context.api('GET /api/{user_id}/tasks', { query })
  return { items: answer.items as Card[], more: answer.next_cursor, from }
}

/** As much as is here, so that a refresh takes nothing away from under the selection. */
async function readAgain(board: Board, column: Column, wanted: number): Promise<Page> {
  let page = await readPage(board, column, column.from, wanted)
  while (page.items.length < wanted && page.more !== null) {
    const next = await readPage(board, column, column.from, wanted - page.items.length, page.more)
    page = { ...next, items: [...page.items, ...next.items] }
  }
  return page
}

async function refreshColumn(board: Board, column: Column, epoch: number): Promise<void> {
  if (column.items.length > mostRefreshed) return
  const least = Math.max(capacityOf(board.store.get()) * 2, column.items.length)
  const wanted = Math.ceil(least / pageStep) * pageStep
  const page = await readAgain(board, column, wanted)
  board.store.update((state) => relaid(replaced(state, epoch, column.key, page)))
}

async function refreshCounts(board: Board, epoch: number): Promise<void> {
  const { columns } = board.store.get()
  const filter = columns.map((column) => formatFilter(column.filter))
  const query = { filter, time_zone: board.zone }
  const { counts } = await board.context.api('GET /api/{user_id}/counts', { query })
  const totals = new Map(columns.map((column, n) => [column.key, counts[n]!]))
  board.store.update((state) => counted(state, epoch, totals))
}

/** Failures to read are told once; the stream says when the service is back, and then all is read again. */
export async function guarded(board: Board, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (board.signal.aborted) return
    if (!(error instanceof AppError)) throw error
    board.store.update((state) =>
      error.code === 'unavailable'
        ? wentAway(state, error)
        : tell(state, 'error', error.message, error.hint ?? null),
    )
  }
}

/** Reads what is on the screen again. Counting takes longer the more there is, so `whenRead` does not wait for it. */
export function refresh(board: Board, whenRead: () => void = () => {}): Promise<void> {
  const { epoch } = board.store.get()
  const columns = visibleColumns(board.store.get())
  return guarded(board, () =>
    Promise.all([
      Promise.all(columns.map((column) => refreshColumn(board, column, epoch))).then(whenRead),
      refreshCounts(board, epoch),
    ]),
  )
}

const plansOf = (state: State) => planColumns(state.where, state.filter.filter, state)

/** Makes the columns that view and filter ask for, and reads them. */
export async function openColumns(
  board: Board,
  select: number | null = null,
  whenRead: () => void = () => {},
): Promise<void> {
  const { store } = board
  store.update((state) => planned(state, plansOf(state)))
  await refresh(board, () => {
    store.update((state) => filledColumn(select === null ? state : selectTask(state, select)))
    whenRead()
  })
}

const usesNames = ({ where }: State) =>
  where.layout !== 'list' && (where.by === 'tag' || where.by === 'project')

/** The same where tags or projects may be the columns: they are only once their names are known. */
export async function openNamed(...[board, ...rest]: Parameters<typeof openColumns>): Promise<void> {
  if (usesNames(board.store.get())) await readNames(board)
  await openColumns(board, ...rest)
}

/** Reads what is on the screen again, after changes that may have brought tags and projects. */
export async function renew(board: Board): Promise<void> {
  const { store } = board
  if (usesNames(store.get())) {
    await readNames(board)
    const { columns } = store.get()
    const plans = plansOf(store.get())
    const isSame = plans.length === columns.length && plans.every(({ key }, n) => key === columns[n]!.key)
    if (!isSame) return openColumns(board, selected(store.get())?.id ?? null)
  }
  await refresh(board)
}

/** With nothing where one stands, where something is. */
function filledColumn(state: State): State {
  if (selected(state) !== null) return state
  const filled = state.columns.findIndex((column) => column.items.length > 0)
  return filled < 0 ? state : focusColumn(state, filled)
}

/** Columns that came into sight without having been read. */
export function readNew(board: Board): void {
  const state = board.store.get()
  const unread = visibleColumns(state).filter((column) => !column.isLoaded)
  for (const column of unread) void guarded(board, () => refreshColumn(board, column, state.epoch))
}

/** Steps beyond what is here, to be made when it comes: a held key may be quicker than any page. */
const owed = new WeakMap<Board, number>()

export function owe(board: Board, steps: number): void {
  owed.set(board, Math.max(0, (owed.get(board) ?? 0) + steps))
}

const reading = new WeakMap<Board, Set<string>>()

/** The page behind, or before, what is here, as soon as the selection comes near the edge. */
export function readOn(board: Board): void {
  const state = board.store.get()
  const column = wantsMore(state)
  const busy = reading.get(board) ?? new Set()
  reading.set(board, busy)
  if (column === null || busy.has(column.key)) return
  busy.add(column.key)
  void guarded(board, async () => {
    try {
      const page = await readPage(board, column, column.from, largestPage, column.more!)
      board.store.update((now) =>
        moveBy(relaid(extended(now, state.epoch, column.key, page)), owed.get(board) ?? 0),
      )
      owed.delete(board)
    } finally {
      busy.delete(column.key)
    }
  })
}

/** The other end of a column is read by itself: what lies between is never asked for. */
export async function jumpTo(board: Board, end: 'start' | 'end'): Promise<void> {
  const state = board.store.get()
  const column = state.columns[state.focus]
  if (column === undefined) return
  await guarded(board, async () => {
    const page = await readPage(board, column, end, capacityOf(state) * 3)
    board.store.update((now) => relaid(replaced(now, state.epoch, column.key, page)))
  })
}

/** Tags and projects, for columns, completion and the palette. */
export async function readNames(board: Board): Promise<void> {
  const { api } = board.context
  await guarded(board, async () => {
    const [tags, projects] = await Promise.all([
      api('GET /api/{user_id}/tags', { query: { limit: largestPage } }),
      api('GET /api/{user_id}/projects', { query: { limit: largestPage } }),
    ])
    board.store.update((state) => ({
      ...state,
      tags: tags.items.map(({ name, color }) => ({ name, color })),
      projects: projects.items.map(({ name }) => name),
    }))
  })
}
