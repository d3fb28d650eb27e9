import type { Completion, Task, TaskPatchInput } from '../shared/api/task.ts'
import { changeAll, confirm } from './bulk.ts'
import type { Verb } from './command.ts'
import type { Context } from './context.ts'
import { taskFields } from './fields.ts'
import { taskEcho } from './format.ts'
import { runHook } from './hooks.ts'
import { taskShape } from './output.ts'
import { resolveIds } from './resolve.ts'

/** Sets each named task's status; a task that has it already is done with, not an error. */
export const statusVerb = (
  status: 'todo' | 'doing',
  verb: Omit<Verb, 'run' | 'keepsDashes'>,
  said: string,
): Verb => ({
  ...verb,
  fields: taskFields,
  keepsDashes: true,
  run: async (context, words) => {
    const ids = await resolveIds(context, words, status === 'todo' ? 'all' : 'open')
    if (!(await confirm(context, ids.length, said.toLowerCase(), false))) return 1
    const { results, exitCode } = await patchAll(context, ids, { status })
    context.out.list(results, { ...taskShape(context.out.view), ...echo(context, said) })
    return exitCode
  },
})

export async function patchAll(context: Context, ids: number[], body: TaskPatchInput) {
  const changed = await patchEach(context, ids, body)
  runHook(context, 'on-change', changed.results)
  return changed
}

const patchEach = (context: Context, ids: number[], body: TaskPatchInput) =>
  changeAll(
    context,
    ids,
    { op: 'update', body },
    (id) => context.api('PATCH /api/{user_id}/tasks/{id}', { params: { id }, body, ...dryRun(context) }),
    (task) => task,
  )

export const dryRun = ({ flags }: Context) => (flags.dryRun ? { query: { dry_run: 'true' as const } } : {})

/** On a terminal and in a pipe alike: one line for each task, what happened to it. */
export function echo(context: Context, said: string, more: (task: Task) => string = () => '') {
  const { out, flags } = context
  const what = flags.dryRun ? `Would have ${said.toLowerCase()}` : said
  const line = (task: Task) => `${what} ${task.id}: ${taskEcho(task, out.view())}${more(task)}`
  return { line, table: (tasks: Task[]) => tasks.map((task) => `${line(task)}\n`).join('') }
}

export type Done = Completion & { id: number }
