import { displayWidth, escapeControls, truncate } from '../../text.ts'
import { hintsFor, type Keys } from '../keys.ts'
import type { Prompt, State } from '../model.ts'
import { after, before, clustersOf, type Line } from '../state/line.ts'
import { screenOf } from '../state/screens.ts'
import type { Style, Theme } from '../theme.ts'
import { draw, fit, type Span, safe, span, widthOf } from './spans.ts'

/** A line with its cursor, moved so far that the cursor is in sight. */
export function beforeCursor(theme: Theme, label: Span, line: Line, width: number): string {
  const [under = ' ', ...rest] = clustersOf(after(line))
  const room = width - widthOf([label]) - 1
  let left = escapeControls(before(line))
  const clusters = clustersOf(left)
  while (displayWidth(left) > room && clusters.length > 0) {
    clusters.shift()
    left = `…${clusters.slice(1).join('')}`
  }
  const spans = [label, span(left), span(escapeControls(under), 'cursor'), safe(rest.join(''))]
  return draw(theme, fit(spans, width))
}

const question: Partial<Record<Prompt['kind'], (prompt: Prompt) => string>> = {
  confirm: ({ echo }) => ` ${echo} [y/n]`,
  paste: ({ lines }) => ` ${lines.length} lines pasted: y adds ${lines.length} tasks, 1 adds one, n none`,
}

/** The row above the keys: a line being typed, or what is told. */
export function wordRow(theme: Theme, state: State, label: string): string {
  const { prompt, notice } = state
  const { columns: width } = state.size
  if (prompt !== null && prompt.kind !== 'title') {
    const asked = question[prompt.kind]?.(prompt)
    if (asked !== undefined) return draw(theme, fit([safe(asked, 'warn')], width))
    return beforeCursor(theme, span(` ${label} `, 'key'), prompt.line, width)
  }
  if (notice === null) return awayRow(theme, state)
  const sign = { done: '✓', undoable: '✓', info: '·', error: '✗' }[notice.kind]
  const style = { done: 'good', undoable: 'good', info: 'plain', error: 'bad' }[notice.kind] as Style
  const more = notice.detail === null ? '' : '  (! for all of it)'
  const undo = notice.kind === 'undoable' ? '  (u undoes)' : ''
  // A long title gives way to what can be done about it.
  const text = truncate(escapeControls(` ${sign} ${notice.text}`), width - displayWidth(more + undo))
  return draw(theme, fit([span(text, style), span(more + undo, style)], width))
}

/** While the service is away, why. */
function awayRow(theme: Theme, { offlineSince, offlineWhy, size }: State): string {
  if (offlineSince === null || offlineWhy === null) return ' '.repeat(size.columns)
  const [first = ''] = offlineWhy.split('\n')
  const more = first === offlineWhy ? '' : '  (! for all of it)'
  const text = truncate(escapeControls(` ⚠ ${first}`), size.columns - displayWidth(more))
  return draw(theme, fit([span(text, 'bad'), span(more, 'bad')], size.columns))
}

/** The text with the bad spot marked by more than colour. */
function problemSpans({ line, problem }: Prompt): Span[] {
  if (problem === null) return []
  const end = Math.max(problem.end, problem.at + 1)
  const spot = line.text.slice(problem.at, end)
  const place = problem.at === 0 && end >= line.text.length ? '' : ` at “${spot === '' ? 'the end' : spot}”`
  return [safe(` ✗${place} ${problem.message}`, 'bad')]
}

/** The last row: what was understood of the line, or the likeliest keys. */
export function keyRow(theme: Theme, state: State, keys: Keys): string {
  const { prompt } = state
  const { columns: width } = state.size
  if (prompt !== null) {
    const { choices, choice } = prompt
    if (choices.length > 0) {
      const spans = choices.flatMap((one, n) => [span(' '), safe(one, n === choice ? 'selected' : 'dim')])
      return draw(theme, fit(spans, width))
    }
    if (prompt.problem !== null) return draw(theme, fit(problemSpans(prompt), width))
    const echo =
      prompt.echo === '' || question[prompt.kind] !== undefined ? promptHint(prompt) : ` → ${prompt.echo}`
    return draw(theme, fit([safe(echo, 'dim')], width))
  }
  if (screenOf(state).kind === 'form') {
    return draw(theme, fit([span(' Tab next field  Ctrl-S save  Esc leave', 'dim')], width))
  }
  return draw(theme, fit(hintSpans(hintsFor(keys, screenOf(state).kind), width), width))
}

type Hint = ReturnType<typeof hintsFor>[number]

/** As many as there is room for. The last two, help and the way out, stay at every width. */
function hintSpans(hints: Hint[], width: number): Span[] {
  const spansOf = ({ key, word }: Hint) => [span(` ${key}`, 'key'), span(` ${word} `, 'dim')]
  const last = hints.slice(-2).flatMap(spansOf)
  const spans: Span[] = []
  for (const hint of hints.slice(0, -2)) {
    const more = spansOf(hint)
    if (widthOf([...spans, ...more, ...last]) > width) break
    spans.push(...more)
  }
  return [...spans, ...last]
}

function promptHint({ kind }: Prompt): string {
  if (kind === 'confirm' || kind === 'paste') return ''
  if (kind === 'filter') return ' ⏎ keep  Esc clear  ↑ earlier ones  Tab complete'
  return ' ⏎ do it  Esc leave  Tab complete'
}
