import { AppError } from '../../shared/errors.ts'
import { type Day, dayMs } from './calendar.ts'

/** What a wall clock shows: a civil day and the milliseconds since its midnight (0 … dayMs - 1). */
export type Wall = { day: Day; ms: number }

/**
 * The zone of this process (`TZ`, or the machine's). Its offsets come from Date, in a tenth of a millisecond; naming
 * a zone makes Intl load its data first, which costs as much as half a start of Node.
 */
export const localZone = 'local'

/** The IANA name behind `localZone`, for what must name the zone to others; it costs what Intl costs. */
export const zoneName = (timeZone: string): string =>
  timeZone === localZone ? new Intl.DateTimeFormat().resolvedOptions().timeZone : timeZone

const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone)
  if (format) return format
  try {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new AppError('invalid', `"${timeZone}" is not a time zone`, {
      hint: 'Use a name such as Europe/Berlin or UTC.',
      reason: 'bad_time_zone',
      fields: [{ pointer: '/time_zone', code: 'bad_time_zone', message: 'is not a time zone' }],
    })
  }
  formats.set(timeZone, format)
  return format
}

/** What is added to UTC in `timeZone` at an instant, in milliseconds. */
const offsetAt = (instant: number, timeZone: string): number => {
  if (timeZone === localZone) return -new Date(instant).getTimezoneOffset() * 60_000
  const [month, day, year, hour, minute, second] = formatOf(timeZone)
    .format(instant)
    .match(/\d+/g)!
    .map(Number)
  const local = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!)
  return local - Math.floor(instant / 1000) * 1000
}

export const wallAt = (instant: number, timeZone: string): Wall => {
  const local = instant + offsetAt(instant, timeZone)
  const day = Math.floor(local / dayMs)
  return { day, ms: local - day * dayMs }
}

/** The instant at which the offset changes between `early` and `late`, which must differ in it. */
const changeBetween = (early: number, late: number, timeZone: string): number => {
  const before = offsetAt(early, timeZone)
  let low = Math.floor(early / 1000)
  let high = Math.ceil(late / 1000)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * 1000, timeZone) === before) low = middle
    else high = middle
  }
  return high * 1000
}

/**
 * The instant of a wall time. A time that the clocks skip becomes the first one after the gap, a time that they
 * show twice its first copy. Holds for zones that skip a whole day or change by half an hour.
 */
export const instantOf = ({ day, ms }: Wall, timeZone: string): number => {
  const local = day * dayMs + ms
  const early = offsetAt(local - dayMs, timeZone)
  const late = offsetAt(local + dayMs, timeZone)
  const copies = [local - early, local - late].filter(
    (instant) => instant + offsetAt(instant, timeZone) === local,
  )
  if (copies.length > 0) return Math.min(...copies)
  return changeBetween(local - dayMs, local + dayMs, timeZone)
}

/** `2026-11-27T17:00:00+01:00`: an instant as people in `timeZone` write it and machines read it. */
export const localIso = (at: string | Date, timeZone: string): string => {
  const instant = new Date(at).getTime()
  const offset = offsetAt(instant, timeZone)
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  const two = (value: number) => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
  return new Date(instant + offset).toISOString().slice(0, 19) + zone
}
