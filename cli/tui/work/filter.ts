import { explain, readFilterLine } from '../../filter.ts'
import type { Board } from '../board.ts'
import type { Prompt, State } from '../model.ts'
import { planned } from '../state/columns.ts'
import { planColumns } from '../state/plans.ts'
import { openColumns } from './load.ts'

const typingPauseMs = 60
const mostRemembered = 50

const clockOf = (board: Board) => ({ now: board.context.now(), timeZone: board.context.timeZone() })

/** A filter in words, or what is wrong with it and where. */
export function explainFilter(board: Board, text: string): Pick<Prompt, 'echo' | 'problem'> {
  const found = readFilterLine(text, clockOf(board))
  if ('message' in found) return { echo: '', problem: found }
  return { echo: text.trim() === '' ? '' : explain(found, clockOf(board)), problem: null }
}

const timers = new WeakMap<Board, NodeJS.Timeout>()

/** While typing: the columns follow; a filter that cannot be read leaves the last good result. */
export function setFilter(board: Board, text: string): void {
  const filter = readFilterLine(text, clockOf(board))
  clearTimeout(timers.get(board))
  if ('message' in filter) return
  board.store.update((state) => {
    const next = { ...state, filter: { text, filter, problem: null } }
    return planned(next, planColumns(next.where, filter, next))
  })
  timers.set(
    board,
    setTimeout(() => void openColumns(board), typingPauseMs),
  )
}

/** Enter: the filter stays, and is remembered. */
export function applyFilter(board: Board, text: string): void {
  const { filter } = board.store.get()
  if (filter.text !== text) setFilter(board, text)
  if (text.trim() !== '')
    board.store.update((state) => ({ ...state, filters: remembered(state, text.trim()) }))
}

const remembered = ({ filters }: State, text: string): string[] =>
  [...filters.filter((one) => one !== text), text].slice(-mostRemembered)
