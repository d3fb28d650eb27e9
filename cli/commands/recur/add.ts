import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { templateFields } from '../../fields.ts'
import type { FlagSet } from '../../flags.ts'
import { type PolicyFlags, policyFlags, readPolicies } from '../../policy-flags.ts'
import { type RuleFlags, readRule, ruleFlags, templateOf } from '../../rule-flags.ts'
import { dryRun } from '../../status-verb.ts'
import { readTask, refuse, type TaskFlags, taskFlags } from '../../task-flags.ts'
import { templateEcho, templateShape } from '../../templates.ts'

type Flags = TaskFlags & RuleFlags & PolicyFlags

export const add: Verb<Flags> = {
  summary: 'Add a recurring task',
  usage: '<title…> --every RULE | --cron C | --rrule R [flags]',
  examples: [
    ['todo recur add Pay rent --every "month" --start 2027-01-31', 'at every end of a month'],
    ['todo recur add Stand-up --cron "0 9 * * mon-fri" --tz Europe/Berlin', 'by cron'],
    ['todo recur add Water plants --every "! 3 days"', 'three days after it was done'],
    ['todo recur add Review --rrule "FREQ=MONTHLY;BYDAY=2TU" --count 6', 'by RFC 5545'],
  ],
  define: (command: FlagSet) => {
    taskFlags(command)
    ruleFlags(command)
    policyFlags(command)
  },
  keepsDashes: true,
  fields: templateFields,
  run: async (context, words, flags) => {
    const { api, out } = context
    const { body, title, tags, every, faults } = readTask(context, words, flags)
    refuse(faults)
    const rule = await readRule(context, { ...flags, ...spoken(flags, every) }, body)
    if (rule === null)
      throw usage('It does not say how often.', 'Add --every "2 weeks on mon,thu", --cron or --rrule.')
    const task = { ...body, title, ...(tags.length > 0 && { tags }) }
    const template = await api('POST /api/{user_id}/recurring-tasks', {
      body: { ...templateOf(task, rule), ...readPolicies(flags) },
      ...dryRun(context),
    })
    const said = context.flags.dryRun ? 'Would add' : `Added ${template.id}`
    out.one(template, `${said}: ${templateEcho(template, out.view())}\n`, templateShape(out.view).columns)
    return undefined
  },
}

/** A flag wins over the marks among the words. */
const spoken = (flags: RuleFlags, every: string | null | undefined): Pick<RuleFlags, 'every'> => {
  const isNamed = (flags.every ?? flags.cron ?? flags.rrule) !== undefined
  return isNamed || every == null ? {} : { every }
}
