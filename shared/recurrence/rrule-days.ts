import { type CivilDate, civilDate, dayNumber, daysInMonth, isLeapYear, weekday } from './civil.ts'
import type { RRule } from './rrule.ts'

/**
 * Whether a day passes the BY parts of a rule. Parts that a rule lacks but needs come from its start, as RFC 5545
 * section 3.3.10 says; `startDay` is that day.
 */
export function dayMatcher(rule: RRule, startDay: number): (day: number) => boolean {
  const parts = withDefaults(rule, startDay)
  const months = maskOf(parts.byMonth)
  const monthDays = maskOf(parts.byMonthDay.filter((day) => day > 0))
  const monthDaysFromEnd = maskOf(parts.byMonthDay.filter((day) => day < 0).map((day) => -day))
  const anyMonthDay = parts.byMonthDay.length === 0
  const weekdays = maskOf(parts.byDay.filter((day) => day.n === 0).map((day) => day.weekday))
  const ordinals = parts.byDay.filter((day) => day.n !== 0)
  const anyWeekday = parts.byDay.length === 0
  const nthInYear = rule.freq === 'YEARLY' && rule.byMonth.length === 0
  const needsYearDay =
    parts.byYearDay.length > 0 || parts.byWeekNo.length > 0 || (nthInYear && ordinals.length > 0)

  function matchesWeekday(day: number, date: CivilDate, yearDay: number): boolean {
    const own = weekday(day)
    if ((weekdays >>> own) & 1) return true
    if (ordinals.length === 0) return false
    const [position, length] = nthInYear
      ? [yearDay, isLeapYear(date.year) ? 366 : 365]
      : [date.day, daysInMonth(date.year, date.month)]
    const n = Math.ceil(position / 7)
    const fromEnd = -Math.ceil((length - position + 1) / 7)
    return ordinals.some((wanted) => wanted.weekday === own && (wanted.n === n || wanted.n === fromEnd))
  }

  return (day) => {
    const date = civilDate(day)
    if (months !== 0 && !((months >>> date.month) & 1)) return false
    if (!anyMonthDay && !((monthDays >>> date.day) & 1)) {
      if (monthDaysFromEnd === 0) return false
      if (!((monthDaysFromEnd >>> (daysInMonth(date.year, date.month) - date.day + 1)) & 1)) return false
    }
    const yearDay = needsYearDay ? day - dayNumber(date.year, 1, 1) + 1 : 0
    if (!anyWeekday && !matchesWeekday(day, date, yearDay)) return false
    if (parts.byYearDay.length > 0) {
      const fromEnd = yearDay - (isLeapYear(date.year) ? 367 : 366)
      if (!parts.byYearDay.includes(yearDay) && !parts.byYearDay.includes(fromEnd)) return false
    }
    if (parts.byWeekNo.length > 0) {
      const { week, total } = weekNumber(day, rule.wkst)
      if (!parts.byWeekNo.includes(week) && !parts.byWeekNo.includes(week - total - 1)) return false
    }
    return true
  }
}

type Parts = Pick<RRule, 'byMonth' | 'byMonthDay' | 'byYearDay' | 'byWeekNo' | 'byDay'>

function withDefaults(rule: RRule, startDay: number): Parts {
  const free = rule.byMonthDay.length + rule.byYearDay.length + rule.byDay.length === 0
  const start = civilDate(startDay)
  if (!free) return rule
  if (rule.freq === 'WEEKLY' || (rule.freq === 'YEARLY' && rule.byWeekNo.length > 0)) {
    return { ...rule, byDay: [{ weekday: weekday(startDay), n: 0 }] }
  }
  if (rule.freq === 'MONTHLY') return { ...rule, byMonthDay: [start.day] }
  if (rule.freq !== 'YEARLY') return rule
  return { ...rule, byMonth: rule.byMonth.length > 0 ? rule.byMonth : [start.month], byMonthDay: [start.day] }
}

function maskOf(values: readonly number[]): number {
  return values.reduce((mask, value) => mask | (1 << value), 0)
}

/** The number of the week a day lies in, and how many weeks that week's year has; weeks begin on `wkst`. */
export function weekNumber(day: number, wkst: number): { week: number; total: number } {
  // A week belongs to the year of its fourth day.
  const fourth = day - ((weekday(day) - wkst + 7) % 7) + 3
  const { year } = civilDate(fourth)
  const yearDay = fourth - dayNumber(year, 1, 1)
  const firstFourth = yearDay % 7
  return {
    week: Math.floor(yearDay / 7) + 1,
    total: Math.floor(((isLeapYear(year) ? 366 : 365) - 1 - firstFourth) / 7) + 1,
  }
}
