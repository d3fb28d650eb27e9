import { priorityNames } from '../../../shared/priorities.ts'
import { formatDate } from '../../dates/describe.ts'
import { dueOf } from '../../format.ts'
import { escapeControls } from '../../text.ts'
import type { Card, State } from '../model.ts'
import { isOverdue } from '../state/match.ts'
import type { Style } from '../theme.ts'
import { fit, type Span, safe, span } from './spans.ts'

/** How a card stands among the others, told by a sign and not by colour alone. */
export type Standing = { isMarked: boolean; isPending: boolean; isSelected: boolean }

export const priorityStyle: Record<number, Style> = { 1: 'dim', 2: 'plain', 3: 'warn', 4: 'bad' }
/** Letters beside the colours. Medium, which most tasks have, has none. */
const prioritySign: Record<number, string> = { 1: 'low', 2: '', 3: '▲high', 4: '▲▲crit' }
export const statusSign: Record<Card['status'], string> = { todo: '○', doing: '▸', done: '✓' }

export function dueSpans(card: Card, view: Pick<State, 'now' | 'timeZone'>): Span[] {
  const due = dueOf(card)
  if (due === null) return []
  const late = isOverdue(card, view)
  return [span(`${late ? '!' : ''}${formatDate(due, view)}`, late ? 'bad' : 'plain')]
}

export const tagSpans = (card: Card): Span[] =>
  card.tags.map((tag) => ({ ...safe(`+${tag.name}`, 'tag'), color: tag.color }))

const separated = (groups: Span[][]): Span[] =>
  groups.filter((group) => group.length > 0).flatMap((group, n) => (n === 0 ? group : [span(' '), ...group]))

export const idText = (card: Card): string => (card.id < 0 ? 'new' : `#${card.id}`)

export const gutter = ({ isMarked, isPending, isSelected }: Standing): Span =>
  span(`${isSelected ? '▌' : ' '}${isMarked ? '●' : isPending ? '…' : ' '}`, isMarked ? 'mark' : 'accent')

const titleSpan = (card: Card): Span =>
  span(
    `${escapeControls(card.title)}${card.recurring_task_id === null ? '' : ' ↻'}`,
    card.status === 'done' ? 'dim' : 'plain',
  )

/** The second row of a card: number, priority, due, tags, project. */
export function metaSpans(card: Card, view: Pick<State, 'now' | 'timeZone'>): Span[] {
  const sign = prioritySign[card.priority_id] ?? priorityNames[card.priority_id - 1] ?? ''
  return separated([
    [span(idText(card), 'dim')],
    sign === '' ? [] : [span(sign, priorityStyle[card.priority_id] ?? 'plain')],
    dueSpans(card, view),
    ...tagSpans(card).map((tag) => [tag]),
    card.project === null ? [] : [safe(card.project, 'project')],
  ])
}

/** A card of one row or two, each exactly `width` columns. */
export function cardRows(
  card: Card,
  standing: Standing,
  view: Pick<State, 'now' | 'timeZone'>,
  { width, rows }: { width: number; rows: 1 | 2 },
): Span[][] {
  const sign = card.status === 'doing' ? span('▸ ', 'good') : span('')
  const late = rows === 1 && isOverdue(card, view) ? [span('!', 'bad')] : []
  const first = fit([gutter(standing), ...late, sign, titleSpan(card)], width)
  if (rows === 1) return [first]
  return [first, fit([span(standing.isSelected ? '▌ ' : '  ', 'accent'), ...metaSpans(card, view)], width)]
}

const cells = { id: 7, sign: 2, priority: 9, due: 18, project: 14 }
/** Below these widths the table leaves a column out. */
const showFrom = { due: 50, priority: 70, tags: 84, project: 100 }

/** The row of a table: number, status, title, priority, due, tags, project. */
export function tableRow(
  card: Card,
  standing: Standing,
  view: Pick<State, 'now' | 'timeZone'>,
  width: number,
): Span[] {
  const parts = tableParts(width)
  const spans = [gutter(standing), ...fit([span(idText(card).replace('#', ''), 'dim')], cells.id)]
  const doing = card.status === 'doing' ? 'good' : 'dim'
  spans.push(
    ...fit([span(statusSign[card.status], doing)], cells.sign),
    ...fit([titleSpan(card)], parts.title),
  )
  if (parts.priority) {
    const sign = prioritySign[card.priority_id] ?? ''
    spans.push(...fit([span(` ${sign}`, priorityStyle[card.priority_id] ?? 'plain')], cells.priority))
  }
  if (parts.due) spans.push(...fit([span(' '), ...dueSpans(card, view)], cells.due))
  if (parts.tags > 0) {
    spans.push(...fit([span(' '), ...separated(tagSpans(card).map((tag) => [tag]))], parts.tags))
  }
  if (parts.project) spans.push(...fit([safe(` ${card.project ?? ''}`, 'project')], cells.project))
  return fit(spans, width)
}

function tableParts(width: number) {
  const priority = width >= showFrom.priority
  const due = width >= showFrom.due
  const project = width >= showFrom.project
  const tags = width >= showFrom.tags ? Math.floor((width - 60) / 3) : 0
  const used =
    2 +
    cells.id +
    cells.sign +
    (priority ? cells.priority : 0) +
    (due ? cells.due : 0) +
    tags +
    (project ? cells.project : 0)
  return { priority, due, project, tags, title: Math.max(4, width - used) }
}

export function tableHead(width: number): Span[] {
  const parts = tableParts(width)
  const head = [
    fit([span('  id')], 2 + cells.id),
    fit([span('')], cells.sign),
    fit([span('title')], parts.title),
    ...(parts.priority ? [fit([span(' priority')], cells.priority)] : []),
    ...(parts.due ? [fit([span(' due')], cells.due)] : []),
    ...(parts.tags > 0 ? [fit([span(' tags')], parts.tags)] : []),
    ...(parts.project ? [fit([span(' project')], cells.project)] : []),
  ]
  return fit(
    head.flat().map((one) => ({ ...one, style: 'dim' })),
    width,
  )
}
