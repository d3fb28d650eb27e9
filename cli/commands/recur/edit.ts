import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { templateFields } from '../../fields.ts'
import type { FlagSet } from '../../flags.ts'
import { type PolicyFlags, policyFlags, readPolicies } from '../../policy-flags.ts'
import { splitEditWords } from '../../refs.ts'
import { type RuleFlags, readRule, ruleFlags, templateOf } from '../../rule-flags.ts'
import { readTask, refuse, type TaskFlags, taskFlags } from '../../task-flags.ts'
import { oneTemplateId, templateEcho, templateShape } from '../../templates.ts'

type Flags = TaskFlags & RuleFlags & PolicyFlags & { title?: string; open?: boolean; dryRun: boolean }

export const edit: Verb<Flags> = {
  summary: 'Change a recurring task, for what is to come or for its open tasks too',
  usage: '<id> [new title…] [flags]',
  examples: [
    ['todo recur edit 2 --every "2 weeks on fri"', 'another rule, from now on'],
    ['todo recur edit 2 --priority high --open', 'its open tasks too'],
    ['todo recur edit 2 Feed the cat', 'another title'],
  ],
  define: (command: FlagSet) => {
    taskFlags(command)
    ruleFlags(command)
    policyFlags(command)
    command.option('--title <text>', 'a new title').option('--open', 'change its open tasks too')
  },
  keepsDashes: true,
  fields: templateFields,
  run: async (context, words, flags) => {
    const { api, out } = context
    const { refs, rest } = splitEditWords(words)
    const id = await oneTemplateId(context, refs)
    const { body, title, tags, removedTags, every, faults } = readTask(context, rest, flags, true)
    refuse(faults)
    const rule = await readRule(context, every == null ? flags : { ...flags, every }, body)
    const before = await api('GET /api/{user_id}/recurring-tasks/{id}', { params: { id } })
    const wanted = flags.title ?? (title === '' ? undefined : title)
    const patch = {
      ...templateOf(
        { ...body, ...(wanted !== undefined && { title: wanted }) },
        (rule ?? partOf(flags)) as never,
      ),
      ...readPolicies(flags),
      ...(tags.length + removedTags.length > 0 && { tags: newTags(before.tags, tags, removedTags) }),
    }
    if (Object.keys(patch).length === 0) {
      throw usage('There is nothing to change.', 'Name something: `todo recur edit 2 --every week`.')
    }
    const query = {
      ...(flags.dryRun && { dry_run: 'true' as const }),
      ...(flags.open && { apply_to: 'open' as const }),
    }
    const after = await api('PATCH /api/{user_id}/recurring-tasks/{id}', {
      params: { id },
      body: patch,
      query,
    })
    const said = flags.dryRun ? `Would have changed ${id}` : `Changed ${id}`
    out.one(after, `${said}: ${templateEcho(after, out.view())}\n`, templateShape(out.view).columns)
    return undefined
  },
}

/** Parts of a rule that can change without the rest of it. */
const partOf = ({ start, tz, until, count, exdate }: RuleFlags) => ({
  ...(start !== undefined && { start }),
  ...(tz !== undefined && { time_zone: tz }),
  ...(until !== undefined && { until: until === '' ? null : until }),
  ...(count !== undefined && { count: count === '' ? null : Number(count) }),
  ...(exdate.length > 0 && { exdates: exdate }),
})

function newTags(before: string[], on: string[], off: string[]): string[] {
  const isIn = (names: string[], name: string) =>
    names.some((one) => one.toLowerCase() === name.toLowerCase())
  const kept = before.filter((name) => !isIn(off, name))
  return [...kept, ...on.filter((name) => !isIn(kept, name))]
}
