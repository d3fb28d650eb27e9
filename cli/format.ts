import type { Task } from '../shared/api/task.ts'
import { formatDate, relativeDate } from './dates/describe.ts'
import { localIso } from './dates/zone.ts'
import { displayWidth, escapeControls, pad, truncate } from './text.ts'

/** How and for whom things are drawn. `width` is null where nothing may be cut. */
export type View = {
  color: boolean
  width: number | null
  now: Date
  timeZone: string
  /** Says in words what columns, marks and colours say; for those who listen to the screen. */
  accessible?: boolean
}

const paint = (code: string) => (text: string, view: Pick<View, 'color'>) =>
  view.color && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text
export const bold = paint('1')
export const dim = paint('2')
export const red = paint('31')
export const green = paint('32')
export const yellow = paint('33')
export const blue = paint('34')
export const cyan = paint('36')

/** Colour is never the only sign: the word or mark is there too. */
const priorityPaint: Record<number, typeof red> = { 1: dim, 2: (text) => text, 3: yellow, 4: red }
const statusMark: Record<Task['status'], string> = { todo: ' ', doing: '▸', done: '✓' }

export const dueOf = (task: Pick<Task, 'due_at' | 'due_date'>): { at: string } | { date: string } | null => {
  if (task.due_at !== null) return { at: task.due_at }
  return task.due_date === null ? null : { date: task.due_date }
}

const isOverdue = (task: Task, { now, timeZone }: View): boolean => {
  if (task.status === 'done') return false
  if (task.due_at !== null) return Date.parse(task.due_at) <= now.getTime()
  return task.due_date !== null && task.due_date < localIso(now, timeZone).slice(0, 10)
}

/** The line of a pipe: id, status, priority, due, title, tags, project, with tabs between and nothing cut. */
export function taskLine(task: Task, view: View): string {
  const due = task.due_at === null ? (task.due_date ?? '') : localIso(task.due_at, view.timeZone)
  return [
    String(task.id),
    task.status,
    task.priority.name.toLowerCase(),
    due,
    task.title,
    task.tags.map((tag) => tag.name).join(' '),
    task.project ?? '',
  ]
    .map((cell) => escapeControls(cell))
    .join('\t')
}

const repeatMark = (task: Task): string => (task.recurring_task_id === null ? '' : ' ↻')

type Column = {
  head: string
  cell: (task: Task) => string
  paint?: (text: string, task: Task) => string
  right?: true
}

const columns = (view: View): Column[] => [
  { head: 'id', cell: (task) => String(task.id), right: true, paint: (text) => dim(text, view) },
  { head: '', cell: (task) => statusMark[task.status], paint: (text) => green(text, view) },
  {
    head: 'priority',
    cell: (task) => (task.priority_id === 2 ? '' : task.priority.name.toLowerCase()),
    paint: (text, task) => (priorityPaint[task.priority_id] ?? dim)(text, view),
  },
  {
    head: 'due',
    cell: (task) => {
      const due = dueOf(task)
      return due === null ? '' : `${isOverdue(task, view) ? '! ' : ''}${formatDate(due, view)}`
    },
    paint: (text, task) => (isOverdue(task, view) ? red(text, view) : text),
  },
  {
    head: 'title',
    cell: (task) => `${escapeControls(task.title)}${repeatMark(task)}`,
    paint: (text, task) => (task.status === 'done' ? dim(text, view) : text),
  },
  {
    head: 'tags',
    cell: (task) => task.tags.map((tag) => `+${escapeControls(tag.name)}`).join(' '),
    paint: (text) => cyan(text, view),
  },
  { head: 'project', cell: (task) => escapeControls(task.project ?? ''), paint: (text) => blue(text, view) },
]

/** `Task 3: Pay rent. High priority. Overdue since Fri 20 Nov. Tagged home. In project house.` */
function taskSentence(task: Task, view: View): string {
  const due = dueOf(task)
  const when = due === null ? '' : formatDate(due, view)
  const parts = [
    `Task ${task.id}: ${escapeControls(task.title)}`,
    { todo: '', doing: 'Being done', done: 'Done' }[task.status],
    task.priority_id === 2 ? '' : `${upperFirst(task.priority.name.toLowerCase())} priority`,
    due === null ? '' : isOverdue(task, view) ? `Overdue since ${when}` : `Due ${when}`,
    task.tags.length === 0 ? '' : `Tagged ${task.tags.map((tag) => escapeControls(tag.name)).join(', ')}`,
    task.project === null ? '' : `In project ${escapeControls(task.project)}`,
  ]
  return `${parts.filter((part) => part !== '').join('. ')}.\n`
}

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

