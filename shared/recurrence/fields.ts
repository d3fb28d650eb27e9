import { addExdate, type Bound, type Exdates, readBound } from './bounds.ts'
import { FIRST_DAY, LAST_DAY, LAST_YEAR, parseLocal } from './civil.ts'
import { type Cron, parseCron } from './cron.ts'
import { addProblem, type Problem } from './problem.ts'
import { MAX_COUNT, parseRRule, type RRule } from './rrule.ts'
import type { MonthDayPolicy, SimpleUnit } from './simple.ts'

export type RecurrencePattern = SimpleUnit | 'custom'
export type Anchor = 'schedule' | 'completion'

/** The fields of a template that make up its rule, named as in the API. Absent and null mean the default. */
export type RuleFields = {
  recurrence_pattern: RecurrencePattern
  interval?: number | null | undefined
  cron_expression?: string | null | undefined
  rrule?: string | null | undefined
  time_zone: string
  /** Local date or date-time in `time_zone`; needed by all but cron. */
  start?: string | null | undefined
  /** Default: true when `start` is a date and the rule names no time of day. */
  all_day?: boolean | null | undefined
  /** Inclusive: a local date, a local date-time or an instant. */
  until?: string | null | undefined
  count?: number | null | undefined
  /** Local dates, local date-times or instants. */
  exdates?: readonly string[] | null | undefined
  month_day_policy?: MonthDayPolicy | null | undefined
  anchor?: Anchor | null | undefined
}

export const MAX_INTERVAL = 10_000
export const MAX_EXDATES = 1000

export function readCron(fields: RuleFields, problems: Problem[]): Cron | null {
  return fields.cron_expression == null ? null : parseCron(fields.cron_expression, problems)
}

export function readRRule(fields: RuleFields, problems: Problem[]): RRule | null {
  return fields.rrule == null ? null : parseRRule(fields.rrule, problems)
}

export function checkKind(fields: RuleFields, problems: Problem[]): void {
  const custom = fields.recurrence_pattern === 'custom'
  const [cron, rrule] = [fields.cron_expression != null, fields.rrule != null]
  if (custom && cron && rrule)
    addProblem(problems, '/rrule', 'conflict', 'A custom rule has either cron_expression or rrule, not both')
  if (custom && !cron && !rrule) {
    addProblem(
      problems,
      '/cron_expression',
      'required',
      'A custom rule needs cron_expression or rrule',
      'Add one of them, or use daily, weekly, monthly or yearly',
    )
  }
  if (!custom && (cron || rrule)) {
    const field = cron ? 'cron_expression' : 'rrule'
    addProblem(
      problems,
      `/${field}`,
      'conflict',
      `${field} needs recurrence_pattern custom`,
      'Set recurrence_pattern to custom, or leave the expression out',
    )
  }
  if (custom && (fields.interval ?? 1) !== 1) {
    addProblem(
      problems,
      '/interval',
      'conflict',
      'A custom rule has its interval inside',
      'Put INTERVAL into the rrule, or a step into the cron expression',
    )
  }
}

export function readStart(
  fields: RuleFields,
  problems: Problem[],
): { day: number; minute: number | null } | null {
  if (fields.start == null) {
    if (fields.cron_expression == null || fields.count != null) {
      addProblem(
        problems,
        '/start',
        'required',
        'This rule needs a start to count from',
        'Give start as a local date or date-time, for example 2027-01-31T08:00',
      )
    }
    return null
  }
  const start = parseLocal(fields.start)
  if (start !== null && start.day >= FIRST_DAY && start.day <= LAST_DAY) return start
  addProblem(
    problems,
    '/start',
    'invalid',
    `start "${fields.start.slice(0, 40)}" is not a local date or date-time of the years 1900 to ${LAST_YEAR}`,
    'Write 2027-01-31 or 2027-01-31T08:00, without an offset',
  )
  return null
}

export function readLimits(fields: RuleFields, rrule: RRule | null, problems: Problem[]) {
  const bounds: Bound[] = []
  const until = fields.until ?? null
  for (const text of [until, rrule?.until ?? null]) {
    if (text === null) continue
    const bound = readBound(text)
    if (bound !== null) bounds.push(bound)
    else
      addProblem(
        problems,
        '/until',
        'invalid',
        `until "${text.slice(0, 40)}" is not a date`,
        'Write 2027-12-31, 2027-12-31T17:00 or an instant with an offset',
      )
  }
  const counts = [fields.count ?? null, rrule?.count ?? null].filter((count) => count !== null)
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > MAX_COUNT)) {
    addProblem(problems, '/count', 'out_of_range', `count is a whole number from 1 to ${MAX_COUNT}`)
  }
  const exdates: Exdates = { days: new Set(), walls: new Set(), instants: new Set() }
  const listed = fields.exdates ?? []
  if (listed.length > MAX_EXDATES)
    addProblem(problems, '/exdates', 'too_long', `A rule has at most ${MAX_EXDATES} exdates`)
  else {
    listed.forEach((text, index) => {
      if (addExdate(exdates, text)) return
      addProblem(
        problems,
        `/exdates/${index}`,
        'invalid',
        `"${text.slice(0, 40)}" is not a date`,
        'Write 2027-12-31, 2027-12-31T17:00 or an instant with an offset',
      )
    })
  }
  return { bounds, until, count: counts.length === 0 ? null : Math.min(...counts), exdates }
}
