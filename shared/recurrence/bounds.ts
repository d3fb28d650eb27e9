import { dayOfWall, type LocalTime, MINUTES_PER_DAY, parseLocal } from './civil.ts'
import { type Budget, type Hit, hitAfter, type Walk } from './walk.ts'

/** The inclusive end of a rule: a wall minute or an instant, as it was written. */
export type Bound = { wall: number } | { instant: number }

/** Left-out dates: whole dates, wall minutes and instants, as they were written. */
export type Exdates = { days: Set<number>; walls: Set<number>; instants: Set<number> }

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** Reads an RFC 3339 instant to ms; null when it is none. */
export function parseInstant(text: string): number | null {
  if (!INSTANT.test(text) || parseLocal(text.slice(0, 16)) === null) return null
  const instant = Date.parse(text)
  return Number.isNaN(instant) ? null : instant
}

/** Reads a local date (to its last minute), a local date-time or an instant. */
export function readBound(text: string): Bound | null {
  const local = parseLocal(text)
  if (local !== null) return { wall: lastMinute(local) }
  const instant = parseInstant(text)
  return instant === null ? null : { instant }
}

function lastMinute({ day, minute }: LocalTime): number {
  return day * MINUTES_PER_DAY + (minute ?? MINUTES_PER_DAY - 1)
}

/** Adds one exdate to the set it belongs to; false when it cannot be read. */
export function addExdate(exdates: Exdates, text: string): boolean {
  const local = parseLocal(text)
  if (local !== null) {
    if (local.minute === null) exdates.days.add(local.day)
    else exdates.walls.add(local.day * MINUTES_PER_DAY + local.minute)
    return true
  }
  const instant = parseInstant(text)
  if (instant !== null) exdates.instants.add(instant)
  return instant !== null
}

export function isPast(bound: Bound, hit: Hit): boolean {
  return 'wall' in bound ? hit.wall > bound.wall : hit.at > bound.instant
}

/** Which kind of exdate leaves a hit out. `reading` is what the clock shows at it, which in a gap is not its wall. */
export function excludedBy(exdates: Exdates, hit: Hit, reading: number): 'day' | 'single' | null {
  if (exdates.days.has(dayOfWall(hit.wall))) return 'day'
  const single = exdates.walls.has(hit.wall) || exdates.walls.has(reading) || exdates.instants.has(hit.at)
  return single ? 'single' : null
}

/**
 * The instant of a walk's nth occurrence from its start (left-out dates count, as in RFC 5545), found at the first
 * call. Infinity when there are fewer.
 */
export function lazyCountEnd(walk: Walk, count: number): () => number {
  let end: number | null = null
  return () => {
    if (end === null) {
      const budget: Budget = { steps: 3 * count + 6000 }
      let at: number = BEFORE_ALL
      for (let left = count; left > 0 && at !== Number.POSITIVE_INFINITY; left -= 1) {
        at = hitAfter(walk, at, budget)?.at ?? Number.POSITIVE_INFINITY
      }
      end = at
    }
    return end
  }
}

/** An instant before any rule may start (1899-12-30), safely inside what dates can hold. */
export const BEFORE_ALL = Date.UTC(1899, 11, 30)
