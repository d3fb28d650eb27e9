import { confirm } from '../bulk.ts'
import type { Verb } from '../command.ts'
import { countOf, dryQuery, patienceMs, tell } from './undo.ts'

export const redo: Verb = {
  summary: 'Bring the last undone changes again',
  usage: '[N]',
  examples: [
    ['todo redo', 'what the last undo took back'],
    ['todo redo 2', 'what the last two took back'],
  ],
  fields: ['event_type', 'task_id', 'task'],
  run: async (context, words) => {
    const count = countOf(words)
    if (!(await confirm(context, count, 'bring back', false))) return 1
    const { redone } = await context.api('POST /api/{user_id}/redo', {
      body: { count },
      patienceMs,
      ...dryQuery(context),
    })
    tell(context, redone, context.flags.dryRun ? 'Would redo' : 'Redone', 'redo')
    return undefined
  },
}
