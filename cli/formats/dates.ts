import { dayMs, isoDate } from '../dates/calendar.ts'
import { instantOf, wallAt } from '../dates/zone.ts'

const isoDay = /^\d{4}-\d\d-\d\d$/

/** The beginning of a day in a zone, as an instant in UTC; undefined for what is no day. */
export function startOfDay(date: string, timeZone: string): string | undefined {
  const ms = Date.parse(date)
  if (!isoDay.test(date) || Number.isNaN(ms)) return undefined
  return new Date(instantOf({ day: ms / dayMs, ms: 0 }, timeZone)).toISOString()
}

/** The day of an instant in a zone. */
export const dayIn = (at: string, timeZone: string): string => isoDate(wallAt(Date.parse(at), timeZone).day)

/** `2026-12-01T17:00`, the clock of a zone, as an instant; undefined for what is none. */
export function localInstant(text: string, timeZone: string): string | undefined {
  const [, date, hour, minute, second = '0'] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d):?(\d\d)(?::?(\d\d))?$/.exec(text) ?? []
  const day = Date.parse(date ?? '') / dayMs
  if (date === undefined || Number.isNaN(day)) return undefined
  const ms = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000
  return new Date(instantOf({ day, ms }, timeZone)).toISOString()
}

/** The clock of a zone at an instant: `2026-12-01T17:00`, with seconds where there are any. */
export function localClock(at: string, timeZone: string): string {
  const { day, ms } = wallAt(Date.parse(at), timeZone)
  const time = new Date(ms).toISOString().slice(11, 19)
  return `${isoDate(day)}T${time.endsWith(':00') ? time.slice(0, 5) : time}`
}
