import { layoutOf, sectionRows } from '../layout.ts'
import type { Card, Column, ColumnPlan, State } from '../model.ts'
import { type Clock, matches } from './match.ts'
import { compareBy } from './order.ts'

/** How many cards of the focused column are visible. */
export function capacityOf(state: State): number {
  const { capacity, bodyRows } = layoutOf(state)
  return state.where.layout === 'grouped'
    ? Math.max(1, sectionRows(state, bodyRows)[state.focus] ?? 1)
    : capacity
}

/** Keeps the selection on a card that is there, and in sight. */
export function fitted(column: Column, capacity: number): Column {
  const last = Math.max(0, column.items.length - 1)
  const found =
    column.selectedId === null ? -1 : column.items.findIndex((card) => card.id === column.selectedId)
  const index = found >= 0 ? found : Math.min(column.index, last)
  const most = Math.max(0, column.items.length - capacity)
  const top = Math.max(0, Math.min(column.top, index, most), index - capacity + 1)
  const selectedId = column.items[index]?.id ?? (column.isLoaded ? null : column.selectedId)
  if (index === column.index && top === column.top && selectedId === column.selectedId) return column
  return { ...column, index, top, selectedId }
}

export function withColumns(state: State, change: (column: Column, index: number) => Column): State {
  const capacity = capacityOf(state)
  return { ...state, columns: state.columns.map((column, n) => fitted(change(column, n), capacity)) }
}

export const emptyColumn = (plan: ColumnPlan): Column => ({
  ...plan,
  items: [],
  total: null,
  from: 'start',
  more: null,
  isLoaded: false,
  selectedId: null,
  index: 0,
  top: 0,
})

/**
 * New columns, which keep what is on the screen under the same name until their own is loaded, but only what surely
 * belongs to them: nobody shall act on a task that the filter has just left out.
 */
export function planned(state: State, plans: ColumnPlan[]): State {
  const focused = state.columns[state.focus]
  const columns = plans.map((plan) => {
    const before = state.columns.find((column) => column.key === plan.key)
    if (before === undefined) return emptyColumn(plan)
    const items = before.items.filter((card) => matches(plan.filter, card, state) === true)
    return { ...before, ...plan, items }
  })
  const at = columns.findIndex((column) => column.key === focused?.key)
  const focus = at >= 0 ? at : Math.min(state.focus, columns.length - 1)
  return withColumns({ ...state, columns, focus, epoch: state.epoch + 1 }, (column) => column)
}

export type Page = { items: Card[]; more: string | null; from: 'start' | 'end' }

/** The first page of a column, or of its end. Pending changes have to be laid over it again. */
export function replaced(state: State, epoch: number, key: string, page: Page): State {
  if (epoch !== state.epoch) return state
  return withColumns(state, (column) => {
    if (column.key !== key) return column
    const isTurned = column.from !== page.from
    const items = page.from === 'end' ? [...page.items].reverse() : page.items
    const end = { index: items.length - 1, top: items.length, selectedId: items.at(-1)?.id ?? null }
    const start = { index: 0, top: 0, selectedId: items[0]?.id ?? null }
    const place = !isTurned ? {} : page.from === 'end' ? end : start
    // A column that is here as a whole needs no counting.
    const total = page.more === null ? items.length : column.total
    return { ...column, items, total, more: page.more, from: page.from, isLoaded: true, ...place }
  })
}

/** The page that comes behind what is here, or before it when the column is here from its end. */
export function extended(state: State, epoch: number, key: string, page: Page): State {
  if (epoch !== state.epoch) return state
  return withColumns(state, (column) => {
    if (column.key !== key || column.from !== page.from) return column
    const here = new Set(column.items.map((card) => card.id))
    const fresh = page.items.filter((card) => !here.has(card.id))
    if (page.from === 'start') return { ...column, items: [...column.items, ...fresh], more: page.more }
    const items = [...fresh.reverse(), ...column.items]
    return { ...column, items, more: page.more, top: column.top + fresh.length }
  })
}

export function counted(state: State, epoch: number, totals: ReadonlyMap<string, number>): State {
  if (epoch !== state.epoch) return state
  return {
    ...state,
    columns: state.columns.map((column) => ({ ...column, total: totals.get(column.key) ?? column.total })),
  }
}

/** Where a card belongs among those that are here; null when its place is beyond them. */
function placeIn(column: Column, card: Card, clock: Clock): number | null {
  const compare = compareBy(column.sort, clock.now)
  const at = column.items.findIndex((one) => compare(card, one) < 0)
  const place = at < 0 ? column.items.length : at
  const isBeyond = column.from === 'start' ? place === column.items.length : place === 0
  return isBeyond && column.more !== null && column.items.length > 0 ? null : place
}

const without = (column: Column, index: number): Column => ({
  ...column,
  items: column.items.filter((_, n) => n !== index),
  top: index < column.top ? column.top - 1 : column.top,
})

const withCard = (column: Column, card: Card, place: number): Column => ({
  ...column,
  items: [...column.items.slice(0, place), card, ...column.items.slice(place)],
  top: place < column.top ? column.top + 1 : column.top,
})

/** One task's change in one column; `before` is what it was, as far as anybody knows. */
function changedColumn(column: Column, before: Card | null, after: Card | null, clock: Clock): Column {
  const id = (after ?? before)?.id
  const at = column.items.findIndex((card) => card.id === id)
  const known = at >= 0 ? column.items[at]! : before
  const wasIn = at >= 0 || (before !== null && matches(column.filter, before, clock) === true)
  // Where only the server knows, a card stays where it is.
  const isIn = after !== null && (matches(column.filter, after, clock) ?? wasIn)
  const total = column.total === null ? null : column.total + Number(isIn) - Number(wasIn)
  if (!isIn) return at < 0 ? { ...column, total } : { ...without(column, at), total }
  if (at >= 0 && compareBy(column.sort, clock.now)({ ...known!, id: after.id }, after) === 0) {
    const items = column.items.map((card, n) => (n === at ? { ...card, ...after } : card))
    return { ...column, items, total }
  }
  const rest = at < 0 ? column : without(column, at)
  const place = placeIn(rest, at < 0 ? after : { ...known!, ...after }, clock)
  return { ...(place === null ? rest : withCard(rest, after, place)), total }
}

/** A task that was made, changed or deleted, in every column at once. The selection stays on its task. */
export function changed(state: State, before: Card | null, after: Card | null): State {
  return withColumns(state, (column) => changedColumn(column, before, after, state))
}

export function findCard(state: State, id: number): Card | null {
  for (const column of state.columns) {
    const found = column.items.find((card) => card.id === id)
    if (found !== undefined) return found
  }
  return null
}
