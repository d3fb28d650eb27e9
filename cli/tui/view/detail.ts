import type { TaskEvent } from '../../../shared/api/event.ts'
import type { Task } from '../../../shared/api/task.ts'
import { formatDate, relativeDate } from '../../dates/describe.ts'
import { differences, eventWord } from '../../events.ts'
import { dueOf } from '../../format.ts'
import { escapeControls } from '../../text.ts'
import type { Screen, State } from '../model.ts'
import { isOverdue } from '../state/match.ts'
import type { Style, Theme } from '../theme.ts'
import { priorityStyle, statusSign, tagSpans } from './card.ts'
import { linkedRows } from './links.ts'
import { draw, fit, type Span, safe, span, wrap } from './spans.ts'

type Detail = Extract<Screen, { kind: 'detail' }>
const nameWidth = 12

function field(name: string, value: Span[], width: number): Span[] {
  return fit([span(`  ${name.padEnd(nameWidth)}`, 'dim'), ...value], width)
}

function fields(task: Task, view: Pick<State, 'now' | 'timeZone'>): [string, Span[]][] {
  const due = dueOf(task)
  const late = isOverdue(task, view)
  const date = (at: string) => [span(formatDate({ at }, view))]
  const tags = tagSpans(task).flatMap((tag, n) => (n === 0 ? [tag] : [span(' '), tag]))
  const when = due === null ? '' : `${late ? '! ' : ''}${formatDate(due, view)} (${relativeDate(due, view)})`
  const rows: [string, Span[]][] = [
    ['status', [span(`${statusSign[task.status]} ${task.status}`)]],
    ['priority', [span(task.priority.name.toLowerCase(), priorityStyle[task.priority_id] ?? 'plain')]],
    ['due', when === '' ? [] : [span(when, late ? 'bad' : 'plain')]],
    ['tags', tags],
    ['project', task.project === null ? [] : [safe(task.project, 'project')]],
    ['reminders', due === null ? [] : [span(task.reminders.join(' '))]],
    ['recurs', task.recurring_task_id === null ? [] : [span(`↻ by rule ${task.recurring_task_id}`)]],
    ['created', date(task.created_at)],
    ['completed', task.completed_at === null ? [] : date(task.completed_at)],
  ]
  return rows.filter(([, value]) => value.some(({ text }) => text !== ''))
}

export function taskRows(task: Task, view: Pick<State, 'now' | 'timeZone'>, width: number): Span[][] {
  const title = wrap(escapeControls(task.title), Math.max(1, width - 3)).map((row) =>
    fit([span('  '), span(row, 'title')], width),
  )
  const text = escapeControls(task.description, { keepLines: true })
  const note =
    text === ''
      ? []
      : [
          [span(' '.repeat(width))],
          ...linkedRows(text, width - 3).map((row) => fit([span('  '), ...row], width)),
        ]
  return [
    ...title,
    [span(' '.repeat(width))],
    ...fields(task, view).map(([name, value]) => field(name, value, width)),
    ...note,
  ]
}

const eventStyle: Record<string, Style> = {
  'task.completed': 'good',
  'task.deleted': 'bad',
  'task.reopened': 'warn',
}

/** What happened to a task, the newest first, with what is different since. */
export function historyRows(
  events: TaskEvent[],
  view: Pick<State, 'now' | 'timeZone'>,
  width: number,
): Span[][] {
  const shown = { ...view, color: false, width: null }
  return events.flatMap((event) => {
    const when = formatDate({ at: event.timestamp }, view)
    const by = event.source === 'server' ? '' : ` by the ${event.source}`
    const head = fit(
      [
        span(`  ${when}  `, 'dim'),
        span(eventWord(event.event_type), eventStyle[event.event_type] ?? 'plain'),
        span(by, 'dim'),
      ],
      width,
    )
    const change = differences(event, shown)
    const rows = change === '' ? [] : wrap(change, Math.max(1, width - 6))
    return [head, ...rows.map((row) => fit([span('      '), span(row)], width))]
  })
}

const wide = 90

/** Task and history beside each other, or the one that has the focus where there is no room for both. */
export function detailRows(theme: Theme, state: State, screen: Detail, rows: number): string[] {
  const { columns: width } = state.size
  const isWide = width >= wide
  const left = isWide ? Math.floor(width * 0.55) : width
  const right = isWide ? width - left - 1 : width
  const task = screen.task === null ? [[span('  …', 'dim')]] : taskRows(screen.task, state, left)
  const history = screen.history === null ? [[span('  …', 'dim')]] : historyRows(screen.history, state, right)
  const pane = (name: 'task' | 'history', all: Span[][], paneWidth: number) => {
    const isFocused = screen.pane === name
    const head = fit(
      [span(isFocused ? '▸' : ' ', 'accent'), span(name, isFocused ? 'title' : 'dim')],
      paneWidth,
    )
    const top = Math.min(screen.scroll[name], Math.max(0, all.length - (rows - 1)))
    const seen = all.slice(top, top + rows - 1)
    return Array.from({ length: rows }, (_, n) =>
      draw(theme, fit(n === 0 ? head : (seen[n - 1] ?? []), paneWidth)),
    )
  }
  if (!isWide) return screen.pane === 'task' ? pane('task', task, left) : pane('history', history, right)
  const [one, two] = [pane('task', task, left), pane('history', history, right)]
  return one.map((row, n) => `${row}${theme.paint('rule', '│')}${two[n]}`)
}
