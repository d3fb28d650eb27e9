/** What clocks on walls show: days since 1970-01-01 and minutes since midnight. */
export type Wall = { day: number; minute: number }

const dayMs = 86_400_000
const minuteMs = 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** An unknown zone counts as UTC: a message an hour off is better than none. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const parts = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const
  const make = (timeZone: string) =>
    new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      second: 'numeric',
      ...parts,
    })
  let format: Intl.DateTimeFormat
  try {
    format = make(zone)
  } catch {
    format = make('UTC')
  }
  formats.set(zone, format)
  return format
}

/** What is added to UTC in `zone` at an instant, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
  const [month, day, year, hour, minute, second] = formatOf(zone).format(instant).match(/\d+/g)!.map(Number)
  const local = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  return local - Math.floor(instant / 1000) * 1000
}

export function wallAt(instant: number, zone: string): Wall {
  const local = instant + offsetAt(instant, zone)
  const day = Math.floor(local / dayMs)
  return { day, minute: Math.floor((local - day * dayMs) / minuteMs) }
}

/** 0 = Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7

/**
 * The instants at which clocks in `zone` show a time. `first` and `last` differ when the clocks are set back over it;
 * a time that they skip is the first instant after the gap.
 */
export function instantsOf({ day, minute }: Wall, zone: string): { first: number; last: number } {
  const local = day * dayMs + minute * minuteMs
  const [before, after] = [offsetAt(local - dayMs, zone), offsetAt(local + dayMs, zone)]
  const shown = [local - before, local - after].filter((at) => at + offsetAt(at, zone) === local)
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) }
  const change = changeBetween(local - dayMs, local + dayMs, zone)
  return { first: change, last: change }
}

/** The instant at which the offset changes between `early` and `late`, which must differ in it. */
function changeBetween(early: number, late: number, zone: string): number {
  const before = offsetAt(early, zone)
  let low = Math.floor(early / 1000)
  let high = Math.ceil(late / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * 1000, zone) === before) low = middle
    else high = middle
  }
  return high * 1000
}
