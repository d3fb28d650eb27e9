import type { NewTaskInput, Task } from '../../shared/api/task.ts'
import { AppError } from '../../shared/errors.ts'
import type { Added } from '../add-recurring.ts'
import { type Failure, tellFailures } from '../bulk.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import type { FlagSet } from '../flags.ts'
import { taskEcho } from '../format.ts'
import { askHook, runHook } from '../hooks.ts'
import { taskShape } from '../output.ts'
import { readLines } from '../stdin.ts'
import { readTask, refuse, type TaskFlags, taskFlags } from '../task-flags.ts'

type Flags = TaskFlags & { every?: string; lines?: boolean; dryRun: boolean }

export const add: Verb<Flags> = {
  summary: 'Add a task',
  usage: '<text…> [flags], or - for one task a line from stdin',
  examples: [
    ['todo add Pay rent +home due:fri pri:high', 'marks among the words'],
    ['todo add "Pay rent" --priority high --tag home --due friday', 'the same with flags'],
    ['git log --format=%s -3 | todo add - --tag review', 'one task for each line'],
    ['todo add Ring mum due:"sun 17:00" remind:2h / ask about May', 'reminder and note'],
    ['id=$(todo add -q "Write report")', 'print the new id only'],
    ['todo add Water plants --every "2 weeks on mon,thu"', 'again and again; the first one now'],
    ['todo add --dry-run --json "Try it" --due eom', 'see what would be stored'],
  ],
  define: (command: FlagSet) => {
    taskFlags(command)
    command.option(
      '--every <rule>',
      'again: day, 2 weeks on mon,thu, 3rd friday, ! 3 days (after completion)',
    )
    command.option('--lines', 'one task for each line of stdin, like -')
  },
  keepsDashes: true,
  fields: taskFields,
  run: async (context, words, flags) => {
    if (flags.lines || (words.length === 1 && words[0] === '-')) return addLines(context, flags)
    const added = await addOne(context, words, flags)
    const { out } = context
    if (added === null) {
      out.note('The rule is stored; it makes its first task at its time.\n')
      return undefined
    }
    const { task, again } = added
    out.one(task, '', taskShape(out.view).columns)
    if (out.mode === 'text') {
      const echo = [taskEcho(task, out.view()), again].filter(Boolean).join(' · ')
      out.text(`${flags.dryRun ? 'Would add' : `Added ${task.id}`}: ${echo}\n`)
    }
    return undefined
  },
}

/** Null when it recurs and its rule has nothing to make yet. */
async function addOne(
  context: Context,
  words: string[],
  flags: Flags,
): Promise<(Pick<Added, 'task'> & { again?: string }) | null> {
  const { body, title, tags, every, faults } = readTask(context, words, flags)
  const task = { ...body, title, ...(tags.length > 0 && { tags }) } as NewTaskInput
  const rule = flags.every ?? every
  if (faults.length === 0 && rule != null) {
    const { addRecurring } = await import('../add-recurring.ts')
    return addRecurring(context, task, rule)
  }
  if (faults.length === 0) return { task: await create(context, task, flags.dryRun) }
  // The server knows the other faults; asked without storing anything, it tells them too.
  const more = await create(context, task, true).catch((error: unknown) => error)
  refuse(faults, more instanceof AppError && more.code === 'invalid' ? more : undefined)
  throw more
}

async function create(context: Context, task: NewTaskInput, dryRun: boolean): Promise<Task> {
  const body = askHook(context, task)
  const query = dryRun && { query: { dry_run: 'true' as const } }
  const made = await context.api('POST /api/{user_id}/tasks', { body, ...query })
  if (!dryRun) runHook(context, 'on-add', [made])
  return made
}

/** One bad line does not stop the others; it is told with its number, so that only it has to be sent again. */
async function addLines(context: Context, flags: Flags): Promise<number> {
  const tasks: Task[] = []
  const failures: Failure[] = []
  let line = 0
  for await (const text of readLines(context.terminal)) {
    line += 1
    if (text.trim() === '') continue
    try {
      const added = await addOne(context, [text.trim()], flags)
      if (added !== null) tasks.push(added.task)
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error
      failures.push({ of: { line }, error })
    }
  }
  if (tasks.length === 0 && failures.length === 0) {
    throw usage('Nothing came from stdin.', 'Pipe one title a line.')
  }
  const { out } = context
  tellFailures(context, failures)
  if (tasks.length > 0) out.list(tasks, taskShape(out.view))
  if (out.mode === 'text') out.note(`${flags.dryRun ? 'Would add' : 'Added'} ${tasks.length} tasks.\n`)
  if (failures.length === 0) return 0
  return tasks.length > 0 ? 1 : 2
}
