import type { Board } from '../board.ts'
import type { Screen, State } from '../model.ts'
import { capacityOf } from '../state/columns.ts'
import { screenOf, scrolledScreen } from '../state/screens.ts'
import { focusColumn, focused, moveBy, scrollBy, selectIndex, step } from '../state/select.ts'
import { jumpTo, owe, readNew, readOn } from '../work/load.ts'

const isTasks = (screen: Screen) => screen.kind === 'tasks'

/** On the tasks the selection moves, on other screens their rows. */
function go(board: Board, by: number): void {
  const before = focused(board.store.get())
  board.store.update((state) => (isTasks(screenOf(state)) ? moveBy(state, by) : scrolledScreen(state, by)))
  const after = focused(board.store.get())
  if (before?.from === 'start' && before.more !== null) owe(board, before.index + by - (after?.index ?? 0))
  readOn(board)
}

const half = (state: State) => Math.max(1, Math.floor(capacityOf(state) / 2))

function scroll(board: Board, by: number): void {
  board.store.update((state) => (isTasks(screenOf(state)) ? scrollBy(state, by) : scrolledScreen(state, by)))
  readOn(board)
}

function toColumn(board: Board, index: (state: State) => number): void {
  board.store.update((state) => focusColumn(state, index(state)))
  readNew(board)
}

/** What is not here from this end is read first. */
function toEnd(board: Board, end: 'start' | 'end'): void {
  const state = board.store.get()
  const column = focused(state)
  const isHere = column === undefined || column.more === null || column.from === end
  if (!isTasks(screenOf(state)) || isHere) {
    const far = end === 'start' ? -1e9 : 1e9
    board.store.update((now) => (isTasks(screenOf(now)) ? selectIndex(now, far) : scrolledScreen(now, far)))
    readOn(board)
  } else void jumpTo(board, end)
}

function nextFilled(state: State, by: 1 | -1): number {
  for (let n = state.focus + by; n >= 0 && n < state.columns.length; n += by) {
    const column = state.columns[n]!
    if (column.total !== 0) return n
  }
  return state.focus
}

export const moveCommands = {
  down: (board: Board, count: number) => go(board, count),
  up: (board: Board, count: number) => go(board, -count),
  left: (board: Board, count: number) => toColumn(board, (state) => state.focus - count),
  right: (board: Board, count: number) => toColumn(board, (state) => state.focus + count),
  first: (board: Board) => toEnd(board, 'start'),
  last: (board: Board) => toEnd(board, 'end'),
  'half-down': (board: Board, count: number) => scroll(board, half(board.store.get()) * count),
  'half-up': (board: Board, count: number) => scroll(board, -half(board.store.get()) * count),
  'page-down': (board: Board, count: number) => scroll(board, capacityOf(board.store.get()) * count),
  'page-up': (board: Board, count: number) => scroll(board, -capacityOf(board.store.get()) * count),
  'scroll-down': (board: Board, count: number) => scroll(board, count),
  'scroll-up': (board: Board, count: number) => scroll(board, -count),
  next: (board: Board) => {
    board.store.update((state) => step(state, 1))
    readOn(board)
  },
  previous: (board: Board) => {
    board.store.update((state) => step(state, -1))
    readOn(board)
  },
  'next-group': (board: Board) => toColumn(board, (state) => nextFilled(state, 1)),
  'previous-group': (board: Board) => toColumn(board, (state) => nextFilled(state, -1)),
}

/** `1` to `9` alone: that column. */
export const jumpToColumn = (board: Board, number: number): void => toColumn(board, () => number - 1)
