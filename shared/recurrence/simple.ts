import {
  civilDate,
  dayNumber,
  dayOfWall,
  daysInMonth,
  LAST_DAY,
  LAST_YEAR,
  MINUTES_PER_DAY,
  minuteOfWall,
  monthNumber,
} from './civil.ts'
import type { WallPattern } from './pattern.ts'

export type SimpleUnit = 'daily' | 'weekly' | 'monthly' | 'yearly'
export type MonthDayPolicy = 'clamp' | 'skip' | 'last'
export type SimpleRule = { unit: SimpleUnit; interval: number; policy: MonthDayPolicy }

/**
 * Every n days, weeks, months or years from a start (wall minutes). The phase and the wanted day of the month
 * always come from the start and never from an earlier result, so 31 Jan, 28 Feb, 31 Mar.
 */
export function simplePattern(rule: SimpleRule, start: number): WallPattern {
  if (rule.unit === 'daily') return everyDays(rule.interval, start)
  if (rule.unit === 'weekly') return everyDays(rule.interval * 7, start)
  return everyMonths(rule.unit === 'monthly' ? rule.interval : rule.interval * 12, rule.policy, start)
}

const LAST_WALL = (LAST_DAY + 1) * MINUTES_PER_DAY - 1
const LAST_MONTH = LAST_YEAR * 12 + 11

function everyDays(days: number, start: number): WallPattern {
  const step = days * MINUTES_PER_DAY
  const nth = (k: number) => (start + k * step <= LAST_WALL ? start + k * step : null)
  return {
    next: (wall) => nth(Math.max(0, Math.ceil((wall - start) / step))),
    prev: (wall) => (wall < start ? null : nth(Math.floor((Math.min(wall, LAST_WALL) - start) / step))),
  }
}

function everyMonths(step: number, policy: MonthDayPolicy, start: number): WallPattern {
  const anchor = civilDate(dayOfWall(start))
  const time = minuteOfWall(start)
  const firstMonth = monthNumber(anchor)

  function nth(k: number): number | null {
    const day = dayInMonth(firstMonth + k * step, anchor.day, policy)
    return day === null ? null : day * MINUTES_PER_DAY + time
  }

  function next(wall: number): number | null {
    const month = monthNumber(civilDate(dayOfWall(wall)))
    const from = Math.max(wall, start)
    for (
      let k = Math.max(0, Math.floor((month - firstMonth) / step));
      firstMonth + k * step <= LAST_MONTH;
      k += 1
    ) {
      const found = nth(k)
      if (found !== null && found >= from) return found
    }
    return null
  }

  function prev(wall: number): number | null {
    const month = Math.min(monthNumber(civilDate(dayOfWall(wall))), LAST_MONTH)
    for (let k = Math.floor((month - firstMonth) / step); k >= 0; k -= 1) {
      const found = nth(k)
      if (found !== null && found <= wall) return found >= start ? found : null
    }
    return null
  }

  const clamped = (wall: number) => policy === 'clamp' && civilDate(dayOfWall(wall)).day < anchor.day
  return { next, prev, clamped }
}

/** The day number in a month (see `monthNumber`) for a wanted day of the month; null when it is skipped. */
export function dayInMonth(month: number, wanted: number, policy: MonthDayPolicy): number | null {
  const year = Math.floor(month / 12)
  const monthOfYear = month - year * 12 + 1
  const length = daysInMonth(year, monthOfYear)
  if (policy === 'last') return dayNumber(year, monthOfYear, length)
  if (wanted > length) return policy === 'clamp' ? dayNumber(year, monthOfYear, length) : null
  return dayNumber(year, monthOfYear, wanted)
}
