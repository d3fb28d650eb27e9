import { AppError } from '../../shared/errors.ts'
import { instantsOf, offsetsOf as namedOffsets, type OffsetAt } from '../../shared/wall-clock.ts'
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

const fromDate: OffsetAt = (instant) => -new Date(instant).getTimezoneOffset() * 60_000

const offsetsOf = (timeZone: string): OffsetAt => {
  if (timeZone === localZone) return fromDate
  try {
    return namedOffsets(timeZone)
  } catch {
    throw new AppError('invalid', `"${timeZone}" is not a time zone`, {
      hint: 'Use a name such as Europe/Berlin or UTC.',
      reason: 'bad_time_zone',
      fields: [{ pointer: '/time_zone', code: 'bad_time_zone', message: 'is not a time zone' }],
    })
  }
}

export const wallAt = (instant: number, timeZone: string): Wall => {
  const local = instant + offsetsOf(timeZone)(instant)
  const day = Math.floor(local / dayMs)
  return { day, ms: local - day * dayMs }
}

/**
 * The instant of a wall time. A time that the clocks skip becomes the first one after the gap, a time that they
 * show twice its first copy.
 */
export const instantOf = ({ day, ms }: Wall, timeZone: string): number =>
  instantsOf(day * dayMs + ms, offsetsOf(timeZone)).first

/** `2026-11-27T17:00:00+01:00`: an instant as people in `timeZone` write it and machines read it. */
export const localIso = (at: string | Date, timeZone: string): string => {
  const instant = new Date(at).getTime()
  const offset = offsetsOf(timeZone)(instant)
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  const two = (value: number) => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`
  return new Date(instant + offset).toISOString().slice(0, 19) + zone
}
