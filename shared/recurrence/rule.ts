import { BEFORE_ALL, type Bound, type Exdates, isPast, lazyCountEnd } from './bounds.ts'
import { MINUTE_MS, MINUTES_PER_DAY } from './civil.ts'
import { type Cron, cronDays, SAMPLE_DAY } from './cron.ts'
import {
  type Anchor,
  checkKind,
  MAX_INTERVAL,
  type RecurrencePattern,
  type RuleFields,
  readCron,
  readLimits,
  readRRule,
  readStart,
} from './fields.ts'
import { atTimes, type WallPattern } from './pattern.ts'
import { addProblem, invalidRule, type Problem } from './problem.ts'
import type { RRule } from './rrule.ts'
import { isSubDaily, rrulePattern } from './rrule-pattern.ts'
import { type MonthDayPolicy, type SimpleUnit, simplePattern } from './simple.ts'
import { hitAfter, type Timing, type Walk } from './walk.ts'
import { resolveWall, wallAt } from './wall-time.ts'
import { ruleWarnings } from './warnings.ts'
import { type Zone, zoneOf } from './zone.ts'

/** A parsed rule. Make it with `parseRule`; everything else takes it as its first argument. */
export type Rule = {
  readonly pattern: RecurrencePattern
  readonly interval: number
  readonly cron: Cron | null
  readonly rrule: RRule | null
  readonly policy: MonthDayPolicy
  readonly anchor: Anchor
  readonly allDay: boolean
  readonly zone: Zone
  /** Wall minutes; null for a cron rule without a start. */
  readonly start: number | null
  readonly walk: Walk
  readonly bounds: readonly Bound[]
  readonly until: string | null
  readonly count: number | null
  /** The instant of the last occurrence that `count` allows, Infinity when nothing limits it. */
  readonly countEnd: () => number
  readonly exdates: Exdates
  /** What a person should know before relying on the rule, in sentences. */
  readonly warnings: readonly string[]
}

const PATTERNS = ['daily', 'weekly', 'monthly', 'yearly', 'custom']
const POLICIES = ['clamp', 'skip', 'last']

/**
 * Checks the fields and makes a rule of them. Throws AppError `invalid` with every fault at once: a pointer to the
 * field, and for cron the field of the expression and the right form where there is one. A rule that never occurs
 * is a fault too. Takes bounded time whatever it is given.
 */
export function parseRule(fields: RuleFields): Rule {
  const problems: Problem[] = []
  const draft = readDraft(fields, problems)
  if (problems.length > 0 || draft === null) throw invalidRule(problems)
  const rule = build(draft)
  checkOccurs(rule, problems)
  if (problems.length > 0) throw invalidRule(problems)
  return { ...rule, warnings: ruleWarnings(rule) }
}

type Draft = Pick<
  Rule,
  'pattern' | 'interval' | 'cron' | 'rrule' | 'policy' | 'anchor' | 'allDay' | 'zone' | 'start'
> &
  Pick<Rule, 'bounds' | 'until' | 'count' | 'exdates'>

function readDraft(fields: RuleFields, problems: Problem[]): Draft | null {
  const pattern = fields.recurrence_pattern
  if (!PATTERNS.includes(pattern)) {
    addProblem(
      problems,
      '/recurrence_pattern',
      'invalid',
      `recurrence_pattern is one of ${PATTERNS.join(', ')}`,
    )
  }
  const cron = readCron(fields, problems)
  const rrule = readRRule(fields, problems)
  checkKind(fields, problems)
  const zone = zoneOf(fields.time_zone)
  if (zone === null) {
    addProblem(
      problems,
      '/time_zone',
      'unknown_zone',
      `"${fields.time_zone.slice(0, 64)}" is not a time zone`,
      'Name an IANA zone such as Europe/Berlin; an offset does not know when clocks change',
    )
  }
  const start = readStart(fields, problems)
  const interval = fields.interval ?? 1
  if (!Number.isInteger(interval) || interval < 1 || interval > MAX_INTERVAL) {
    addProblem(problems, '/interval', 'out_of_range', `interval is a whole number from 1 to ${MAX_INTERVAL}`)
  }
  const policy = fields.month_day_policy ?? 'clamp'
  if (!POLICIES.includes(policy))
    addProblem(problems, '/month_day_policy', 'invalid', `month_day_policy is one of ${POLICIES.join(', ')}`)
  const anchor = fields.anchor ?? 'schedule'
  if (anchor !== 'schedule' && anchor !== 'completion')
    addProblem(problems, '/anchor', 'invalid', 'anchor is schedule or completion')
  const limits = readLimits(fields, rrule, problems)
  const ownTimes =
    cron !== null ||
    (rrule !== null && (isSubDaily(rrule) || rrule.byHour.length + rrule.byMinute.length > 0))
  const allDay = fields.all_day ?? (start !== null && start.minute === null && !ownTimes)
  const subDaily = cron?.subDaily === true || (rrule !== null && isSubDaily(rrule))
  checkTimes({ allDay, subDaily, rrule, anchor }, problems)
  if (zone === null) return null
  const wall = start === null ? null : start.day * MINUTES_PER_DAY + (allDay ? 0 : (start.minute ?? 0))
  return { pattern, interval, cron, rrule, policy, anchor, allDay, zone, start: wall, ...limits }
}

