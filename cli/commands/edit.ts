import type { Command } from 'commander'
import type { Task, TaskPatchInput } from '../../shared/api/task.ts'
import { confirm, forEachId } from '../bulk.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../errors.ts'
import { taskEcho } from '../format.ts'
import { taskShape } from '../output.ts'
import { splitEditWords } from '../refs.ts'
import { resolveIds } from '../resolve.ts'
import { bodyOf, refuse, type TaskFlags, taskFlags } from '../task-flags.ts'

type Flags = TaskFlags & { status?: string; title?: string; dryRun: boolean }

export const edit: Verb<Flags> = {
  summary: 'Change tasks',
  usage: '<ids…> [new title…] [flags]',
  examples: [
    ['todo edit 3 --due tomorrow --priority high', 'change some fields'],
    ['todo edit 3 Pay the rent', 'a new title'],
    ['todo edit 3-5 -t work -t -home', 'put a tag on and take one off'],
    ['todo edit 3 --due none', 'take the due date away'],
    ['todo list -q --tag old | todo edit - --project archive', 'many at once'],
  ],
  define: (command: Command) => {
    taskFlags(command)
    command.option('--status <status>', 'todo, doing or done').option('--title <text>', 'a new title')
  },
  run: async (context, words, flags) => {
    const { refs, rest } = splitEditWords(words)
    const ids = await resolveIds(context, refs, 'all')
    const { body, faults } = bodyOf(flags, context)
    refuse(faults)
    const title = flags.title ?? (rest.length > 0 ? rest.join(' ') : undefined)
    const named = { ...(title !== undefined && { title }), ...(flags.status && { status: flags.status }) }
    const patch = { ...body, ...named } as TaskPatchInput
    if (Object.keys(patch).length === 0 && flags.tag.length === 0) {
      throw usage('There is nothing to change.', 'Name something: `todo edit 3 --due tomorrow`.')
    }
    if (!(await confirm(context, ids.length, 'change', false))) return 1
    const { results, exitCode } = await forEachId(context, ids, (id) => editOne(context, id, patch, flags))
    context.out.list(results, {
      ...taskShape(context.out.view),
      ...(context.out.mode === 'text' && echo(context)),
    })
    return exitCode
  },
}

async function editOne({ api }: Context, id: number, patch: TaskPatchInput, flags: Flags): Promise<Task> {
  const tags = flags.tag.length > 0 ? await newTags(api, id, flags.tag) : undefined
  return api('PATCH /api/{user_id}/tasks/{id}', {
    params: { id },
    body: { ...patch, ...(tags && { tags }) },
    ...(flags.dryRun && { query: { dry_run: 'true' as const } }),
  })
}

/** `work` puts a tag on, `-home` takes one off. */
async function newTags(api: Context['api'], id: number, changes: string[]): Promise<string[]> {
  const task = await api('GET /api/{user_id}/tasks/{id}', { params: { id } })
  const off = changes.filter((tag) => tag.startsWith('-')).map((tag) => tag.slice(1).toLowerCase())
  const on = changes.filter((tag) => !tag.startsWith('-'))
  const kept = task.tags.map((tag) => tag.name).filter((name) => !off.includes(name.toLowerCase()))
  const added = on.filter((tag) => !kept.some((name) => name.toLowerCase() === tag.toLowerCase()))
  return [...kept, ...added]
}

const echo = ({ flags, out }: Context) => {
  const line = (task: Task) =>
    `${flags.dryRun ? 'Would change' : 'Changed'} ${task.id}: ${taskEcho(task, out.view())}`
  return { line, table: (tasks: Task[]) => tasks.map((task) => line(task) + '\n').join('') }
}
