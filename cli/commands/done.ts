import type { Completion } from '../../shared/api/task.ts'
import { changeAll, confirm } from '../bulk.ts'
import type { Verb } from '../command.ts'
import { formatDate, relativeDate } from '../dates/describe.ts'
import { localIso } from '../dates/zone.ts'
import { completionFields } from '../fields.ts'
import { dueOf, type View } from '../format.ts'
import { runHook } from '../hooks.ts'
import { taskShape } from '../output.ts'
import { resolveIds } from '../resolve.ts'
import { type Done, dryRun, echo } from '../status-verb.ts'

export const done: Verb = {
  summary: 'Complete tasks',
  usage: '<ids…>',
  examples: [
    ['todo done 3', 'complete task 3 (so does `todo 3 done`)'],
    ['todo done 3 5-7', 'several at once'],
    ['todo done rent', 'the one with rent in its title'],
    ['todo list -q --tag old | todo done -', 'ids from a pipe'],
  ],
  keepsDashes: true,
  fields: completionFields,
  run: async (context, words) => {
    const ids = await resolveIds(context, words, 'open')
    if (!(await confirm(context, ids.length, 'complete', false))) return 1
    const { results, exitCode } = await changeAll(
      context,
      ids,
      { op: 'complete' },
      async (id): Promise<Done> => {
        const params = { id }
        const answer = await context.api('PATCH /api/{user_id}/tasks/{id}/complete', {
          params,
          body: {},
          ...dryRun(context),
        })
        return { ...answer, id }
      },
      (task, result): Done => ({ task, next: (result as Partial<Completion>).next ?? null, id: task.id }),
    )
    runHook(
      context,
      'on-done',
      results.map(({ task }) => task),
    )
    const { out } = context
    const next = new Map(results.map((one) => [one.id, nextText(one, out.view())]))
    const shape = { ...taskShape(out.view), ...echo(context, 'Done', (task) => next.get(task.id) ?? '') }
    if (out.mode === 'json' || out.mode === 'ndjson') {
      const answers = results.map(({ task, next }) => ({ task, next }))
      out.list(answers as never[], { line: () => '', columns: {} })
    } else
      out.list(
        results.map(({ task }) => task),
        shape,
      )
    return exitCode
  },
}

/** ` · next Mon 30 Nov (in 9 days)` behind a task that comes again. */
function nextText({ task, next }: Done, view: View): string {
  if (next === null) return ''
  const due = 'id' in next ? dueOf(next) : occurrenceOf(task, next.occurrence_at, view)
  if (due === null) return ''
  const id = 'id' in next ? `: ${next.id}` : ''
  return ` · next ${formatDate(due, view)} (${relativeDate(due, view)})${id}`
}

/** What comes after an all-day task is a day too. */
const occurrenceOf = (task: Done['task'], at: string, { timeZone }: View) =>
  task.due_date === null ? { at } : { date: localIso(at, timeZone).slice(0, 10) }
