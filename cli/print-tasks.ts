import type { Task, TaskQueryInput } from '../shared/api/task.ts'
import { queryString } from '../shared/api-client.ts'
import type { Filter } from '../shared/filter.ts'
import { priorityNames } from '../shared/priorities.ts'
import type { Context } from './context.ts'
import { usage } from './errors.ts'
import { pickedFields } from './fields.ts'
import { focusOf } from './focus.ts'
import { taskTable } from './format.ts'
import { textLines } from './lines.ts'
import { taskShape } from './output.ts'
import { escapeControls } from './text.ts'

const path = '/api/me/tasks'
/** The most that one page of the API holds; what wants more reads the list as a stream. */
const pageLimit = 200

/** `filter` is what the query came from: when nothing is found, its names are looked at. */
export type PrintOptions = { limit?: number; exitStatus?: boolean; filter?: Filter }

/**
 * Prints a list of tasks as it comes, so that the first rows of a long list are there at once and memory stays flat.
 * Only what is shown is asked for. Answers the exit code: 1 when `exitStatus` is asked for and nothing matched.
 */
export async function printTasks(
  context: Context,
  query: TaskQueryInput,
  { limit = Number.POSITIVE_INFINITY, exitStatus = false, filter }: PrintOptions = {},
): Promise<number> {
  const { out } = context
  const fields = fieldsFor(context)
  const asked = {
    ...query,
    ...(fields && { fields: fields.join(',') }),
    ...(limit <= pageLimit && { limit }),
  }
  const request = {
    method: 'GET',
    path: path + queryString(asked),
    headers: { accept: 'application/x-ndjson' },
    body: null,
  }
  const printer = printerFor(context)
  let shown = 0
  for await (const lines of textLines(context.open, request)) {
    const wanted = shown + lines.length > limit ? lines.slice(0, limit - shown) : lines
    shown += wanted.length
    printer.lines(wanted)
    if (shown >= limit) break
  }
  printer.end()
  if (shown === 0 && out.mode === 'text') await tellNothing(context, filter)
  return exitStatus && shown === 0 ? 1 : 0
}

/** A focus that was set long ago is easily forgotten. */
async function tellNothing(context: Context, filter: Filter | undefined): Promise<void> {
  const focus = focusOf(context)
  const where =
    focus === null ? '.' : ` in the focus ${escapeControls(focus.text)}; TODO_FOCUS=none shows all.`
  context.out.note(`No tasks${where}\n`)
  if (filter === undefined) return
  const { nearNames } = await import('./near-names.ts')
  for (const line of await nearNames(context, filter)) context.out.note(`  ${line}\n`)
}

const rowFields = ['id', 'status', 'priority_id', 'due_date', 'due_at', 'title', 'tags', 'project'] as const

/** Undefined for all of them. */
function fieldsFor({ out, flags, terminal }: Context): readonly string[] | undefined {
  if (out.mode === 'text')
    return terminal.stdout.isTTY === true ? [...rowFields, 'recurring_task_id'] : rowFields
  if (out.mode === 'quiet') return ['id']
  return out.mode === 'csv' ? undefined : (pickedFields(flags.json, undefined) ?? undefined)
}

type Printer = { lines: (lines: string[]) => void; end: () => void }

function printerFor(context: Context): Printer {
  const { out, flags, terminal } = context
  const rows = out.rows(taskShape(out.view))
  // The service's own text is passed on unless some fields are picked, whose order is the caller's.
  if ((out.mode === 'json' || out.mode === 'ndjson') && pickedFields(flags.json, undefined) === null) {
    return { lines: rows.raw, end: rows.end }
  }
  const read = (lines: string[]) => lines.map((line) => wholeTask(JSON.parse(line) as Task))
  if (out.mode !== 'text' || terminal.stdout.isTTY !== true) {
    return { lines: (lines) => rows.items(read(lines)), end: rows.end }
  }
  const kept: Task[] = []
  return {
    lines: (lines) => void kept.push(...read(lines)),
    end: () => {
      if (kept.length > 0) out.long(taskTable(kept, out.view()))
    },
  }
}

/** The rows of a text come without their priority's name, which the client knows. */
function wholeTask(task: Task): Task {
  if (task.priority === undefined && task.priority_id !== undefined) {
    task.priority = { name: priorityNames[task.priority_id - 1] } as Task['priority']
  }
  return task
}

export function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1) return limit
  throw usage(`--limit ${text} is no number from 1 on.`, 'Write it like --limit 20.')
}
