import type { TaskEvent } from '../../shared/api/event.ts'
import { AppError } from '../../shared/errors.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../errors.ts'
import { eventFields, eventShape, eventText } from '../events.ts'
import type { FlagSet } from '../flags.ts'
import { limitOf } from '../print-tasks.ts'
import { parseRefs } from '../refs.ts'
import { resolveIds } from '../resolve.ts'

const shownAtFirst = '50'
const pageSize = 200

export const log: Verb<{ limit?: string; reverse?: boolean }> = {
  summary: 'What happened, newest first',
  usage: '[id or part of the title] [flags]',
  examples: [
    ['todo log', `the last ${shownAtFirst} changes`],
    ['todo log 3', 'everything that happened to task 3, deleted or not'],
    ['todo log --limit 1000 --json', 'for scripts: the events as the API gives them'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('-l, --limit <n>', `at most so many; ${shownAtFirst} without a task`)
      .option('--reverse', 'oldest first')
  },
  keepsDashes: true,
  fields: eventFields,
  run: async (context, words, { limit, reverse }) => {
    const taskId = words.length === 0 ? undefined : await oneTask(context, words)
    const most = limitOf(limit ?? (taskId === undefined ? shownAtFirst : undefined))
    const events: TaskEvent[] = []
    for await (const page of pages(context, taskId, most)) events.push(...page)
    if (taskId !== undefined && events.length === 0) throw unknownTask(taskId)
    if (reverse) events.reverse()
    const { out, terminal } = context
    if (out.mode === 'text' && terminal.stdout.isTTY === true) {
      await out.long(events.map((event) => eventText(event, out.view())).join(''))
    } else out.list(events, eventShape(out.view))
    if (events.length === 0 && out.mode === 'text') out.note('Nothing has happened yet.\n')
    return undefined
  },
}

const unknownTask = (id: number) =>
  new AppError('not_found', `There was never a task ${id}.`, { hint: '`todo log` shows what happened last.' })

/** An id is taken as it is, since deleted tasks have a history too. */
async function oneTask(context: Context, words: string[]): Promise<number> {
  const named = parseRefs(words)
  const ids = named.titles.length === 0 && !named.stdin ? named.ids : await resolveIds(context, words, 'all')
  if (ids.length === 1) return ids[0]!
  throw usage(`log takes one task, not ${ids.length}.`, 'For all of them: `todo log`.')
}

async function* pages(
  context: Context,
  taskId: number | undefined,
  most: number,
): AsyncGenerator<TaskEvent[]> {
  let cursor: string | undefined
  let left = most
  while (left > 0) {
    const page = await context.api('GET /api/{user_id}/events', {
      query: {
        sort: '-id',
        limit: Math.min(pageSize, left),
        ...(taskId !== undefined && { task_id: taskId }),
        ...(cursor !== undefined && { cursor }),
      },
    })
    yield page.items
    left -= page.items.length
    if (page.next_cursor === null) return
    cursor = page.next_cursor
  }
}
