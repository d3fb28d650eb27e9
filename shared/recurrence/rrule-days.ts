import { civilDate, dayNumber, daysInMonth, isLeapYear, monthNumber, weekday } from './civil.ts'
import { allDays, daysByMonth, filterMask, nthWeekdayMask, weekdayMask } from './months.ts'
import type { DayPattern } from './pattern.ts'
import type { RRule } from './rrule.ts'

/**
 * The dates that pass the BY parts and the interval of a rule, without regard to BYSETPOS and to where the rule
 * starts. Parts that a rule lacks but needs come from its first day, as RFC 5545 section 3.3.10 says.
 */
export function rruleDays(rule: RRule, startDay: number): DayPattern {
  const parts = withDefaults(rule, startDay)
  const active = monthFilter(rule, startDay)
  const dayFilter = combine([intervalFilter(rule, startDay), yearDayFilter(parts), weekFilter(rule)])

  return daysByMonth((year, month, first) => {
    if (!active(year, month)) return 0
    const length = daysInMonth(year, month)
    let mask = allDays(length)
    if (parts.byMonthDay.length > 0) mask &= monthDayMask(parts.byMonthDay, length)
    if (parts.byDay.length > 0) mask &= byDayMask(rule, parts.byDay, { year, first, length })
    return dayFilter === null || mask === 0 ? mask : filterMask(mask, first, dayFilter)
  })
}

type Parts = Pick<RRule, 'byMonth' | 'byMonthDay' | 'byYearDay' | 'byDay'>

function withDefaults(rule: RRule, startDay: number): Parts {
  if (rule.byMonthDay.length + rule.byYearDay.length + rule.byDay.length > 0) return rule
  const start = civilDate(startDay)
  if (rule.freq === 'WEEKLY' || rule.byWeekNo.length > 0) {
    return { ...rule, byDay: [{ weekday: weekday(startDay), n: 0 }] }
  }
  return rule.freq === 'MONTHLY' || rule.freq === 'YEARLY' ? { ...rule, byMonthDay: [start.day] } : rule
}

/** BYMONTH, and for months and years the interval. A plain yearly rule keeps to the month of its start. */
function monthFilter(rule: RRule, startDay: number): (year: number, month: number) => boolean {
  const start = civilDate(startDay)
  const { freq, interval, byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule
  const free = byMonth.length + byMonthDay.length + byYearDay.length + byWeekNo.length + byDay.length === 0
  const months = new Set(freq === 'YEARLY' && free ? [start.month] : byMonth)
  const startMonth = monthNumber(start)
  return (year, month) => {
    if (months.size > 0 && !months.has(month)) return false
    if (freq === 'YEARLY') return (year - start.year) % interval === 0
    return freq !== 'MONTHLY' || (year * 12 + month - 1 - startMonth) % interval === 0
  }
}

type DayFilter = ((day: number) => boolean) | null

function combine(filters: readonly DayFilter[]): DayFilter {
  const used = filters.filter((filter) => filter !== null)
  if (used.length < 2) return used[0] ?? null
  return (day) => used.every((filter) => filter(day))
}

function intervalFilter({ freq, interval, wkst }: RRule, startDay: number): DayFilter {
  if (interval === 1) return null
  if (freq === 'DAILY') return (day) => (day - startDay) % interval === 0
  if (freq !== 'WEEKLY') return null
  const firstWeek = startDay - ((weekday(startDay) - wkst + 7) % 7)
  return (day) => Math.floor((day - firstWeek) / 7) % interval === 0
}

function yearDayFilter({ byYearDay }: Parts): DayFilter {
  if (byYearDay.length === 0) return null
  const wanted = new Set(byYearDay)
  return (day) => {
    const { year } = civilDate(day)
    const yearDay = day - dayNumber(year, 1, 1) + 1
    return wanted.has(yearDay) || wanted.has(yearDay - yearLength(year) - 1)
  }
}

function weekFilter({ byWeekNo, wkst }: RRule): DayFilter {
  if (byWeekNo.length === 0) return null
  const wanted = new Set(byWeekNo)
  return (day) => {
    const { week, total } = weekNumber(day, wkst)
    return wanted.has(week) || wanted.has(week - total - 1)
  }
}

/** The number of the week a day lies in, and how many weeks that week's year has; weeks begin on `wkst`. */
export function weekNumber(day: number, wkst: number): { week: number; total: number } {
  // A week belongs to the year of its fourth day.
  const fourth = day - ((weekday(day) - wkst + 7) % 7) + 3
  const { year } = civilDate(fourth)
  const yearDay = fourth - dayNumber(year, 1, 1)
  return {
    week: Math.floor(yearDay / 7) + 1,
    total: Math.floor((yearLength(year) - 1 - (yearDay % 7)) / 7) + 1,
  }
}

function monthDayMask(days: readonly number[], length: number): number {
  let mask = 0
  for (const day of days) {
    const at = day > 0 ? day : length + day + 1
    if (at >= 1 && at <= length) mask |= 1 << at
  }
  return mask
}

type Month = { year: number; first: number; length: number }

/** Weekdays; numbered ones count within the month, in a yearly rule without BYMONTH within the year. */
function byDayMask(rule: RRule, byDay: RRule['byDay'], { year, first, length }: Month): number {
  const inYear = rule.freq === 'YEARLY' && rule.byMonth.length === 0
  let mask = 0
  for (const wanted of byDay) {
    if (wanted.n === 0) mask |= weekdayMask(wanted.weekday, first)
    else if (!inYear) mask |= nthWeekdayMask(wanted, first, length)
    else {
      const january = dayNumber(year, 1, 1)
      mask |= filterMask(weekdayMask(wanted.weekday, first) & allDays(length), first, (day) => {
        const position = wanted.n > 0 ? day - january : january + yearLength(year) - 1 - day
        return Math.floor(position / 7) + 1 === Math.abs(wanted.n)
      })
    }
  }
  return mask
}

function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365
}
