import type { Command } from 'commander'
import type { Task, TaskQueryInput } from '../../shared/api/task.ts'
import { readPriority } from '../../shared/priorities.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { readDate } from '../dates.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import { taskShape } from '../output.ts'

export type ListFlags = {
  status?: string
  priority?: string
  tag: string[]
  project?: string
  due?: string
  overdue?: boolean
  search?: string
  sort?: string
  limit?: string
  all?: boolean
}

const pageSize = 200

export const list: Verb<ListFlags> = {
  summary: 'List open tasks, filtered and sorted',
  usage: '[flags]',
  examples: [
    ['todo list', 'what is open, soonest due first'],
    ['todo list --tag home --priority high', 'filtered'],
    ['todo list --overdue', 'what is late'],
    ['todo list --json | jq -r ".[].title"', 'for scripts: a JSON array'],
    ['todo list -q --tag old | todo done -', 'ids only, piped on'],
  ],
  define: (command: Command) => {
    command
      .option('--status <status>', 'todo, doing, done; several with commas')
      .option('-p, --priority <name>', 'low, medium, high or critical')
      .option(
        '-t, --tag <name>',
        'with this tag; repeat for more',
        (tag, tags: string[]) => [...tags, tag],
        [],
      )
      .option('--project <name>', 'in this project and what is below it')
      .option('-d, --due <when>', 'due on that day')
      .option('--overdue', 'only what is late')
      .option('-s, --search <text>', 'with this text')
      .option('--sort <key>', 'due, priority, created, updated, title, position; - in front turns round')
      .option('-l, --limit <n>', 'at most so many')
      .option('-a, --all', 'done ones too')
  },
  fields: taskFields,
  run: async (context, words, flags) => {
    if (words.length > 0) {
      throw usage(
        `list takes flags, not ${JSON.stringify(words.join(' '))}.`,
        'For text: `todo search TEXT`.',
      )
    }
    await listTasks(context, queryOf(context, flags), limitOf(flags.limit))
    return undefined
  },
}

/** Prints page after page, so that the first rows of a long list come at once and memory stays flat. */
export async function listTasks(context: Context, query: TaskQueryInput, limit: number): Promise<void> {
  const { out, terminal } = context
  const shape = taskShape(out.view)
  const whole = out.mode === 'json' || out.mode === 'csv' || terminal.stdout.isTTY === true
  const kept: Task[] = []
  let shown = 0
  for await (const items of pages(context, query, limit)) {
    shown += items.length
    if (whole) kept.push(...items)
    else out.list(items, shape)
  }
  if (whole) out.list(kept, shape)
  if (shown === 0 && out.mode === 'text') out.note('No tasks.\n')
}

async function* pages({ api }: Context, query: TaskQueryInput, limit: number): AsyncGenerator<Task[]> {
  let cursor: string | undefined
  let left = limit
  while (left > 0) {
    const page = await api('GET /api/{user_id}/tasks', {
      query: { ...query, limit: Math.min(pageSize, left), ...(cursor && { cursor }) },
    })
    yield page.items
    left -= page.items.length
    if (page.next_cursor === null) return
    cursor = page.next_cursor
  }
}

function queryOf(context: Context, flags: ListFlags): TaskQueryInput {
  const query: TaskQueryInput = { sort: flags.sort ?? 'due' }
  if (flags.status !== undefined) query.status = flags.status
  else if (!flags.all) query.status = 'todo,doing'
  if (flags.priority !== undefined) query.priority = readPriority(flags.priority) ?? flags.priority
  if (flags.tag.length > 0) Object.assign(query, { tag: flags.tag, tag_match: 'all' })
  if (flags.project !== undefined) query.project = flags.project
  if (flags.search !== undefined) query.q = flags.search
  if (flags.overdue) query.overdue = 'true'
  if (flags.due !== undefined) Object.assign(query, dueQuery(context, flags.due))
  return query
}

/** That day in the user's zone, from its first to its last moment. */
function dueQuery({ now, timeZone }: Context, text: string): Record<string, string> {
  const due = readDate(text, { now: now(), timeZone: timeZone() })
  if (due !== undefined && 'date' in due) return { due_from: due.date, due_to: due.date }
  if (due !== undefined && 'at' in due) return { due_from: due.at, due_to: due.at }
  throw usage(`--due ${JSON.stringify(text)} is no date.`, due?.hint ?? 'Try today, fri or 2026-12-01.')
}

export function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1) return limit
  throw usage(`--limit ${text} is no number from 1 on.`, 'Write it like --limit 20.')
}
