import { type Layout, type Strip, sectionRows } from '../layout.ts'
import type { Card, Column, State } from '../model.ts'
import type { Style, Theme } from '../theme.ts'
import { cardRows, type Standing, tableHead, tableRow } from './card.ts'
import { beforeCursor } from './prompt.ts'
import { draw, fit, type Span, safe, span, spread } from './spans.ts'

/** What of the state all rows need, made once for a frame. */
export type Frame = { state: State; theme: Theme; pending: ReadonlySet<number> }

/** A number that is not known yet is `·`; over a limit it has a sign beside its colour. */
export function countText(column: Column, limit: number | undefined): { text: string; isOver: boolean } {
  const total = column.total === null ? '·' : String(column.total)
  if (limit === undefined) return { text: total, isOver: false }
  const isOver = (column.total ?? 0) > limit
  return { text: `${total}/${limit}${isOver ? '!' : ''}`, isOver }
}

function headSpans(frame: Frame, column: Column, index: number, width: number, edge: string): Span[] {
  const { state } = frame
  const { text, isOver } = countText(column, state.limits[column.key])
  const isFocused = index === state.focus
  const name = [span(isFocused ? '▸' : ' ', 'accent'), safe(column.title, isFocused ? 'title' : 'plain')]
  return spread([...name, span(' '), span(text, isOver ? 'bad' : 'dim')], [span(edge, 'accent')], width)
}

function standingOf({ state, pending }: Frame, card: Card, isSelected: boolean): Standing {
  return { isMarked: state.marks.has(card.id), isPending: pending.has(card.id) || card.id < 0, isSelected }
}

function styleOf({ state }: Frame, card: Card, isSelected: boolean, isFocused: boolean): Style | undefined {
  if (isSelected) return isFocused ? 'selected' : 'blurred'
  return state.flashing.has(card.id) ? 'flash' : undefined
}

/** The title of the selected card while it is being changed, in its place. */
function editedRow(frame: Frame, width: number): string {
  const { prompt } = frame.state
  return prompt === null ? '' : beforeCursor(frame.theme, span('▌ ', 'accent'), prompt.line, width)
}

const isEditing = ({ state }: Frame, card: Card) =>
  state.prompt?.kind === 'title' && state.prompt.ids[0] === card.id

const blank = (width: number) => ' '.repeat(Math.max(0, width))

/** Where there is nothing at all, the focused column says what to do about it. */
function emptyText({ columns, focus, filter }: State, column: Column): string {
  if (!column.isLoaded && column.total !== 0) return '  …'
  const isAll =
    columns[focus] === column && columns.every(({ items, total }) => total === 0 && items.length === 0)
  if (!isAll) return '  nothing here'
  return filter.text === '' ? '  nothing here: a adds a task' : '  nothing matches: Esc shows all'
}

/** A column of the board: its head, and the cards that are in sight. */
export function columnRows(frame: Frame, column: Column, strip: Strip, layout: Layout): string[] {
  const { state, theme } = frame
  const { width, index } = strip
  const rows = [draw(theme, headSpans(frame, column, index, width, edgeOf(state, strip, layout)))]
  for (const [n, card] of column.items.slice(column.top, column.top + layout.capacity).entries()) {
    const isSelected = column.top + n === column.index
    const isFocused = index === state.focus
    const standing = standingOf(frame, card, isSelected && isFocused)
    const spans = cardRows(card, standing, state, { width, rows: layout.cardRows })
    const style = styleOf(frame, card, isSelected, isFocused)
    const drawn = spans.map((row) => draw(theme, row, style))
    rows.push(...(isEditing(frame, card) ? [editedRow(frame, width), ...drawn.slice(1)] : drawn))
  }
  if (column.items.length === 0) rows.push(draw(theme, fit([span(emptyText(state, column), 'dim')], width)))
  while (rows.length < layout.bodyRows + 1) rows.push(blank(width))
  return rows.slice(0, layout.bodyRows + 1)
}

/** `<` and `>` where more columns are than fit. */
function edgeOf(state: State, { index }: Strip, { strips }: Layout): string {
  const before = index === strips[0]?.index && index > 0 ? '<' : ''
  const behind = index === strips.at(-1)?.index && index < state.columns.length - 1 ? '>' : ''
  return `${before}${behind}`
}

function taskRow(frame: Frame, column: Column, place: number, isFocused: boolean): string {
  const { state, theme } = frame
  const card = column.items[place]!
  const { columns: width } = state.size
  if (isEditing(frame, card)) return editedRow(frame, width)
  const isSelected = isFocused && place === column.index
  const row = tableRow(card, standingOf(frame, card, isSelected), state, width)
  return draw(theme, row, styleOf(frame, card, isSelected, isFocused))
}

export function listRows(frame: Frame, layout: Layout): string[] {
  const { state, theme } = frame
  const column = state.columns[state.focus]
  const { columns: width } = state.size
  const rows = [draw(theme, tableHead(width))]
  if (column === undefined) return rows
  const end = Math.min(column.items.length, column.top + layout.capacity)
  for (let place = column.top; place < end; place += 1) rows.push(taskRow(frame, column, place, true))
  if (column.items.length === 0) rows.push(draw(theme, fit([span(emptyText(state, column), 'dim')], width)))
  while (rows.length < layout.bodyRows + 1) rows.push(blank(width))
  return rows
}

/** All groups below each other: the focused one in full, of the others their beginning and what is left out. */
export function groupedRows(frame: Frame, layout: Layout): string[] {
  const { state, theme } = frame
  const { columns: width } = state.size
  const counts = sectionRows(state, layout.bodyRows)
  const rows = [draw(theme, tableHead(width))]
  for (const [index, column] of state.columns.entries()) {
    const isFocused = index === state.focus
    const shown = counts[index]!
    const top = isFocused ? column.top : 0
    const end = Math.min(column.items.length, top + shown)
    const hidden = Math.max(0, (column.total ?? column.items.length) - shown)
    const more = hidden > 0 && !isFocused ? `${hidden} more ` : ''
    rows.push(draw(theme, headSpans(frame, column, index, width, more)))
    for (let place = top; place < end; place += 1) rows.push(taskRow(frame, column, place, isFocused))
  }
  while (rows.length < layout.bodyRows + 1) rows.push(blank(width))
  return visibleSections(rows, layout.bodyRows + 1, state.focus)
}

/** With more groups than rows the head of the focused one is kept in sight. */
function visibleSections(rows: string[], most: number, focus: number): string[] {
  if (rows.length <= most) return rows
  const from = Math.min(Math.max(0, focus - 1), rows.length - most)
  return [rows[0]!, ...rows.slice(1 + from, from + most)]
}
