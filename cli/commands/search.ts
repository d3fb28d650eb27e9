import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import { limitOf, printTasks } from '../print-tasks.ts'
import { sortOf } from '../sort.ts'
import { filterOf, queryOf, tellFilter } from '../task-filter.ts'
import { type ListFlags, list } from './list.ts'

export const search: Verb<ListFlags> = {
  summary: 'Find tasks by text',
  usage: '<text…> [flags]',
  examples: [
    ['todo search rent', 'open tasks with this text in title or note'],
    ['todo search --all rent', 'done ones too'],
    ['todo search call --tag work --due fri', 'with the flags of list'],
  ],
  define: list.define!,
  fields: taskFields,
  run: async (context, words, flags) => {
    const text = words.join(' ').trim()
    if (text === '') throw usage('There is nothing to search for.', 'Give some text: `todo search rent`.')
    const filter = filterOf(context, [], { ...flags, search: text })
    if (flags.explain) return void tellFilter(context, filter)
    const query = { ...queryOf(context, filter), sort: sortOf(flags.sort) ?? 'due' }
    return printTasks(context, query, {
      limit: limitOf(flags.limit),
      exitStatus: flags.exitStatus === true,
      filter,
    })
  },
}
