import { combine } from '../../shared/filter/ast.ts'
import type { Verb } from '../command.ts'
import { taskFields } from '../fields.ts'
import { parseFilterWords } from '../filter.ts'
import { limitOf, printTasks } from '../print-tasks.ts'
import { sortOf } from '../sort.ts'
import { filterMarks, filterOf, queryOf, tellFilter } from '../task-filter.ts'
import { type ListFlags, list } from './list.ts'

export const today: Verb<ListFlags> = {
  summary: 'What is late or due today',
  usage: '[filter words] [flags]',
  examples: [
    ['todo today', 'late and due today, soonest first'],
    ['todo today +work', 'of that, what is tagged work'],
  ],
  define: list.define!,
  prepare: filterMarks,
  fields: taskFields,
  run: async (context, words, flags) => {
    const dates = { now: context.now(), timeZone: context.timeZone() }
    const late = parseFilterWords(['overdue or due.by:today'], dates)
    const filter = combine('and', [late, filterOf(context, words, flags)])
    if (flags.explain) return void tellFilter(context, filter)
    const query = { ...queryOf(context, filter), sort: sortOf(flags.sort) ?? 'due' }
    return printTasks(context, query, {
      limit: limitOf(flags.limit),
      exitStatus: flags.exitStatus === true,
      filter,
    })
  },
}
