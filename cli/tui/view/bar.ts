import { escapeControls } from '../../text.ts'
import type { State } from '../model.ts'
import { describedView } from '../state/described.ts'
import { pendingIds } from '../state/pending.ts'
import { crumbs } from '../state/screens.ts'
import { focused } from '../state/select.ts'
import { type Span, safe, span, spread } from './spans.ts'

/** `12 s`, `3 min`, `2 h`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`
}

/** The line on top: where one is, what is filtered and marked, and whether the service is there. */
export function barSpans(state: State, width: number): Span[] {
  const name = state.place === null ? 'todo' : `todo @${escapeControls(state.place)}`
  const way = [name, describedView(state), ...crumbs(state)].join(' › ')
  const filter = state.filter.text === '' ? [] : [span('  /', 'accent'), safe(state.filter.text, 'accent')]
  const marks = state.marks.size === 0 ? [] : [span(`  ●${state.marks.size} marked`, 'mark')]
  const typed = state.typed === '' ? [] : [span(` ${state.typed.trim()} `, 'key')]
  const waiting = pendingIds(state).size
  const pending = waiting === 0 ? [] : [span(`…${waiting} pending `, 'warn')]
  const refused = state.queue.filter((op) => op.state === 'rejected').length
  const rejected = refused === 0 ? [] : [span(`✗${refused} refused: r again, D drop `, 'bad')]
  const since = state.offlineSince
  const net =
    since !== null
      ? span(`⚠ offline ${age(state.now.getTime() - since)}`, 'bad')
      : state.isConnected
        ? span('● live', 'good')
        : span('… connecting', 'warn')
  const place = placeText(state)
  return spread(
    [span(` ${way}`, 'title'), ...filter, ...marks],
    [...typed, ...rejected, ...pending, span(place, 'dim'), net, span(' ')],
    width,
  )
}

function placeText(state: State): string {
  const column = focused(state)
  if (column === undefined || column.items.length === 0 || state.screens.length > 1) return ''
  const { total } = column
  if (column.from === 'start') return `${column.index + 1}/${total ?? '·'}  `
  return total === null ? '' : `${total - column.items.length + column.index + 1}/${total}  `
}
