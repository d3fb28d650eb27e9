import { civilDate, daysInMonth, FIRST_DAY, LAST_DAY, weekday } from './civil.ts'
import type { DayPattern } from './pattern.ts'

/**
 * The matching days of one month as a mask: bit d stands for day d. `first` is the day number of the month's first
 * day. Bit 31 is the sign of the number, so masks are only ever combined with bitwise operators.
 */
export type MonthMask = (year: number, month: number, first: number) => number

/** Walks month by month, so that a search over centuries costs microseconds. */
export function daysByMonth(maskOf: MonthMask): DayPattern {
  function next(day: number): number | null {
    let { year, month, day: from } = civilDate(day)
    for (let before = day - from; before < LAST_DAY; ) {
      const left = maskOf(year, month, before + 1) & (-1 << from)
      if (left !== 0) {
        const found = before + 31 - Math.clz32(left & -left)
        return found <= LAST_DAY ? found : null
      }
      before += daysInMonth(year, month)
      from = 0
      if (month === 12) year += 1
      month = month === 12 ? 1 : month + 1
    }
    return null
  }

  function prev(day: number): number | null {
    const begin = Math.min(day, LAST_DAY)
    let { year, month, day: from } = civilDate(begin)
    for (let before = begin - from; before + 31 >= FIRST_DAY; ) {
      const left = maskOf(year, month, before + 1) & ~(-2 << from)
      if (left !== 0) return before + 31 - Math.clz32(left)
      if (month === 1) year -= 1
      month = month === 1 ? 12 : month - 1
      before -= daysInMonth(year, month)
      from = 31
    }
    return null
  }

  return { next, prev }
}

/** The days that a month of this length has. */
export function allDays(length: number): number {
  return length === 31 ? -2 : (1 << (length + 1)) - 2
}

/** Every such weekday; bits beyond the month's end may be set. */
export function weekdayMask(wanted: number, first: number): number {
  return 0x10204081 << firstOf(wanted, first)
}

/** The nth such weekday, counted from the end when n is negative; no bit when the month has none. */
export function nthWeekdayMask({ weekday: wanted, n }: NthWeekday, first: number, length: number): number {
  const from = firstOf(wanted, first)
  const last = from + 7 * Math.floor((length - from) / 7)
  const day = n > 0 ? from + 7 * (n - 1) : last + 7 * (n + 1)
  return day >= 1 && day <= length ? 1 << day : 0
}

export type NthWeekday = { weekday: number; n: number }

/** The days of a mask that pass a test of their day number. */
export function filterMask(mask: number, first: number, passes: (day: number) => boolean): number {
  let left = mask
  let kept = 0
  while (left !== 0) {
    const bit = left & -left
    if (passes(first + 30 - Math.clz32(bit))) kept |= bit
    left &= ~bit
  }
  return kept
}

/** Day of the month of the first such weekday. */
function firstOf(wanted: number, first: number): number {
  return 1 + ((wanted - weekday(first) + 7) % 7)
}
