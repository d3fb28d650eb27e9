import { dayOfWall, MINUTES_PER_DAY, minuteOfWall } from './civil.ts'

/**
 * The dates of a rule, without any zone. Both searches include the day they are given and end with null where the years
 * of rules end, not earlier: a nearer limit would make the answer depend on where a search begins.
 */
export type DayPattern = { next(day: number): number | null; prev(day: number): number | null }

/** The same for wall minutes (see civil.ts). */
export type WallPattern = {
  next(wall: number): number | null
  prev(wall: number): number | null
  /** True when the date was moved because the wanted one does not exist (31 → 30). */
  clamped?(wall: number): boolean
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
