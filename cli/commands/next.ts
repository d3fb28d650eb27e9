import type { Verb } from '../command.ts'
import { taskFields } from '../fields.ts'
import { limitOf, printTasks } from '../print-tasks.ts'
import { sortOf } from '../sort.ts'
import { filterMarks, filterOf, queryOf, tellFilter } from '../task-filter.ts'
import { type ListFlags, list } from './list.ts'

const shownAtFirst = '10'

export const next: Verb<ListFlags> = {
  summary: 'What to do next: the most urgent',
  usage: '[N] [filter words] [flags]',
  examples: [
    ['todo next', `the ${shownAtFirst} most urgent (todo help urgency)`],
    ['todo next 1 +work', 'the one of what is tagged work'],
  ],
  define: list.define!,
  prepare: filterMarks,
  fields: taskFields,
  run: async (context, words, flags) => {
    const [first = '', ...others] = words
    const isCount = /^\d{1,4}$/.test(first)
    const filter = filterOf(context, isCount ? others : words, flags)
    if (flags.explain) return void tellFilter(context, filter)
    const limit = limitOf(flags.limit ?? (isCount ? first : shownAtFirst))
    const query = { ...queryOf(context, filter), sort: sortOf(flags.sort) ?? 'urgency' }
    return printTasks(context, query, { limit, exitStatus: flags.exitStatus === true, filter })
  },
}
