import type { Verb } from '../command.ts'
import { taskFields } from '../fields.ts'
import type { FlagSet } from '../flags.ts'
import { limitOf, printTasks } from '../print-tasks.ts'
import { sortKeys, sortOf } from '../sort.ts'
import { type FilterFlags, filterFlags, filterMarks, filterOf, queryOf, tellFilter } from '../task-filter.ts'

export type ListFlags = FilterFlags & { sort?: string; limit?: string; exitStatus?: boolean }

export const list: Verb<ListFlags> = {
  summary: 'List open tasks, filtered and sorted',
  usage: '[filter words] [flags]',
  examples: [
    ['todo list', 'what is open, soonest due first'],
    ['todo list +home due.by:fri pri:high', 'filtered by words (todo help filters)'],
    ["todo list '(overdue or today) -waiting'", 'with and, or, not and parentheses'],
    ['todo list --tag home --sort urgency', 'the same with flags'],
    ['todo list --json | jq -r ".[].title"', 'for scripts: a JSON array'],
    ['todo list -q +old | todo done -', 'ids only, piped on'],
  ],
  define: (flags: FlagSet) => {
    filterFlags(flags)
    flags
      .option('--sort <key>', `${sortKeys.join(', ')}; -KEY turns round`)
      .option('-l, --limit <n>', 'at most so many')
      .option('--exit-status', 'exit 1 when nothing matches')
  },
  prepare: filterMarks,
  fields: taskFields,
  run: async (context, words, flags) => {
    const filter = filterOf(context, words, flags)
    if (flags.explain) return void tellFilter(context, filter)
    const limit = limitOf(flags.limit)
    const query = { ...queryOf(context, filter), sort: sortOf(flags.sort) ?? 'due' }
    return printTasks(context, query, { limit, exitStatus: flags.exitStatus === true, filter })
  },
}
