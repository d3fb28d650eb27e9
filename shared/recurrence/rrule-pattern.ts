import {
  civilDate,
  dayNumber,
  dayOfWall,
  MINUTES_PER_DAY,
  minuteOfWall,
  monthNumber,
  weekday,
} from './civil.ts'
import { atTimes, type DayPattern, timesOf, type WallPattern } from './pattern.ts'
import type { RRule } from './rrule.ts'
import { rruleDays } from './rrule-days.ts'

/** A rule of hours or minutes, or one that names every hour of the day, which is the same in other words. */
export function isSubDaily(rule: RRule): boolean {
  return (
    rule.freq === 'HOURLY' ||
    rule.freq === 'MINUTELY' ||
    (rule.byHour.length === 24 && rule.bySetPos.length === 0)
  )
}

/** The wall minutes of a rule; forwards from its start (wall minutes) on, backwards the walk stops there. The phase of hours and minutes is not in it. */
export function rrulePattern(rule: RRule, start: number): WallPattern {
  const days = rruleDays(rule, dayOfWall(start))
  const times = rruleTimes(rule, minuteOfWall(start))
  // Two copies of an hour, or a clock turned back over midnight, may bring sub-daily rules before the start's wall
  // time; their beginning is an instant, which the walk knows.
  if (rule.freq === 'HOURLY' || rule.freq === 'MINUTELY') return atTimes(days, times)
  const pattern = rule.bySetPos.length > 0 ? positions(rule, { days, times, start }) : atTimes(days, times)
  return { next: (wall) => pattern.next(Math.max(wall, start)), prev: pattern.prev }
}

/** The minutes of the day that the rule names or, where it is silent, takes from its start. */
function rruleTimes(rule: RRule, startMinute: number): readonly number[] {
  const all = (length: number) => Array.from({ length }, (_, index) => index)
  const subDaily = rule.freq === 'HOURLY' || rule.freq === 'MINUTELY'
  const everyMinute = rule.freq === 'MINUTELY' || (rule.freq === 'HOURLY' && rule.byMinute.length === 0)
  const ownHours = subDaily ? all(24) : [Math.floor(startMinute / 60)]
  const ownMinutes = everyMinute ? all(60) : [startMinute % 60]
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

/** The periods of a rule, numbered from the one its start lies in: period n begins on `firstDay(n)`. */
type Periods = { indexOf(day: number): number; firstDay(index: number): number }

function periodsOf({ freq, interval, wkst }: RRule, startDay: number): Periods {
  if (freq === 'DAILY' || freq === 'WEEKLY') {
    const span = (freq === 'DAILY' ? 1 : 7) * interval
    const origin = freq === 'DAILY' ? startDay : startDay - ((weekday(startDay) - wkst + 7) % 7)
    return {
      indexOf: (day) => Math.floor((day - origin) / span),
      firstDay: (index) => origin + index * span,
    }
  }
  const start = civilDate(startDay)
  const span = (freq === 'YEARLY' ? 12 : 1) * interval
  const origin = freq === 'YEARLY' ? start.year * 12 : monthNumber(start)
  return {
    indexOf: (day) => Math.floor((monthNumber(civilDate(day)) - origin) / span),
    firstDay: (index) => {
      const month = origin + index * span
      const year = Math.floor(month / 12)
      return dayNumber(year, month - year * 12 + 1, 1)
    },
  }
}

/**
 * BYSETPOS: of each period's occurrences, in order, only the ones at the given positions. A period is its days times
 * the times of day, so a position is found by division, however many occurrences the period would have.
 */
function positions(
  rule: RRule,
  { days, times, start }: { days: DayPattern; times: readonly number[]; start: number },
): WallPattern {
  const periods = periodsOf(rule, dayOfWall(start))

  // Neighbouring searches ask for the same period again and again.
  let memo: { index: number; found: readonly number[] } = { index: Number.NaN, found: [] }

  function walls(index: number): readonly number[] {
    if (memo.index !== index) memo = { index, found: collect(index) }
    return memo.found
  }

  function collect(index: number): number[] {
    const end = periods.firstDay(index + 1)
    const inPeriod: number[] = []
    for (let day = days.next(periods.firstDay(index)); day !== null && day < end; day = days.next(day + 1))
      inPeriod.push(day)
    const total = inPeriod.length * times.length
    const found = new Set<number>()
    for (const position of rule.bySetPos) {
      const at = position > 0 ? position - 1 : total + position
      if (at < 0 || at >= total) continue
      found.add(inPeriod[Math.floor(at / times.length)]! * MINUTES_PER_DAY + times[at % times.length]!)
    }
    return [...found].sort((a, b) => a - b)
  }

  function next(wall: number): number | null {
    for (let from = periods.firstDay(Math.max(0, periods.indexOf(dayOfWall(wall)))); ; ) {
      const day = days.next(from)
      if (day === null) return null
      const index = periods.indexOf(day)
      const found = walls(index).find((at) => at >= wall)
      if (found !== undefined) return found
      from = periods.firstDay(index + 1)
    }
  }

  function prev(wall: number): number | null {
    for (let from = periods.firstDay(periods.indexOf(dayOfWall(wall)) + 1) - 1; ; ) {
      const day = days.prev(from)
      if (day === null || day < dayOfWall(start)) return null
      const index = periods.indexOf(day)
      const found = walls(index).findLast((at) => at <= wall)
      if (found !== undefined) return found
      from = periods.firstDay(index) - 1
    }
  }

  return { next, prev }
}
