import type { Verb } from '../../command.ts'
import { formatDate } from '../../dates/describe.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'
import type { View } from '../../format.ts'
import { type RuleFlags, readRule, ruleFlags } from '../../rule-flags.ts'

type Flags = RuleFlags & { after?: string; number?: string }

export const preview: Verb<Flags> = {
  summary: 'Show when a rule would occur, and store nothing',
  usage: '<rule words…> | --cron C | --rrule R [flags]',
  examples: [
    ['todo recur preview every 2 weeks on mon,thu', 'the next ten'],
    ['todo recur preview every month --start 2027-01-31 -n 4', 'what short months make of the 31st'],
    ['todo recur preview --cron "30 2 * * *" --tz Europe/Berlin', 'where clocks change'],
  ],
  define: (command: FlagSet) => {
    ruleFlags(command)
    command
      .option('--after <instant>', 'only what comes after this time')
      .option('-n, --number <n>', 'so many, up to 100; 10 if absent')
  },
  run: async (context, words, flags) => {
    const { api, out } = context
    const said = words.length > 0 ? { every: words.join(' ') } : {}
    const rule = await readRule(context, { ...flags, ...said })
    if (rule === null)
      throw usage('It does not say how often.', 'Like this: `todo recur preview every 2 weeks`.')
    const answer = await api('POST /api/{user_id}/recurring-tasks/preview', {
      body: {
        ...rule,
        ...(flags.after !== undefined && { after: flags.after }),
        ...(flags.number !== undefined && { limit: Number(flags.number) }),
      },
    })
    const rows = answer.occurrences.map((one) => rowOf(one, out.view()))
    out.value(answer, rows.map((row) => `${row}\n`).join(''))
    if (out.mode === 'text') for (const warning of answer.warnings) out.note(`todo: ${warning}\n`)
    return undefined
  },
}

type Shown = { at: string | null; local: string; notes: string[] }

/** `2027-02-28 · Sun 28 Feb 2027 · clamped`: as the zone of the rule shows it. */
function rowOf({ local, notes }: Shown, { now }: View): string {
  const due = local.length === 10 ? { date: local } : { at: `${local}:00Z` }
  return [local, formatDate(due, { now, timeZone: 'UTC' }), notes.join(' ')].join('\t').trimEnd()
}
