import { civilDate, dayOfWall, formatDay, MINUTES_PER_DAY } from './civil.ts'
import { missesDays } from './cron.ts'
import type { Rule } from './rule.ts'

/** Surprises that are no faults: what cron's OR means, months without the day, a start that does not match. */
export function ruleWarnings(rule: Omit<Rule, 'warnings'>): string[] {
  return [...cronWarnings(rule), ...monthWarnings(rule), ...startWarnings(rule)]
}

function cronWarnings({ cron, allDay }: Omit<Rule, 'warnings'>): string[] {
  if (cron === null) return []
  const warnings: string[] = []
  if (!cron.anyDayOfMonth && !cron.anyWeekday) {
    const every = cron.daysOfMonth.filter((day) => day <= 31).length === 31
    warnings.push(
      every
        ? 'Day of month and day of week are joined with "or" in cron: with all days of the month named, this runs on every day.'
        : 'Day of month and day of week are joined with "or" in cron: this runs when either matches, not only when both do.',
    )
  }
  if (missesDays(cron)) warnings.push('Months that lack the day are skipped, as cron does.')
  if (unevenStep(cron.minutes, 60) || (cron.minutes.length === 1 && unevenStep(cron.hours, 24))) {
    warnings.push(
      'Steps start again in every hour or day, so the last stretch before that is shorter than the others.',
    )
  }
  if (allDay) warnings.push('An all-day rule takes only the dates of the cron expression, not its times.')
  return warnings
}

/** Evenly spaced from 0 on, but not up to the end of the field. */
function unevenStep(values: readonly number[], size: number): boolean {
  const step = values[1] ?? 0
  if (values[0] !== 0 || step < 2 || values.length !== Math.ceil(size / step)) return false
  return size % step !== 0 && values.every((value, index) => value === index * step)
}

function monthWarnings({ pattern, policy, rrule, start, anchor }: Omit<Rule, 'warnings'>): string[] {
  if (start === null || anchor === 'completion') return []
  const { day, month } = civilDate(dayOfWall(start))
  const monthly = pattern === 'monthly' || rrule?.freq === 'MONTHLY'
  const yearly = pattern === 'yearly' || rrule?.freq === 'YEARLY'
  if (rrule !== null) {
    const named = rrule.byMonthDay.some((wanted) => Math.abs(wanted) > 28)
    const implied =
      rrule.byMonthDay.length + rrule.byDay.length + rrule.byYearDay.length + rrule.byWeekNo.length === 0
    const missing = implied && ((monthly && day > 28) || (yearly && day === 29 && month === 2))
    const unlessChosen = rrule.bySetPos.length === 0
    return missing || (named && unlessChosen)
      ? ['Dates that do not exist are skipped, as RFC 5545 says.']
      : []
  }
  if (policy === 'last') return []
  if (!(monthly && day > 28) && !(yearly && day === 29 && month === 2)) return []
  const where = yearly ? 'Years without 29 February' : `Months without day ${day}`
  return [policy === 'clamp' ? `${where} use the last day of the month.` : `${where} are skipped.`]
}

function startWarnings({ walk, start, cron, allDay }: Omit<Rule, 'warnings'>): string[] {
  if (start === null || cron !== null) return []
  if (walk.timing.kind === 'elapsed') return []
  const first = walk.pattern.next(start)
  if (first === null || first === start) return []
  const date = formatDay(Math.floor(first / MINUTES_PER_DAY))
  const sameDay = dayOfWall(first) === dayOfWall(start)
  return sameDay && !allDay
    ? []
    : [`The start does not match the rule itself: the first occurrence is on ${date}.`]
}
