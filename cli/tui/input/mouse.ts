import type { Board } from '../board.ts'
import { moveInto } from '../commands/change.ts'
import { runCommand } from '../commands/run.ts'
import { headRows, layoutOf } from '../layout.ts'
import type { State } from '../model.ts'
import { screenOf, scrolledScreen } from '../state/screens.ts'
import { focusColumn, scrollBy, selectIndex } from '../state/select.ts'
import { readNew, readOn } from '../work/load.ts'
import type { Input } from './parse.ts'

type MouseInput = Extract<Input, { kind: 'mouse' }>

const doubleClickMs = 400
const wheelRows = 3

type Pressed = { at: number; id: number; column: number; isDragging: boolean }
const pressed = new WeakMap<Board, Pressed>()

/** What lies under a cell: a column, and a card of it by its place in what is loaded. */
export function hit(state: State, x: number, y: number): { column: number; index: number | null } | null {
  const layout = layoutOf(state)
  const strip = layout.strips.find((one) => x >= one.x && x < one.x + one.width)
  if (strip === undefined || y < 1 || y >= headRows + layout.bodyRows) return null
  const column = state.columns[strip.index]
  const row = Math.floor((y - headRows) / layout.cardRows)
  const index = column === undefined ? -1 : column.top + row
  const isCard = y >= headRows && row < layout.capacity && index < (column?.items.length ?? 0)
  return { column: strip.index, index: isCard ? index : null }
}

/** The wheel scrolls what is under it, a click selects, a second one opens, a drag moves the card to another column. */
export function handleMouse(board: Board, { act, x, y, shift }: MouseInput): void {
  const state = board.store.get()
  if (shift || state.prompt !== null) return
  if (act === 'wheel-up' || act === 'wheel-down') {
    wheel(board, act === 'wheel-up' ? -wheelRows : wheelRows, x, y)
    return
  }
  if (screenOf(state).kind !== 'tasks' || state.where.layout === 'grouped') return
  const found = hit(state, x, y)
  const before = pressed.get(board)
  if (act === 'press') press(board, found, before)
  else if (before !== undefined && found !== null && act === 'drag') {
    pressed.set(board, { ...before, isDragging: before.isDragging || found.column !== before.column })
  } else if (before?.isDragging && found !== null && found.column !== before.column) {
    pressed.delete(board)
    moveInto(board, found.column)
  }
}

function press(board: Board, found: ReturnType<typeof hit>, before: Pressed | undefined): void {
  if (found === null) return
  board.store.update((state) => {
    const moved = focusColumn(state, found.column)
    return found.index === null ? moved : selectIndex(moved, found.index)
  })
  readNew(board)
  const id =
    found.index === null ? undefined : board.store.get().columns[found.column]?.items[found.index]?.id
  if (id === undefined) return
  const now = performance.now()
  const isSecond = before?.id === id && now - before.at < doubleClickMs
  pressed.set(board, { at: isSecond ? 0 : now, id, column: found.column, isDragging: false })
  if (isSecond) runCommand(board, 'open', 1)
}

function wheel(board: Board, by: number, x: number, y: number): void {
  board.store.update((state) => {
    if (screenOf(state).kind !== 'tasks') return scrolledScreen(state, by)
    const found = hit(state, x, y)
    return scrollBy(found === null ? state : focusColumn(state, found.column), by)
  })
  readOn(board)
}
