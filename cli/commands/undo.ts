import type { Reverted } from '../../shared/api/undo.ts'
import { confirm } from '../bulk.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../errors.ts'
import { eventWord } from '../events.ts'
import type { Shape } from '../output.ts'
import { escapeControls } from '../text.ts'

export const undo: Verb = {
  summary: 'Take the last changes back',
  usage: '[N]',
  examples: [
    ['todo undo', 'the last command, however many tasks it changed'],
    ['todo undo 3', 'the last three commands'],
    ['todo undo --dry-run', 'only say what that would be'],
  ],
  fields: ['event_type', 'task_id', 'task'],
  run: async (context, words) => {
    const count = countOf(words)
    if (!(await confirm(context, count, 'take back', false))) return 1
    const { undone } = await context.api('POST /api/{user_id}/undo', {
      body: { count },
      patienceMs,
      ...dryQuery(context),
    })
    tell(context, undone, context.flags.dryRun ? 'Would undo' : 'Undone', 'undo')
    return undefined
  },
}

/** One command may have changed very many tasks. */
export const patienceMs = 120_000

export const dryQuery = ({ flags }: Context) => (flags.dryRun ? { query: { dry_run: 'true' as const } } : {})

export function countOf([word = '1', ...more]: string[]): number {
  const count = Number(word)
  if (more.length === 0 && Number.isInteger(count) && count >= 1 && count <= 100) return count
  throw usage(
    `${JSON.stringify([word, ...more].join(' '))} is no number of changes from 1 to 100.`,
    'Write it like `todo undo 2`.',
  )
}

export function tell(context: Context, reverted: Reverted[], said: string, verb: string): void {
  const { out } = context
  const items = reverted.map((one) => ({ ...one, id: one.task_id }))
  if (out.mode === 'json' || out.mode === 'ndjson') out.list(reverted as never[], shape(said))
  else out.list(items, shape(said))
  if (reverted.length === 0 && out.mode === 'text') out.note(`Nothing to ${verb}.\n`)
}

/** On a terminal: who takes an import back wants no line for each of its tasks. */
const mostTold = 20

const shape = (said: string): Shape<Reverted & { id: number }> => {
  const line = ({ event_type, task_id, task }: Reverted) =>
    `${said}: ${eventWord(event_type)} ${task_id}: ${escapeControls(task.title)}`
  return {
    line,
    table: (items) => {
      const more = items.length - mostTold
      const told = (more > 1 ? items.slice(0, mostTold) : items).map((item) => `${line(item)}\n`).join('')
      return more > 1 ? `${told}… and ${more.toLocaleString('en-US')} more.\n` : told
    },
    columns: {
      event_type: (item) => item.event_type,
      task_id: (item) => item.task_id,
      title: (item) => item.task.title,
    },
  }
}
