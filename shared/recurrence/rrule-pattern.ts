import {
  CYCLE_DAYS,
  civilDate,
  dayNumber,
  dayOfWall,
  daysInMonth,
  MINUTES_PER_DAY,
  minuteOfWall,
  monthNumber,
  weekday,
} from './civil.ts'
import { atTimes, type DayPattern, horizon, lowerBound, timesOf, type WallPattern } from './pattern.ts'
import type { RRule } from './rrule.ts'
import { dayMatcher } from './rrule-days.ts'

export function isSubDaily(rule: RRule): boolean {
  return (
    rule.freq === 'HOURLY' ||
    rule.freq === 'MINUTELY' ||
    (rule.byHour.length === 24 && rule.bySetPos.length === 0)
  )
}

/** The wall minutes of a rule from its start (wall minutes) on. For sub-daily rules the phase is not in it. */
export function rrulePattern(rule: RRule, start: number): WallPattern {
  const startDay = dayOfWall(start)
  const times = rruleTimes(rule, minuteOfWall(start))
  const matches = dayMatcher(rule, startDay)
  if (rule.freq === 'HOURLY' || rule.freq === 'MINUTELY') return atTimes(everyDay(matches), times)
  const periods = createPeriods(rule, startDay, matches)
  if (rule.bySetPos.length > 0) return positions(periods, times, rule.bySetPos, start)
  const pattern = atTimes(daysOf(periods), times)
  return {
    next: (wall) => pattern.next(Math.max(wall, start)),
    prev: (wall) => {
      const found = pattern.prev(wall)
      return found === null || found < start ? null : found
    },
  }
}

/** The minutes of the day that the rule names or, where it is silent, takes from its start. */
function rruleTimes(rule: RRule, startMinute: number): readonly number[] {
  const all = (length: number) => Array.from({ length }, (_, index) => index)
  const subHourly = rule.freq === 'MINUTELY' || (rule.freq === 'HOURLY' && rule.byMinute.length === 0)
  const ownHours =
    rule.freq === 'HOURLY' || rule.freq === 'MINUTELY' ? all(24) : [Math.floor(startMinute / 60)]
  const ownMinutes = subHourly ? all(60) : [startMinute % 60]
  return timesOf(
    rule.byHour.length > 0 ? rule.byHour : ownHours,
    rule.byMinute.length > 0 ? selectedMinutes(rule) : ownMinutes,
  )
}

/** BYSETPOS in an hour chooses among its minutes; longer periods are handled by `positions`. */
function selectedMinutes({ freq, byMinute, bySetPos }: RRule): number[] {
  if (freq !== 'HOURLY' || bySetPos.length === 0) return byMinute
  return byMinute.filter(
    (_, index) => bySetPos.includes(index + 1) || bySetPos.includes(index - byMinute.length),
  )
}

function everyDay(matches: (day: number) => boolean): DayPattern {
  function next(day: number): number | null {
    const last = horizon(day)
    for (let at = day; at <= last; at += 1) if (matches(at)) return at
    return null
  }
  function prev(day: number): number | null {
    for (let at = day; at > day - CYCLE_DAYS; at -= 1) if (matches(at)) return at
    return null
  }
  return { next, prev }
}

/** The periods of a rule, numbered from the one its start lies in, each `interval` units apart. */
type Periods = {
  indexOf(day: number): number
  firstDay(index: number): number
  /** The matching days of a period in order; empty when the period has none. */
  days(index: number): readonly number[]
}

