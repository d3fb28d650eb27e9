import { type Day, dayMs, firstDay, isoDate, lastDay, weekday } from './calendar.ts'
import { stepDay, type Unit } from './words.ts'
import { instantOf, wallAt } from './zone.ts'

/** An all-day date (`due_date`) or an instant in UTC with milliseconds (`due_at`). */
export type Due = { date: string } | { at: string }

/** Why a text that looks like a date is none, and what to write instead. */
export type Problem = { message: string; hint: string }

/**
 * What has been read so far: either `instant`, or `day` and `ms` (the time of day) as far as they were said. `edge`
 * is the time of `day` that hours are added to when no time was said. `named` is the weekday that gave the day.
 */
export type Reading = {
  timeZone: string
  now: number
  today: Day
  day?: Day
  ms?: number
  edge?: number
  instant?: number
  named?: number
  /** Steps that were said before what they start from: `3 days before eom`. */
  pending: { unit: Unit; count: number }[]
}

/**
 * One form, tried where the reader stands. `pattern` is source text, because compiling all of them costs a start-up
 * that most commands never use. `apply` answers false when the form does not fit what was read before, and a problem
 * when it fits and is wrong.
 */
export type Rule = { pattern: string; apply: (reading: Reading, match: string[]) => boolean | Problem }

/** Ends a form: `3d` must not be read out of `3dx`, nor `3 mar` out of `3 marble`, nor a day out of `17:00`. */
export const end = '(?![a-z0-9:])'

export const isEmpty = (reading: Reading): boolean =>
  reading.day === undefined && reading.ms === undefined && reading.instant === undefined

export const setDay = (reading: Reading, day: Day): boolean => {
  if (reading.instant !== undefined || reading.day !== undefined) return false
  reading.day = day
  return true
}

const weekdayNames = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** A date in full may stand after its weekday (`fri 27 nov`), if they agree. */
export const setDate = (reading: Reading, day: Day): boolean | Problem => {
  const { named } = reading
  if (named === undefined) return setDay(reading, day)
  delete reading.named
  if (weekday(day) !== named)
    return {
      message: `${isoDate(day)} is a ${weekdayNames[weekday(day)]}, not a ${weekdayNames[named]}`,
      hint: 'Leave the weekday or the date away.',
    }
  reading.day = day
  return true
}

const instantAt = (reading: Reading): number => {
  const { timeZone, now, today, day, ms, edge } = reading
  if (reading.instant !== undefined) return reading.instant
  if (day !== undefined) return instantOf({ day, ms: ms ?? edge ?? 0 }, timeZone)
  if (ms === undefined) return now
  // A time without a day is the next one: today while it lies ahead, else tomorrow.
  const sameDay = instantOf({ day: today, ms }, timeZone)
  return sameDay > now ? sameDay : instantOf({ day: today + 1, ms }, timeZone)
}

/** Adds `count` units to what was read: elapsed time for hours and less, calendar steps at the same wall time else. */
export const step = (reading: Reading, unit: Unit, count: number): void => {
  delete reading.named
  if (typeof unit === 'object') {
    reading.instant = instantAt(reading) + unit.ms * count
  } else if (reading.instant === undefined && reading.ms === undefined) {
    reading.day = stepDay(reading.day ?? reading.today, unit, count)
  } else if (reading.instant === undefined && reading.day !== undefined) {
    reading.day = stepDay(reading.day, unit, count)
  } else {
    const wall = wallAt(instantAt(reading), reading.timeZone)
    reading.instant = instantOf({ day: stepDay(wall.day, unit, count), ms: wall.ms }, reading.timeZone)
  }
}

const beyond: Problem = { message: 'lies too far away', hint: 'Dates go from 1900-01-01 to 9999-12-31.' }

/** The result, once the whole text is read. Undefined when nothing but filler was. */
export const finish = (reading: Reading): Due | Problem | undefined => {
  if (isEmpty(reading) && reading.pending.length === 0) return undefined
  for (const { unit, count } of reading.pending) step(reading, unit, count)
  const allDay = reading.instant === undefined && reading.ms === undefined
  if (reading.day !== undefined && !(reading.day >= firstDay && reading.day <= lastDay)) return beyond
  if (allDay) return { date: isoDate(reading.day!) }
  const instant = instantAt(reading)
  if (!(instant >= firstDay * dayMs && instant < (lastDay + 1) * dayMs)) return beyond
  return { at: new Date(instant).toISOString() }
}
