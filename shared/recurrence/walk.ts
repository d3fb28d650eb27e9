import { DAY_MS, LAST_DAY, MINUTE_MS, MINUTES_PER_DAY } from './civil.ts'
import type { WallPattern } from './pattern.ts'
import { highestWallUpTo, resolveWall, wallAt } from './wall-time.ts'
import type { Zone } from './zone.ts'

/**
 * How wall times become instants. `fixed`: each once (gap → after it, overlap → first copy). `elapsed`: sub-daily
 * rules, every instant at which the clock shows a matching minute, so both copies of an overlap and none for a gap.
 * A `phase` keeps of these only the instants within `width` of a multiple of `step` ms from `origin`.
 */
export type Timing =
  | { kind: 'fixed' }
  | { kind: 'elapsed'; phase: { origin: number; step: number; width: number } | null }

export type Walk = {
  zone: Zone
  pattern: WallPattern
  timing: Timing
  /** The first wall minute that may occur; null when the rule has no beginning of its own. */
  start: number | null
}

/** One occurrence. `wall` is the minute the rule asked for, which in a gap the clock never showed. */
export type Hit = { at: number; wall: number; how: 'exact' | 'gap' | 'first' }

const LAST_WALL = (LAST_DAY + 1) * MINUTES_PER_DAY

/** How many steps a search may still take. Only rules whose phase seldom meets their times of day need many. */
export type Budget = { steps: number }

export function searchBudget(): Budget {
  return { steps: 6000 }
}

/** No occurrence is as late as this, in any zone; what lies beyond may not even be a date. */
export const AFTER_ALL = (LAST_DAY + 3) * DAY_MS

/** The first occurrence strictly after an instant; null when there is none or the budget is spent. */
export function hitAfter(walk: Walk, after: number, budget = searchBudget()): Hit | null {
  if (after >= AFTER_ALL) return null
  const hit = walk.timing.kind === 'fixed' ? fixedAfter(walk, after) : elapsedAfter(walk, after, budget)
  if (hit !== null && hit.at <= after)
    throw new Error(`Recurrence went backwards: ${hit.at} is not after ${after}`)
  return hit
}

/** The last occurrence at or before an instant. */
export function hitUpTo(walk: Walk, upTo: number): Hit | null {
  const end = Math.min(upTo, AFTER_ALL)
  return walk.timing.kind === 'fixed' ? fixedUpTo(walk, end) : elapsedUpTo(walk, end)
}

function fixedAfter({ zone, pattern, start }: Walk, after: number): Hit | null {
  let wall = wallAt(zone, after)
  if (start !== null && start > wall) wall = start
  while (wall < LAST_WALL) {
    const found = pattern.next(wall)
    if (found === null) return null
    const resolved = resolveWall(zone, found)
    if (resolved !== null && resolved.at > after) return settle(zone, pattern, found, resolved)
    wall = found + 1
  }
  return null
}

function fixedUpTo({ zone, pattern, start }: Walk, upTo: number): Hit | null {
  let wall = highestWallUpTo(zone, upTo)
  for (;;) {
    const found = pattern.prev(wall)
    if (found === null || (start !== null && found < start)) return null
    const resolved = resolveWall(zone, found)
    if (resolved !== null && resolved.at <= upTo) return settle(zone, pattern, found, resolved)
    wall = found - 1
  }
}

/** Several minutes of one gap, and the minute that ends it, are one instant: the exact minute speaks for all. */
function settle(zone: Zone, pattern: WallPattern, wall: number, { at, how }: Omit<Hit, 'wall'>): Hit {
  if (how === 'gap') {
    const end = wallAt(zone, at)
    if (pattern.next(end) === end) return { at, wall: end, how: 'exact' }
    const last = pattern.prev(end)
    if (last !== null && last > wall) return { at, wall: last, how }
  }
  return { at, wall, how }
}

// The searches below read the clock in stretches without a change. A match more than two days away is approached
// with one jump: no change turns a clock back that far, so nothing in between can match.
const NEAR_MS = 2 * DAY_MS

function elapsedAfter(walk: Walk, after: number, budget: Budget): Hit | null {
  const { zone, pattern } = walk
  let from = Math.max(after + 1, startInstant(walk))
  for (; budget.steps > 0; budget.steps -= 1) {
    const offset = zone.offsetAt(from)
    const wall = pattern.next(Math.ceil((from + offset) / MINUTE_MS))
    if (wall === null) return null
    const at = wall * MINUTE_MS - offset
    const change = zone.changes(from, Math.min(at, from + NEAR_MS))[0]
    if (change !== undefined) from = change.at
    else if (at > from + NEAR_MS) from = at - NEAR_MS
    else {
      const wanted = inPhase(walk.timing, at, 1)
      if (wanted === at) return { at, wall, how: 'exact' }
      from = wanted
    }
  }
  return null
}

function elapsedUpTo(walk: Walk, upTo: number): Hit | null {
  const { zone, pattern } = walk
  const first = startInstant(walk)
  let from = upTo
  for (const budget = searchBudget(); budget.steps > 0 && from >= first; budget.steps -= 1) {
    const offset = zone.offsetAt(from)
    const wall = pattern.prev(Math.floor((from + offset) / MINUTE_MS))
    if (wall === null) return null
    const at = wall * MINUTE_MS - offset
    const change = zone.changes(Math.max(at, from - NEAR_MS), from).at(-1)
    if (change !== undefined) from = change.at - 1
    else if (at < from - NEAR_MS) from = at + NEAR_MS
    else {
      const wanted = inPhase(walk.timing, at, -1)
      if (wanted === at) return at >= first ? { at, wall, how: 'exact' } : null
      from = wanted
    }
  }
  return null
}

/** The instant itself when it is in phase, else where the search goes on in the given direction. */
function inPhase(timing: Timing, at: number, direction: 1 | -1): number {
  if (timing.kind === 'fixed' || timing.phase === null) return at
  const { origin, step, width } = timing.phase
  const periods = Math.floor((at - origin) / step)
  if (at - origin - periods * step < width) return at
  return direction === 1 ? origin + (periods + 1) * step : origin + periods * step + width - 1
}

function startInstant({ zone, start }: Walk): number {
  if (start === null) return Number.NEGATIVE_INFINITY
  const resolved = resolveWall(zone, start)
  return resolved === null ? start * MINUTE_MS - zone.offsetAt(start * MINUTE_MS) : resolved.at
}