function createPeriods(rule: RRule, startDay: number, matches: (day: number) => boolean): Periods {
  const { freq, interval } = rule
  const span = freq === 'DAILY' ? 1 : 7
  const months = freq === 'YEARLY' ? 12 * interval : interval
  const origin =
    freq === 'DAILY' ? startDay : freq === 'WEEKLY' ? startDay - ((weekday(startDay) - rule.wkst + 7) % 7) : 0
  const startMonth = freq === 'YEARLY' ? civilDate(startDay).year * 12 : monthNumber(civilDate(startDay))
  const byMonth = new Set(rule.byMonth)
  const dayBased = freq === 'DAILY' || freq === 'WEEKLY'
  let memo: { index: number; days: readonly number[] } | null = null

  function firstDay(index: number): number {
    if (dayBased) return origin + index * span * interval
    const month = startMonth + index * months
    return dayNumber(Math.floor(month / 12), (((month % 12) + 12) % 12) + 1, 1)
  }

  function indexOf(day: number): number {
    if (dayBased) return Math.floor((day - origin) / (span * interval))
    return Math.floor((monthNumber(civilDate(day)) - startMonth) / months)
  }

  function collect(index: number): readonly number[] {
    const from = firstDay(index)
    if (freq === 'DAILY') return matches(from) ? [from] : NONE
    const days: number[] = []
    const add = (first: number, length: number) => {
      for (let day = first; day < first + length; day += 1) if (matches(day)) days.push(day)
    }
    if (freq === 'WEEKLY') add(from, 7)
    else {
      const { year, month } = civilDate(from)
      const length = freq === 'YEARLY' ? 12 : 1
      let first = from
      for (let at = month; at < month + length; at += 1) {
        const size = daysInMonth(year, at)
        if (byMonth.size === 0 || byMonth.has(at)) add(first, size)
        first += size
      }
    }
    return days
  }

  function days(index: number): readonly number[] {
    // Neighbouring searches ask for the same period again and again.
    if (memo?.index !== index) memo = { index, days: collect(index) }
    return memo.days
  }

  return { indexOf, firstDay, days }
}

const NONE: readonly number[] = []

function daysOf(periods: Periods): DayPattern {
  function next(day: number): number | null {
    const last = horizon(Math.max(day, periods.firstDay(0)))
    for (let index = Math.max(0, periods.indexOf(day)); periods.firstDay(index) <= last; index += 1) {
      const days = periods.days(index)
      if (days.length === 0 || days.at(-1)! < day) continue
      const found = days[lowerBound(days, day)]!
      return found <= last ? found : null
    }
    return null
  }
  function prev(day: number): number | null {
    const first = day - CYCLE_DAYS
    for (let index = periods.indexOf(day); index >= 0 && periods.firstDay(index) > first - 366; index -= 1) {
      const days = periods.days(index)
      if (days.length > 0 && days[0]! <= day) return days[lowerBound(days, day + 1) - 1]!
    }
    return null
  }
  return { next, prev }
}

/**
 * BYSETPOS: of the period's occurrences, ordered, only the ones at the given positions. A period is days × times,
 * so a position is found by division, however many occurrences the period would have.
 */
function positions(
  periods: Periods,
  times: readonly number[],
  wanted: readonly number[],
  start: number,
): WallPattern {
  function walls(index: number): number[] {
    const days = periods.days(index)
    const total = days.length * times.length
    const found = new Set<number>()
    for (const position of wanted) {
      const at = position > 0 ? position - 1 : total + position
      if (at < 0 || at >= total) continue
      const wall = days[Math.floor(at / times.length)]! * MINUTES_PER_DAY + times[at % times.length]!
      if (wall >= start) found.add(wall)
    }
    return [...found].sort((a, b) => a - b)
  }

  function next(wall: number): number | null {
    const from = Math.max(wall, start)
    const last = horizon(dayOfWall(from))
    for (
      let index = Math.max(0, periods.indexOf(dayOfWall(from)));
      periods.firstDay(index) <= last;
      index += 1
    ) {
      const found = walls(index).find((at) => at >= from)
      if (found !== undefined) return found
    }
    return null
  }

  function prev(wall: number): number | null {
    const first = dayOfWall(wall) - CYCLE_DAYS
    for (
      let index = periods.indexOf(dayOfWall(wall));
      index >= 0 && periods.firstDay(index) > first;
      index -= 1
    ) {
      const found = walls(index).findLast((at) => at <= wall)
      if (found !== undefined) return found
    }
    return null
  }

  return { next, prev }
}
