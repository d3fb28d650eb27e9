import { DAY_MS } from './civil.ts'

/** One change of a zone's offset: until `at` (exclusive) it was `before`, from then on `after`. All in ms. */
export type Transition = { at: number; before: number; after: number }

/** What the rules need to know of a time zone. Offsets are ms east of UTC. */
export type Zone = {
  readonly name: string
  offsetAt(instant: number): number
  /** The changes with `from < at <= to`, in order. Meant for spans of days, not of years. */
  changes(from: number, to: number): readonly Transition[]
}

type Block = { offset: number; changes: readonly Transition[] }

// Two changes that cancel out lie at least weeks apart in the tz database (Morocco's Ramadan is the shortest),
// so comparing the two ends of a block of eight days finds every change. A test walks all zones day by day.
const BLOCK_MS = 8 * DAY_MS
const MAX_BLOCKS = 8192
const NO_CHANGES: readonly Transition[] = []

const zones = new Map<string, Zone>()

/**
 * The zone of an IANA name (any case; links such as `US/Pacific` too), or null when there is none. Fixed offsets
 * such as `+02:00` are no zones: they do not know when clocks change.
 */
export function zoneOf(name: string): Zone | null {
  const known = zones.get(name)
  if (known !== undefined) return known
  if (name.length > 64 || !/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return null
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset', hour: 'numeric' })
  } catch {
    return null
  }
  const zone = createZone(name, format)
  // Names come from users in any case of letters, so the table has a bound.
  if (zones.size >= 1000) zones.clear()
  zones.set(name, zone)
  return zone
}

function createZone(name: string, format: Intl.DateTimeFormat): Zone {
  const blocks = new Map<number, Block>()
  const edges = new Map<number, number>()
  const read = (instant: number) => readOffset(format.format(instant))

  function edge(index: number): number {
    let offset = edges.get(index)
    if (offset === undefined) {
      offset = read(index * BLOCK_MS)
      edges.set(index, offset)
    }
    return offset
  }

  function block(index: number): Block {
    const known = blocks.get(index)
    if (known !== undefined) return known
    if (blocks.size >= MAX_BLOCKS) {
      blocks.clear()
      edges.clear()
    }
    const offset = edge(index)
    const made = {
      offset,
      changes: offset === edge(index + 1) ? NO_CHANGES : findChanges(read, index * BLOCK_MS),
    }
    blocks.set(index, made)
    return made
  }

  function offsetAt(instant: number): number {
    const { offset, changes } = block(Math.floor(instant / BLOCK_MS))
    if (changes.length === 0) return offset
    return changes.findLast((change) => change.at <= instant)?.after ?? offset
  }

  function changes(from: number, to: number): readonly Transition[] {
    const last = Math.floor(to / BLOCK_MS)
    let found = NO_CHANGES
    for (let index = Math.floor(from / BLOCK_MS); index <= last; index += 1) {
      const inBlock = block(index).changes
      if (inBlock.length > 0) {
        found = found.concat(inBlock.filter((change) => change.at > from && change.at <= to))
      }
    }
    return found
  }

  return { name, offsetAt, changes }
}

/** The changes inside one block, each found to the second by halving a day. */
function findChanges(read: (instant: number) => number, start: number): Transition[] {
  const found: Transition[] = []
  let before = read(start)
  for (let day = start; day < start + BLOCK_MS; day += DAY_MS) {
    const after = read(day + DAY_MS)
    if (after === before) continue
    let [low, high] = [day, day + DAY_MS]
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000
      if (read(middle) === before) low = middle
      else high = middle
    }
    found.push({ at: high, before, after })
    before = after
  }
  return found
}

/** Reads the `GMT+05:30` (with seconds before standard time came) at the end of a formatted instant. */
function readOffset(text: string): number {
  const from = text.lastIndexOf('GMT') + 3
  if (from >= text.length) return 0
  const [hours, minutes, seconds] = text.slice(from + 1).split(':')
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)
  return (text[from] === '-' ? -size : size) * 1000
}
