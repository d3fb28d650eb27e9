import type { Task } from '../shared/api/task.ts'
import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { usage } from './errors.ts'
import { parseRefLines, parseRefs, type Refs } from './refs.ts'
import { readLines } from './stdin.ts'
import { escapeControls } from './text.ts'

/** The ids that the words of a command name: ids, ranges, parts of titles, and `-` for ids from stdin. */
export async function resolveIds(
  context: Context,
  words: string[],
  from: 'open' | 'all' = 'open',
): Promise<number[]> {
  const named = parseRefs(words)
  const read = named.stdin ? parseRefLines(await Array.fromAsync(readLines(context.terminal))) : null
  const titles = [...named.titles, ...(read?.titles ?? [])]
  const found = await Promise.all(titles.map((title) => findByTitle(context, title, from)))
  const ids = [...new Set([...named.ids, ...(read?.ids ?? []), ...found])]
  if (ids.length === 0 && !isEmptyPipe(named)) {
    throw usage(
      'No task is named.',
      'Name one by id (`todo done 3`), by part of its title, or pipe ids to `-`.',
    )
  }
  return ids
}

/** `todo list -q +nothing | todo done -` names nothing and is no error. */
const isEmptyPipe = (refs: Refs) => refs.stdin

const candidatesShown = 5

async function findByTitle({ api }: Context, title: string, from: 'open' | 'all'): Promise<number> {
  const { items } = await api('GET /api/{user_id}/tasks', {
    query: { q: title, limit: 50, ...(from === 'open' && { status: 'todo,doing' }) },
  })
  const inTitle = items.filter((task) => task.title.toLowerCase().includes(title.toLowerCase()))
  const exact = inTitle.filter((task) => task.title.toLowerCase() === title.toLowerCase())
  const [match, ...others] = exact.length > 0 ? exact : inTitle
  if (match === undefined) {
    throw new AppError(
      'not_found',
      `No ${from === 'open' ? 'open ' : ''}task has ${JSON.stringify(title)} in its title.`,
      {
        hint: '`todo list` shows what there is.',
      },
    )
  }
  if (others.length > 0) throw ambiguous(title, [match, ...others])
  return match.id
}

function ambiguous(title: string, tasks: Task[]): AppError {
  const shown = tasks.slice(0, candidatesShown).map((task) => `${task.id} ${escapeControls(task.title)}`)
  const more = tasks.length > candidatesShown ? `, and ${tasks.length - candidatesShown} more` : ''
  return new AppError('ambiguous', `${tasks.length} tasks have ${JSON.stringify(title)} in their titles.`, {
    hint: `Name one by its id: ${shown.join(', ')}${more}.`,
  })
}