type Filled = Column & { texts: string[] }

const shortestTitle = 10
/** What goes first where there is no room for all. */
const dispensable = ['project', 'tags', 'priority', 'due']

/** As many columns as there is room for; the title gives way first, then whole columns. */
function fitted(all: Filled[], width: number): { cells: Filled[]; widths: number[] } {
  let cells = all
  for (const name of [undefined, ...dispensable]) {
    cells = cells.filter(({ head }) => head !== name)
    const widths = cells.map(({ head, texts }) => Math.max(displayWidth(head), ...texts.map(displayWidth)))
    const title = cells.findIndex(({ head }) => head === 'title')
    const over = widths.reduce((sum, one) => sum + one + 2, -2) - width
    const isEnough = over <= 0 || widths[title]! - over >= Math.min(shortestTitle, widths[title]!)
    if (!isEnough && name !== dispensable.at(-1)) continue
    if (over > 0) widths[title] = Math.max(1, widths[title]! - over)
    return { cells, widths }
  }
  return { cells, widths: [] }
}

/** Aligned columns for a terminal; columns in which no row has anything are left out. */
export function taskTable(tasks: Task[], view: View): string {
  if (view.accessible) return tasks.map((task) => taskSentence(task, view)).join('')
  const filled = columns(view)
    .map((column) => ({ ...column, texts: tasks.map(column.cell) }))
    .filter(({ texts, head }) => head === 'title' || texts.some((text) => text.trim() !== ''))
  const { cells, widths } = fitted(filled, view.width ?? Number.POSITIVE_INFINITY)
  const row = (texts: string[], draw: (text: string, column: number) => string) =>
    texts
      .map((text, n) => {
        const fitted = truncate(text, widths[n]!)
        const last = n === texts.length - 1
        return draw(last ? fitted : pad(fitted, widths[n]!, cells[n]!.right ? 'left' : 'right'), n)
      })
      .join('  ')
      .trimEnd() + '\n'
  const head = row(
    cells.map((cell) => cell.head),
    (text) => dim(text, view),
  )
  const body = tasks.map((task, n) =>
    row(
      cells.map((cell) => cell.texts[n]!),
      (text, column) => cells[column]!.paint?.(text, task) ?? text,
    ),
  )
  return head + body.join('')
}

/** Everything about one task, for `show`. */
export function taskDetail(task: Task, view: View): string {
  const due = dueOf(task)
  const rows: [string, string][] = [
    ['status', task.status],
    ['priority', task.priority.name.toLowerCase()],
    ['due', due === null ? '' : `${formatDate(due, view)} (${relativeDate(due, view)})`],
    ['tags', task.tags.map((tag) => `+${tag.name}`).join(' ')],
    ['project', task.project ?? ''],
    ['reminders', due === null ? '' : task.reminders.join(' ')],
    ['created', formatDate({ at: task.created_at }, view)],
    ['completed', task.completed_at === null ? '' : formatDate({ at: task.completed_at }, view)],
  ]
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  ${dim(name.padEnd(10), view)} ${escapeControls(value)}\n`)
  const note = task.description === '' ? '' : `\n${escapeControls(task.description, { keepLines: true })}\n`
  return `${dim(`#${task.id}`, view)} ${bold(escapeControls(task.title), view)}\n${lines.join('')}${note}`
}

/** What was understood, in one line: `Pay rent · high · Fri 27 Nov (in 6 days) · +home`. */
export function taskEcho(task: Task, view: View): string {
  const due = dueOf(task)
  return [
    `${escapeControls(task.title)}${repeatMark(task)}`,
    task.priority_id === 2 ? '' : task.priority.name.toLowerCase(),
    due === null ? '' : `${formatDate(due, view)} (${relativeDate(due, view)})`,
    task.tags.map((tag) => `+${escapeControls(tag.name)}`).join(' '),
    task.project === null ? '' : `project:${escapeControls(task.project)}`,
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
