import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { parseFilterWords } from '../../filter.ts'
import type { FlagSet } from '../../flags.ts'
import { writeShortcut } from '../../shortcuts.ts'
import { sortOf } from '../../sort.ts'
import { filterMarks } from '../../task-filter.ts'

export const save: Verb<{ sort?: string }> = {
  summary: 'Save a filter under a name',
  usage: '<name> <filter words…> [--sort KEY]',
  examples: [
    ["todo view save work '+work due.before:eow'", 'dates stay relative'],
    ['todo work', 'shows it; so does `todo work --json`, `todo work pri:high`'],
    ['todo view save hot p1 or overdue --sort urgency', 'with an order of its own'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--sort <key>', 'as in `todo list`')
  },
  prepare: filterMarks,
  run: async (context, [name, ...words], { sort }) => {
    const filter = words.join(' ').trim()
    if (name === undefined || filter === '')
      throw usage('Name the view and its filter.', "Like this: `todo view save work '+work'`.")
    parseFilterWords([filter], { now: context.now(), timeZone: context.timeZone() })
    const view = { filter, ...(sort !== undefined && { sort: sortOf(sort)! }) }
    if (!context.flags.dryRun) writeShortcut(context.paths, 'views', name, view)
    context.out.value({ name, ...view }, `\`todo ${name}\` shows ${filter} now.\n`)
    return undefined
  },
}
