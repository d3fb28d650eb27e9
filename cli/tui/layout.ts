import type { State } from './model.ts'

/** Rows above the cards: the bar with what is shown, and the heads of the columns. Below: a line for words, and keys. */
export const headRows = 2
export const footRows = 2

/** Below this only a line says that there is no room. */
export const smallest = { columns: 20, rows: 5 }

const narrowestColumn = 26
const gap = 1
/** With less room than this a card has one row. */
const roomyRows = 10

export type Strip = { index: number; x: number; width: number }

export type Layout = {
  bodyRows: number
  /** Rows of one card. */
  cardRows: 1 | 2
  /** Cards that fit below each other. */
  capacity: number
  /** The columns that are visible, from left to right. */
  strips: Strip[]
}

export const isTooSmall = ({ size }: Pick<State, 'size'>): boolean =>
  size.columns < smallest.columns || size.rows < smallest.rows

/** Where everything lies. The views draw by it, the mouse is read by it, the reducers scroll by it. */
export function layoutOf(state: Pick<State, 'size' | 'where' | 'columns' | 'focus'>): Layout {
  const { columns: width, rows } = state.size
  const bodyRows = Math.max(1, rows - headRows - footRows)
  const isBoard = state.where.layout === 'board'
  const cardRows = isBoard && bodyRows >= roomyRows ? 2 : 1
  const count = Math.max(1, state.columns.length)
  const fitting = isBoard ? Math.max(1, Math.floor((width + gap) / (narrowestColumn + gap))) : 1
  const visible = Math.min(count, fitting)
  const first = isBoard
    ? Math.max(0, Math.min(state.focus - Math.floor(visible / 2), count - visible))
    : Math.min(state.focus, count - 1)
  const each = Math.floor((width - (visible - 1) * gap) / visible)
  const strips = Array.from({ length: visible }, (_, n) => ({
    index: first + n,
    x: n * (each + gap),
    width: n === visible - 1 ? width - n * (each + gap) : each,
  }))
  return { bodyRows, cardRows, capacity: Math.max(1, Math.floor(bodyRows / cardRows)), strips }
}

/** The rows of each section of the grouped view: the focused one gets what the heads and starts of others leave. */
export function sectionRows(state: Pick<State, 'columns' | 'focus'>, bodyRows: number): number[] {
  const counts = state.columns.map((column) => column.items.length)
  const heads = counts.length
  const free = Math.max(1, bodyRows - heads)
  const wanted = Math.min(counts[state.focus] ?? 0, Math.max(1, free))
  const others = heads > 1 ? Math.floor((free - Math.min(wanted, Math.ceil(free * 0.6))) / (heads - 1)) : 0
  const each = counts.map((count, n) => (n === state.focus ? 0 : Math.min(count, Math.max(0, others))))
  const left = free - each.reduce((sum, rows) => sum + rows, 0)
  return each.map((rows, n) => (n === state.focus ? Math.max(0, left) : rows))
}
