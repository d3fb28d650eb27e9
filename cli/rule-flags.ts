import type * as z from 'zod'
import type { NewTemplate } from '../shared/api/recurring-task.ts'
import type { Context } from './context.ts'
import { localIso, zoneName } from './dates/zone.ts'
import { readDate } from './dates.ts'
import { usage } from './errors.ts'
import type { FlagSet } from './flags.ts'

/** The flags that make up a rule, the same for `recur add`, `edit` and `preview`. */
export type RuleFlags = {
  every?: string
  cron?: string
  rrule?: string
  start?: string
  tz?: string
  until?: string
  count?: string
  exdate: string[]
}

export type TemplateBody = z.input<typeof NewTemplate>
type RuleFields = Pick<
  TemplateBody,
  | 'recurrence_pattern'
  | 'interval'
  | 'cron_expression'
  | 'rrule'
  | 'time_zone'
  | 'start'
  | 'all_day'
  | 'until'
  | 'count'
  | 'exdates'
  | 'month_day_policy'
  | 'anchor'
>

export function ruleFlags(command: FlagSet): void {
  command
    .option(
      '--every <rule>',
      'day, weekday, 2 weeks on mon,thu, 3rd friday, last day, ! 3 days (after completion)',
    )
    .option('--cron <expression>', 'five fields, such as "0 8 * * mon-fri"')
    .option('--rrule <rule>', 'RFC 5545, such as FREQ=MONTHLY;BYDAY=2TU')
    .option('--start <when>', 'local date or time from which it counts')
    .option('--tz <zone>', 'time zone, such as Europe/Berlin; yours if absent')
    .option('--until <date>', 'last date, included')
    .option('--count <n>', 'ends after so many')
    .option(
      '--exdate <date>',
      'leave this one out; repeat for more',
      (date: string, before: string[]) => [...before, date],
      [],
    )
}

/** A due date that a task was given with its rule: its first occurrence is not before it. */
export type First = { due_date?: string | null | undefined; due_at?: string | null | undefined }

/** The fields of the rule that flags say; null when none of them names a rule. */
export async function readRule(
  context: Context,
  flags: RuleFlags,
  first: First = {},
): Promise<RuleFields | null> {
  const named = (['every', 'cron', 'rrule'] as const).filter((name) => flags[name] !== undefined)
  if (named.length > 1) throw usage(`--${named[0]} and --${named[1]} exclude each other.`, 'Use one of them.')
  const zone = flags.tz ?? zoneName(context.timeZone())
  const start = startOf(context, flags, first, zone)
  const limits = limitsOf(context, flags)
  if (flags.cron !== undefined)
    return { ...custom, ...limits, ...base(zone, start), cron_expression: flags.cron }
  if (flags.rrule !== undefined) {
    const rrule = flags.rrule.replace(/^RRULE:/i, '')
    return { ...custom, ...limits, ...base(zone, start ?? localIso(context.now(), zone).slice(0, 10)), rrule }
  }
  if (flags.every === undefined) return null
  return { ...(await readWords(context, flags.every, zone, start)), ...limits }
}

const custom = { recurrence_pattern: 'custom', interval: 1, cron_expression: null, rrule: null } as const

const base = (zone: string, start: string | null) => ({ time_zone: zone, ...(start !== null && { start }) })

const shortUnits: Record<string, string> = {
  min: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
  wk: 'weeks',
  wks: 'weeks',
  q: 'quarters',
  m: 'months',
  mo: 'months',
  mos: 'months',
  mth: 'months',
  y: 'years',
  yr: 'years',
  yrs: 'years',
}

const inFull = (before: string, count: string, unit: string): string | undefined => {
  if (unit === 'bd' && count === '1') return `${before}weekday`
  return Object.hasOwn(shortUnits, unit) ? `${before}${count} ${shortUnits[unit]}` : undefined
}

/** `2w`, `every! 3d` and `P2W`, as other tools have them. */
const spelledOut = (words: string): string =>
  words.replace(
    /^((?:every)?!?\s*)[+p]?(\d{1,4})([a-z]{1,3})(?=\s|$)/i,
    (all, before: string, count: string, unit: string) => inFull(before, count, unit.toLowerCase()) ?? all,
  )

/** The engine knows the words; it is loaded for who says some only. */
async function readWords(
  context: Context,
  words: string,
  zone: string,
  start: string | null,
): Promise<RuleFields> {
  const { parseRecurrenceWords } = await import('../shared/recurrence.ts')
  const parseDate = (text: string) => dateOf(context, text)
  const today = start === null ? localIso(context.now(), zone).slice(0, 16) : `${start.slice(0, 10)}T00:00`
  const rule = parseRecurrenceWords(spelledOut(words), { timeZone: zone, today, parseDate })
  const time = start?.slice(10) ?? ''
  if (time === '' || !rule.all_day) return rule
  return { ...rule, start: `${rule.start}${time}`, all_day: false }
}

function startOf(
  context: Context,
  { start }: RuleFlags,
  { due_date, due_at }: First,
  zone: string,
): string | null {
  if (start !== undefined) return localOf(context, '--start', start)
  if (due_at != null) return localIso(due_at, zone).slice(0, 16)
  return due_date ?? null
}

function limitsOf(context: Context, { until, count, exdate }: RuleFlags): Partial<RuleFields> {
  return {
    ...(until !== undefined && { until: until === '' ? null : localOf(context, '--until', until) }),
    ...(count !== undefined && { count: countOf(count) }),
    ...(exdate.length > 0 && { exdates: exdate.map((date) => localOf(context, '--exdate', date)) }),
  }
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw usage(`--count ${text} is no number from 1 on.`, 'Write it like --count 10.')
}

/** A form that the API knows goes as it is, so that it can judge it; words become the local date or time they mean. */
function localOf(context: Context, flag: string, text: string): string {
  if (/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?$/.test(text)) return text.replace(' ', 'T')
  const due = readDate(text, { now: context.now(), timeZone: context.timeZone() })
  if (due !== undefined && 'date' in due) return due.date
  if (due !== undefined && 'at' in due) return localIso(due.at, context.timeZone()).slice(0, 16)
  throw usage(
    `${flag} ${JSON.stringify(text)} is no date.`,
    due?.hint ?? 'Write it like 2027-01-31 or 2027-01-31T08:00.',
  )
}

function dateOf(context: Context, text: string): string | null {
  const due = readDate(text, { now: context.now(), timeZone: context.timeZone() })
  if (due === undefined || 'message' in due) return null
  return 'date' in due ? due.date : localIso(due.at, context.timeZone()).slice(0, 10)
}

/** A template that makes tasks like this one; a due date is no field of it, but where its rule begins. */
export function templateOf(task: Record<string, unknown>, rule: RuleFields): TemplateBody {
  const { title, description, due_date: _date, due_at: _at, ...rest } = task
  return {
    ...rest,
    ...rule,
    ...(title !== undefined && { template_title: title }),
    ...(description !== undefined && { template_description: description }),
  } as TemplateBody
}
