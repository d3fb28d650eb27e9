import { DAY_MS, dayOfWall, MINUTE_MS } from './civil.ts'
import type { Zone } from './zone.ts'

/** `gap`: the clock never showed this minute; `first`: it showed it more than once and this is the first time. */
export type Resolved = { at: number; how: 'exact' | 'gap' | 'first' }

// No zone has ever been further than 16 hours from UTC.
const REACH_MS = 16 * 3_600_000

/**
 * The one place where a wall time becomes an instant (ms). A minute that a forward change skips becomes the first
 * valid minute after the change; a minute that a backward change repeats is taken the first time; a date that the
 * zone leaves out altogether (Pacific/Apia 2011-12-30) has no instant: null.
 */
export function resolveWall(zone: Zone, wall: number): Resolved | null {
  const reading = wall * MINUTE_MS
  const changes = zone.changes(reading - REACH_MS, reading + REACH_MS)
  let offset = zone.offsetAt(reading - REACH_MS)
  if (changes.length === 0) return { at: reading - offset, how: 'exact' }

  const copies: number[] = []
  let from = Number.NEGATIVE_INFINITY
  for (const change of changes) {
    const at = reading - offset
    if (at >= from && at < change.at) copies.push(at)
    from = change.at
    offset = change.after
  }
  if (reading - offset >= from) copies.push(reading - offset)
  if (copies.length > 0) return { at: copies[0]!, how: copies.length > 1 ? 'first' : 'exact' }

  const gap = changes.find(
    (change) => change.at + change.before <= reading && reading < change.at + change.after,
  )
  if (gap === undefined) throw new Error(`No change of ${zone.name} explains the missing wall time ${wall}`)
  const midnight = dayOfWall(wall) * DAY_MS
  if (gap.at + gap.before <= midnight && midnight + DAY_MS <= gap.at + gap.after) return null
  // Changes fall on whole minutes of local time but for a few before 1972.
  const end = Math.ceil((gap.at + gap.after) / MINUTE_MS) * MINUTE_MS
  return { at: end - gap.after, how: 'gap' }
}

/** What a clock in the zone shows at an instant, in whole wall minutes (rounded down). */
export function wallAt(zone: Zone, instant: number): number {
  return Math.floor((instant + zone.offsetAt(instant)) / MINUTE_MS)
}

/** The highest wall minute the zone's clocks have shown up to an instant, seen over the last day and a bit. */
export function highestWallUpTo(zone: Zone, instant: number): number {
  let highest = wallAt(zone, instant)
  for (const change of zone.changes(instant - 26 * 3_600_000, instant)) {
    highest = Math.max(highest, Math.ceil((change.at + change.before) / MINUTE_MS) - 1)
  }
  return highest
}
