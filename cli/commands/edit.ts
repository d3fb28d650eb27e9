import type { TaskPatchInput } from '../../shared/api/task.ts'
import { confirm } from '../bulk.ts'
import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { taskFields } from '../fields.ts'
import type { FlagSet } from '../flags.ts'
import { taskShape } from '../output.ts'
import { splitEditWords } from '../refs.ts'
import { resolveIds } from '../resolve.ts'
import { echo, patchAll } from '../status-verb.ts'
import { readTask, refuse, type TaskFlags, taskFlags } from '../task-flags.ts'

type Flags = TaskFlags & { status?: string; title?: string; dryRun: boolean }

export const edit: Verb<Flags> = {
  summary: 'Change tasks',
  usage: '<ids…> [new title…] [flags]',
  examples: [
    ['todo edit 3 --due tomorrow --priority high', 'change some fields'],
    ['todo edit 3 Pay the rent', 'a new title'],
    ['todo edit 3-5 +work -home', 'put a tag on and take one off'],
    ['todo edit 3 due:', 'take the due date away'],
    ['todo list -q --tag old | todo edit - --project archive', 'many at once'],
  ],
  define: (flags: FlagSet) => {
    taskFlags(flags)
    flags.option('--status <status>', 'todo, doing or done').option('--title <text>', 'a new title')
  },
  keepsDashes: true,
  prepare: tagMarks,
  fields: taskFields,
  run: async (context, words, flags) => {
    const { refs, rest } = splitEditWords(words)
    const ids = await resolveIds(context, refs, 'all')
    const { body, title: said, tags, removedTags, every, faults } = readTask(context, rest, flags, true)
    refuse(faults)
    if (every !== undefined) {
      throw usage(
        'A task that is there cannot be made recurring.',
        'Change its rule: `todo recur edit ID --every …`.',
      )
    }
    const title = flags.title ?? (said === '' ? undefined : said)
    const named = { ...(title !== undefined && { title }), ...(flags.status && { status: flags.status }) }
    const marks = {
      ...(tags.length > 0 && { add_tags: tags }),
      ...(removedTags.length > 0 && { remove_tags: removedTags }),
    }
    const patch = { ...body, ...named, ...marks } as TaskPatchInput
    if (Object.keys(patch).length === 0) {
      throw usage('There is nothing to change.', 'Name something: `todo edit 3 --due tomorrow`.')
    }
    if (!(await confirm(context, ids.length, 'change', false))) return 1
    const { results, exitCode } = await patchAll(context, ids, patch)
    context.out.list(results, {
      ...taskShape(context.out.view),
      ...(context.out.mode === 'text' && echo(context, 'Changed')),
    })
    return exitCode
  },
}

const valued = new Set([
  '-p',
  '-t',
  '-d',
  '-n',
  '--priority',
  '--tag',
  '--due',
  '--project',
  '--note',
  '--remind',
])
const shortFlags = new Set(['-p', '-t', '-d', '-n', '-q'])

/** `-home` takes a tag off, as in Taskwarrior; it has to become the value of a flag. */
function tagMarks(words: string[]): string[] {
  return words.flatMap((word, n) => {
    const isMark = /^-[^\s\d-]/.test(word) && !shortFlags.has(word) && !valued.has(words[n - 1] ?? '')
    return isMark ? ['-t', word] : [word]
  })
}
