import type { Task } from '../shared/api/task.ts'
import type { CliConfig } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import type { GlobalFlags } from './context.ts'
import { usage } from './errors.ts'
import { pickedFields } from './fields.ts'
import { taskLine, taskTable, type View } from './format.ts'
import { page } from './pager.ts'
import { hasColor, type Terminal, widthOf } from './terminal.ts'
import { aligned } from './text.ts'

export type Mode = 'text' | 'json' | 'ndjson' | 'csv' | 'quiet'

/** The answer goes to stdout and nothing else does; everything besides is a note on stderr. */
export type Out = {
  mode: Mode
  /** Many things: always an array in JSON. */
  list: <T extends { id: number }>(items: T[], shape: Shape<T>) => void
  /** The same when they come bit by bit. */
  rows: <T extends { id: number }>(shape: Shape<T>) => Rows<T>
  /** One thing, named by the form of the command: an object in JSON. */
  one: <T extends { id: number }>(item: T, text: string, columns?: Columns<T>) => void
  /** A value without an id: an object in JSON, else its text. */
  value: (value: unknown, text: string) => void
  text: (text: string) => void
  /** Text that may be longer than the screen: through the pager on a terminal. */
  long: (text: string) => void
  note: (text: string) => void
  view: () => View
}

export type Columns<T> = Record<string, (item: T) => unknown>
export type Shape<T> = { line: (item: T) => string; table?: (items: T[]) => string; columns: Columns<T> }

/** `raw` takes the lines of JSON as the service wrote them. `end` is always called. */
export type Rows<T> = { items: (items: T[]) => void; raw: (lines: string[]) => void; end: () => void }

export function modeOf(flags: Pick<GlobalFlags, 'json' | 'ndjson' | 'csv' | 'quiet'>): Mode {
  const wanted = [
    flags.json !== undefined && ('json' as const),
    flags.ndjson && ('ndjson' as const),
    flags.csv && ('csv' as const),
    flags.quiet && ('quiet' as const),
  ].filter((mode) => mode !== false)
  if (wanted.length > 1)
    throw usage(`--${wanted[0]} and --${wanted[1]} exclude each other.`, 'Use one of them.')
  return wanted[0] ?? 'text'
}

export function createOut(
  terminal: Terminal,
  config: CliConfig,
  flags: GlobalFlags,
  time: Pick<View, 'now' | 'timeZone' | 'accessible'>,
): Out {
  const mode = modeOf(flags)
  const fields = pickedFields(flags.json, undefined)
  const write = (text: string) => void terminal.stdout.write(text)
  const picked = (item: unknown): unknown => {
    if (fields === null || item === null) return item
    return Array.isArray(item) ? item.map(picked) : pick(item as Record<string, unknown>, fields)
  }
  const isTerminal = terminal.stdout.isTTY === true
  const long = (text: string) => (flags.pager ? page(text, terminal, config) : write(text))
  let view: View | undefined
  const rows = <T extends { id: number }>(shape: Shape<T>) => createRows(mode, shape, write, picked)
  return {
    mode,
    rows,
    list: (items, shape) => {
      if (mode === 'text' && isTerminal && items.length > 0)
        return write(shape.table ? shape.table(items) : aligned(items.map(shape.line)))
      const all = rows(shape)
      all.items(items)
      all.end()
    },
    one: (item, text, columns) => {
      if (mode === 'json') return write(JSON.stringify(picked(item), null, isTerminal ? 2 : undefined) + '\n')
      if (mode === 'ndjson') return write(JSON.stringify(picked(item)) + '\n')
      if (mode === 'csv') return write(csv([item], columns ?? columnsOf(item)))
      if (mode === 'quiet') return write(`${item.id}\n`)
      return write(text)
    },
    value: (value, text) => {
      if (mode === 'json')
        return write(JSON.stringify(picked(value), null, isTerminal ? 2 : undefined) + '\n')
      if (mode === 'ndjson') return write(JSON.stringify(picked(value)) + '\n')
      return write(text)
    },
    text: write,
    long,
    note: (text) => void terminal.stderr.write(text),
    view: () => {
      view ??= {
        now: time.now,
        timeZone: time.timeZone,
        color: hasColor(terminal.stdout, config, flags.color !== false),
        width: widthOf(terminal.stdout, config),
        get accessible() {
          return time.accessible === true
        },
      }
      return view
    },
  }
}

function createRows<T extends { id: number }>(
  mode: Mode,
  shape: Shape<T>,
  write: (text: string) => void,
  picked: (item: unknown) => unknown,
): Rows<T> {
  let begun = false
  // One item a line, so that a long answer can be read and compared by line tools too.
  const raw = (lines: string[]) => {
    if (lines.length === 0) return
    if (mode === 'ndjson') return write(`${lines.join('\n')}\n`)
    write(`${begun ? ',\n' : '[\n'}${lines.join(',\n')}`)
    begun = true
  }
  const head = () => {
    if (!begun) write(csvRow(Object.keys(shape.columns)))
    begun = true
  }
  return {
    raw,
    items: (items) => {
      if (mode === 'json' || mode === 'ndjson') return raw(items.map((item) => JSON.stringify(picked(item))))
      if (mode === 'quiet') return write(items.map((item) => `${item.id}\n`).join(''))
      if (mode === 'text') return write(items.map((item) => `${shape.line(item)}\n`).join(''))
      head()
      const columns = Object.values(shape.columns)
      write(items.map((item) => csvRow(columns.map((read) => read(item)))).join(''))
    },
    end: () => {
      if (mode === 'json') write(begun ? '\n]\n' : '[]\n')
      if (mode === 'csv') head()
    },
  }
}

function pick(item: Record<string, unknown>, fields: string[]): Record<string, unknown> {
  const unknown = fields.find((field) => !(field in item))
  if (unknown !== undefined) {
    throw new AppError('invalid', `There is no field ${JSON.stringify(unknown)}.`, {
      hint: `There are ${Object.keys(item).join(', ')}.`,
    })
  }
  return Object.fromEntries(fields.map((field) => [field, item[field]]))
}

const columnsOf = <T extends object>(item: T): Columns<T> =>
  Object.fromEntries(Object.keys(item).map((name) => [name, (one: T) => one[name as keyof T]]))

/** RFC 4180, with the lines of Unix. */
const csv = <T>(items: T[], columns: Columns<T>): string =>
  csvRow(Object.keys(columns)) +
  items.map((item) => csvRow(Object.values(columns).map((read) => read(item)))).join('')

export const csvRow = (cells: unknown[]): string => `${cells.map(csvCell).join(',')}\n`

function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** How tasks are shown in every list. */
export const taskShape = (view: () => View): Shape<Task> => ({
  line: (task) => taskLine(task, view()),
  table: (tasks) => taskTable(tasks, view()),
  columns: {
    id: (task) => task.id,
    title: (task) => task.title,
    status: (task) => task.status,
    priority: (task) => task.priority.name.toLowerCase(),
    due: (task) => task.due_at ?? task.due_date,
    tags: (task) => task.tags.map((tag) => tag.name).join(' '),
    project: (task) => task.project,
    description: (task) => task.description,
    created_at: (task) => task.created_at,
    updated_at: (task) => task.updated_at,
    completed_at: (task) => task.completed_at,
  },
})
