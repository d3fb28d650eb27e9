import { confirm, forEachId } from '../bulk.ts'
import type { Verb } from '../command.ts'
import { taskFields } from '../fields.ts'
import { taskShape } from '../output.ts'
import { resolveIds } from '../resolve.ts'
import { echo } from '../status-verb.ts'

export const rm: Verb = {
  summary: 'Delete tasks',
  usage: '<ids…>',
  examples: [
    ['todo rm 3', 'delete task 3'],
    ['todo rm 3-9 --yes', 'more than three, without a question'],
    ['todo rm 3-9 --dry-run', 'only show them'],
  ],
  keepsDashes: true,
  fields: taskFields,
  run: async (context, words) => {
    const ids = await resolveIds(context, words, 'all')
    if (!(await confirm(context, ids.length, 'delete', true))) return 1
    const { api, flags, out } = context
    const { results, exitCode } = await forEachId(context, ids, async (id) => {
      const task = await api('GET /api/{user_id}/tasks/{id}', { params: { id } })
      if (!flags.dryRun) await api('DELETE /api/{user_id}/tasks/{id}', { params: { id } })
      return task
    })
    out.list(results, { ...taskShape(out.view), ...echo(context, 'Deleted') })
    return exitCode
  },
}
