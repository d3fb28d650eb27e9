import type { Command } from 'commander'
import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import { limitOf, listTasks } from './list.ts'

export const search: Verb<{ limit?: string; all?: boolean }> = {
  summary: 'Find tasks by text',
  usage: '<text…> [flags]',
  examples: [
    ['todo search rent', 'open tasks with this text in title or note'],
    ['todo search --all rent', 'done ones too'],
  ],
  define: (command: Command) => {
    command.option('-l, --limit <n>', 'at most so many').option('-a, --all', 'done ones too')
  },
  fields: taskFields,
  run: async (context, words, flags) => {
    const q = words.join(' ').trim()
    if (q === '') throw usage('There is nothing to search for.', 'Give some text: `todo search rent`.')
    const status = flags.all ? {} : { status: 'todo,doing' }
    await listTasks(context, { q, sort: 'due', ...status }, limitOf(flags.limit))
    return undefined
  },
}