type Times = { allDay: boolean; subDaily: boolean; rrule: RRule | null; anchor: Anchor }

function checkTimes({ allDay, subDaily, rrule, anchor }: Times, problems: Problem[]): void {
  if (allDay && (subDaily || (rrule !== null && rrule.byHour.length + rrule.byMinute.length > 0))) {
    addProblem(
      problems,
      '/all_day',
      'conflict',
      'An all-day rule cannot have times of day',
      'Leave the times out, or set all_day to false',
    )
  }
  if (anchor === 'completion' && subDaily) {
    addProblem(
      problems,
      '/anchor',
      'conflict',
      'A rule that counts from completion counts in days',
      'Use a daily, weekly, monthly or yearly rule',
    )
  }
}

function build(draft: Draft): Omit<Rule, 'warnings'> {
  const walk: Walk = {
    zone: draft.zone,
    pattern: patternOf(draft),
    timing: timingOf(draft),
    start: draft.start,
  }
  const countEnd = draft.count === null ? () => Number.POSITIVE_INFINITY : lazyCountEnd(walk, draft.count)
  return { ...draft, walk, countEnd }
}

function patternOf({ pattern, interval, policy, cron, rrule, start, allDay }: Draft): WallPattern {
  if (cron !== null) return atTimes(cronDays(cron), allDay ? [0] : cron.times)
  if (rrule !== null) return rrulePattern(rrule, start!)
  return simplePattern({ unit: pattern as SimpleUnit, interval, policy }, start!)
}

function timingOf({ cron, rrule, zone, start }: Draft): Timing {
  if (cron?.subDaily === true) return { kind: 'elapsed', phase: null }
  if (rrule === null || !isSubDaily(rrule)) return { kind: 'fixed' }
  if (rrule.freq !== 'HOURLY' && rrule.freq !== 'MINUTELY') return { kind: 'elapsed', phase: null }
  // Phases count elapsed time from the start's instant. With BYMINUTE the unit is the whole hour it lies in.
  const first = resolveWall(zone, start!)?.at ?? start! * MINUTE_MS - zone.offsetAt(start! * MINUTE_MS)
  const wholeHours = rrule.freq === 'HOURLY' && rrule.byMinute.length > 0
  const origin = wholeHours ? first - (wallAt(zone, first) % 60) * MINUTE_MS : first
  const unit = rrule.freq === 'HOURLY' ? 60 * MINUTE_MS : MINUTE_MS
  return {
    kind: 'elapsed',
    phase: { origin, step: rrule.interval * unit, width: wholeHours ? unit : MINUTE_MS },
  }
}

function checkOccurs(rule: Omit<Rule, 'warnings'>, problems: Problem[]): void {
  const from = rule.start === null ? SAMPLE_DAY * 86_400_000 : BEFORE_ALL
  const first = hitAfter(rule.walk, from)
  if (first === null) {
    const field = rule.cron !== null ? 'cron_expression' : rule.rrule !== null ? 'rrule' : 'start'
    addProblem(problems, `/${field}`, 'never_occurs', 'This rule never occurs', neverHint(rule))
  } else if (rule.start !== null && rule.bounds.some((bound) => isPast(bound, first))) {
    addProblem(
      problems,
      '/until',
      'ends_before_start',
      'The rule ends before its first occurrence',
      'Move until to a later date, or start to an earlier one',
    )
  }
}

function neverHint({ cron, rrule }: Omit<Rule, 'warnings'>): string {
  if (cron !== null && !cron.anyDayOfMonth)
    return 'No month named has that day; L in the day of month is the last day of any month'
  if (rrule !== null && rrule.byMonthDay.length > 0)
    return 'No month named has that day; BYMONTHDAY=-1 is the last day of any month'
  return 'Take away one of its restrictions'
}
