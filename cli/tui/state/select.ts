import type { Card, Column, State } from '../model.ts'
import { capacityOf, fitted } from './columns.ts'

export const focused = (state: State): Column | undefined => state.columns[state.focus]

export const selected = (state: State): Card | null => {
  const column = focused(state)
  return column?.items[column.index] ?? null
}

/** The tasks that an action is about: the marked ones, else the selected one. */
export function targets(state: State): number[] {
  if (state.marks.size > 0) return [...state.marks]
  const card = selected(state)
  return card === null ? [] : [card.id]
}

function at(state: State, index: number): State {
  const capacity = capacityOf(state)
  return {
    ...state,
    columns: state.columns.map((column, n) => {
      if (n !== state.focus) return column
      const place = Math.max(0, Math.min(index, column.items.length - 1))
      return fitted({ ...column, index: place, selectedId: column.items[place]?.id ?? null }, capacity)
    }),
  }
}

export const selectIndex = at
export const moveBy = (state: State, by: number): State => at(state, (focused(state)?.index ?? 0) + by)

/** As `ctrl-d`: the selection and what is shown move together. */
export function scrollBy(state: State, by: number): State {
  const column = focused(state)
  if (column === undefined) return state
  const moved = {
    ...state,
    columns: state.columns.map((one) => (one === column ? { ...one, top: one.top + by } : one)),
  }
  return at(moved, column.index + by)
}

export function focusColumn(state: State, index: number): State {
  const focus = Math.max(0, Math.min(index, state.columns.length - 1))
  if (focus === state.focus) return state
  const next = { ...state, focus }
  // In the sections of the grouped view the room of a column depends on the focus.
  const capacity = capacityOf(next)
  return { ...next, columns: next.columns.map((column) => fitted(column, capacity)) }
}

/** Selects a task wherever it is; answers the same state when it is nowhere. */
export function selectTask(state: State, id: number): State {
  const focus = state.columns.findIndex((column) => column.items.some((card) => card.id === id))
  if (focus < 0) return state
  const moved = focusColumn(state, focus)
  return at(
    moved,
    moved.columns[focus]!.items.findIndex((card) => card.id === id),
  )
}

/** The next card, in the next column when this one ends. */
export function step(state: State, by: 1 | -1): State {
  const column = focused(state)
  if (column === undefined) return state
  const index = column.index + by
  if (index >= 0 && index < column.items.length) return at(state, index)
  for (let focus = state.focus + by; focus >= 0 && focus < state.columns.length; focus += by) {
    const { length } = state.columns[focus]!.items
    if (length > 0) return at(focusColumn(state, focus), by > 0 ? 0 : length - 1)
  }
  return state
}

export function toggleMarks(state: State, ids: number[]): State {
  const marks = new Set(state.marks)
  const all = ids.every((id) => marks.has(id))
  for (const id of ids) {
    if (all) marks.delete(id)
    else marks.add(id)
  }
  return { ...state, marks }
}

/** More of a column is wanted when its selection comes near the edge of what is here. */
export function wantsMore(state: State): Column | null {
  const column = focused(state)
  if (column === undefined || column.more === null) return null
  const ahead = capacityOf(state) * 2
  const left = column.from === 'start' ? column.items.length - 1 - column.index : column.index
  return left < ahead ? column : null
}
