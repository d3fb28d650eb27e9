import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import { taskDetail } from '../format.ts'
import { taskShape } from '../output.ts'
import { resolveIds } from '../resolve.ts'

export const show: Verb = {
  summary: 'Show everything about a task',
  usage: '<id or part of the title>',
  examples: [
    ['todo show 3', 'task 3'],
    ['todo show rent', 'the one with rent in its title'],
    ['todo show 3 --json', 'as the API gives it'],
  ],
  keepsDashes: true,
  fields: taskFields,
  run: async (context, words) => {
    const ids = await resolveIds(context, words, 'all')
    if (ids.length !== 1) throw usage(`show takes one task, not ${ids.length}.`, 'For several: `todo list`.')
    const task = await context.api('GET /api/{user_id}/tasks/{id}', { params: { id: ids[0]! } })
    const { out } = context
    out.one(task, out.mode === 'text' ? taskDetail(task, out.view()) : '', taskShape(out.view).columns)
    return undefined
  },
}
