import { dayOfWall, LAST_DAY, MINUTES_PER_DAY, minuteOfWall } from './civil.ts'

/**
 * The dates of a rule, without any zone. Both searches include the day they are given and end with null when
 * nothing is found within SEARCH_DAYS or outside the years a rule may reach.
 */
export type DayPattern = { next(day: number): number | null; prev(day: number): number | null }

/** The same for wall minutes (see civil.ts). */
export type WallPattern = {
  next(wall: number): number | null
  prev(wall: number): number | null
  /** True when the date was moved because the wanted one does not exist (31 → 30). */
  clamped?(wall: number): boolean
}

/** A century and a bit. The rarest rule of use, a 29 February on a certain weekday, pauses for 40 years at most. */
export const SEARCH_DAYS = 40_000

/** The last day worth looking at in a search that starts at `day`. */
export function horizon(day: number): number {
  return Math.min(day + SEARCH_DAYS, LAST_DAY)
}

/** Every matching date at each of the times (sorted minutes of the day). */
export function atTimes(days: DayPattern, times: readonly number[]): WallPattern {
  const [first, last] = [times[0]!, times.at(-1)!]

  function next(wall: number): number | null {
    const from = dayOfWall(wall)
    const minute = minuteOfWall(wall)
    const day = days.next(minute > last ? from + 1 : from)
    if (day === null) return null
    return day * MINUTES_PER_DAY + (day > from ? first : times[lowerBound(times, minute)]!)
  }

  function prev(wall: number): number | null {
    const from = dayOfWall(wall)
    const minute = minuteOfWall(wall)
    const day = days.prev(minute < first ? from - 1 : from)
    if (day === null) return null
    return day * MINUTES_PER_DAY + (day < from ? last : times[lowerBound(times, minute + 1) - 1]!)
  }

  return { next, prev }
}

/** Index of the first value that is at least `wanted`; the length when there is none. */
export function lowerBound(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < wanted) low = middle + 1
    else high = middle
  }
  return low
}

/** All minutes of the day: the times of a rule that does not restrict them. */
export const EVERY_MINUTE: readonly number[] = Array.from({ length: MINUTES_PER_DAY }, (_, index) => index)

/** Sorted minutes of the day from hours and minutes. */
export function timesOf(hours: readonly number[], minutes: readonly number[]): readonly number[] {
  if (hours.length === 24 && minutes.length === 60) return EVERY_MINUTE
  return hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
}
