/**
 * The calendar without zones. A day is a count of days since 1970-01-01 (proleptic Gregorian), a wall time is a
 * count of minutes since 1970-01-01T00:00 as a clock on the wall would show it. Plain integers keep the rules
 * fast and away from every zone.
 */
export const MINUTES_PER_DAY = 1440
export const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

export type CivilDate = { year: number; month: number; day: number }

/** Day number of a date; month 1–12. Algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms". */
export function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The inverse of `dayNumber`. */
export function civilDate(day: number): CivilDate {
  const z = day + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  }
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : MONTH_LENGTHS[month - 1]!
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** Months since year 0, so that "every n months" is arithmetic on one number. */
export function monthNumber(date: CivilDate): number {
  return date.year * 12 + date.month - 1
}

export function dayOfWall(wall: number): number {
  return Math.floor(wall / MINUTES_PER_DAY)
}

export function minuteOfWall(wall: number): number {
  return wall - dayOfWall(wall) * MINUTES_PER_DAY
}

/** Rules live between these days: far enough for any task, near enough for every search to be short. */
export const FIRST_DAY = dayNumber(1900, 1, 1)
export const LAST_YEAR = 2199
export const LAST_DAY = dayNumber(LAST_YEAR, 12, 31)

export type LocalTime = { day: number; minute: number | null }

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::00(?:\.0{1,9})?)?)?$/

/** Reads `YYYY-MM-DD` (minute is null) or `YYYY-MM-DDTHH:MM[:00]`; null when it is neither or does not exist. */
export function parseLocal(text: string): LocalTime | null {
  const match = LOCAL.exec(text)
  if (match === null) return null
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  if (match[4] === undefined) return { day: dayNumber(year, month, day), minute: null }
  const [hours, minutes] = [Number(match[4]), Number(match[5])]
  if (hours > 23 || minutes > 59) return null
  return { day: dayNumber(year, month, day), minute: hours * 60 + minutes }
}

export function formatDay(day: number): string {
  const { year, month, day: dayOfMonth } = civilDate(day)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`
}

export function formatMinute(minute: number): string {
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** `YYYY-MM-DDTHH:MM`. */
export function formatWall(wall: number): string {
  return `${formatDay(dayOfWall(wall))}T${formatMinute(minuteOfWall(wall))}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
