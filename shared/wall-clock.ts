/** What is added to UTC at an instant, both in milliseconds. */
export type OffsetAt = (instant: number) => number

const dayMs = 86_400_000
const zones = new Map<string, OffsetAt>()

/** The offsets of an IANA zone, from Intl. Throws RangeError for a name that is none. */
export function offsetsOf(timeZone: string): OffsetAt {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const offsetAt: OffsetAt = (instant) => {
    const [month, day, year, hour, minute, second] = format.format(instant).match(/\d+/g)!.map(Number)
    const local = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
    return local - Math.floor(instant / 1000) * 1000
  }
  zones.set(timeZone, offsetAt)
  return offsetAt
}

/**
 * The instants at which the clocks show `local` (milliseconds, as if it were UTC). `first` and `last` differ when the
 * clocks are set back over it; a time that they skip is the first instant after the gap. Holds for zones that skip a
 * whole day or change by half an hour.
 */
export function instantsOf(local: number, offsetAt: OffsetAt): { first: number; last: number } {
  const [before, after] = [offsetAt(local - dayMs), offsetAt(local + dayMs)]
  const shown = [local - before, local - after].filter((at) => at + offsetAt(at) === local)
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) }
  const change = changeBetween(local - dayMs, local + dayMs, offsetAt)
  return { first: change, last: change }
}

/** The instant at which the offset changes between `early` and `late`, which must differ in it. */
function changeBetween(early: number, late: number, offsetAt: OffsetAt): number {
  const before = offsetAt(early)
  let low = Math.floor(early / 1000)
  let high = Math.ceil(late / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * 1000) === before) low = middle
    else high = middle
  }
  return high * 1000
}
