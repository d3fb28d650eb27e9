import * as clock from '../shared/wall-clock.ts'

/** What clocks on walls show: days since 1970-01-01 and minutes since midnight. */
export type Wall = { day: number; minute: number }

const dayMs = 86_400_000
const minuteMs = 60_000

/** An unknown zone counts as UTC: a message an hour off is better than none. */
function offsetsOf(zone: string): clock.OffsetAt {
  try {
    return clock.offsetsOf(zone)
  } catch {
    return clock.offsetsOf('UTC')
  }
}

export function wallAt(instant: number, zone: string): Wall {
  const local = instant + offsetsOf(zone)(instant)
  const day = Math.floor(local / dayMs)
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) }
}

/** 0 = Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

/** The instants at which clocks in `zone` show a time, as `instantsOf` of shared/wall-clock.ts. */
export const instantsOf = ({ day, minute }: Wall, zone: string): { first: number; last: number } =>
  clock.instantsOf(day * dayMs + minute * minuteMs, offsetsOf(zone))
