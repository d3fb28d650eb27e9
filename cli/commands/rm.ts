import type { Task } from '../../shared/api/task.ts'
import { changeAll, confirm, readAll } from '../bulk.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { taskFields } from '../fields.ts'
import { runHook } from '../hooks.ts'
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
    const { flags, out } = context
    const { results, exitCode } = await readAll(context, ids)
    if (!flags.dryRun) await deleteAll(context, results)
    runHook(context, 'on-rm', results)
    out.list(results, { ...taskShape(out.view), ...echo(context, 'Deleted') })
    return exitCode
  },
}

/** What somebody else deleted since it was read is deleted too. */
const deleteAll = (context: Context, tasks: Task[]) =>
  changeAll(
    context,
    tasks.map((task) => task.id),
    { op: 'delete' },
    async (id) => {
      await context.api('DELETE /api/{user_id}/tasks/{id}', { params: { id } })
      return { id }
    },
    (task) => task,
  )
