/** Pure arithmetic on civil days. A day is a number: days since 1970-01-01, without zone and without time. */
export type Day = number

export const dayMs = 86_400_000

/** The first and last day that a task may be due. */
export const firstDay: Day = Date.UTC(1900, 0, 1) / dayMs
export const lastDay: Day = Date.UTC(9999, 11, 31) / dayMs

/** Month from 1. Overflow rolls on as in Date: day 0 is the last of the month before. */
export const dayOf = (year: number, month: number, day: number): Day =>
  new Date(0).setUTCFullYear(year, month - 1, day) / dayMs

export const civil = (day: Day): { year: number; month: number; day: number } => {
  const date = new Date(day * dayMs)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

export const isoDate = (day: Day): string => new Date(day * dayMs).toISOString().slice(0, 10)

/** 1 = Monday … 7 = Sunday. */
export const weekday = (day: Day): number => ((((day + 3) % 7) + 7) % 7) + 1

export const daysInMonth = (year: number, month: number): number => civil(dayOf(year, month + 1, 0)).day

/** The date, or undefined where the calendar has none (30 February). */
export const existing = (year: number, month: number, day: number): Day | undefined =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? dayOf(year, month, day)
    : undefined

/** Months later, clamped to the end of a shorter month: 31 January + 1 month is 28 or 29 February. */
export const addMonths = (from: Day, months: number): Day => {
  const { year, month, day } = civil(from)
  const first = dayOf(year, month + months, 1)
  const target = civil(first)
  return first + Math.min(day, daysInMonth(target.year, target.month)) - 1
}

/** Monday to Friday count; a start on the weekend counts from the nearest workday behind it in walking direction. */
export const addWorkdays = (from: Day, count: number): Day => {
  const step = Math.sign(count)
  const weeks = Math.trunc(count / 5)
  let day = from
  if (weeks !== 0 && weekday(day) > 5) day += step > 0 ? 5 - weekday(day) : 8 - weekday(day)
  day += weeks * 7
  for (let left = Math.abs(count % 5); left > 0; ) {
    day += step
    if (weekday(day) <= 5) left--
  }
  return day
}

/** Monday of an ISO week, or undefined where the year has no such week. */
export const isoWeek = (year: number, week: number): Day | undefined => {
  const fourth = dayOf(year, 1, 4)
  const monday = fourth - weekday(fourth) + 1 + (week - 1) * 7
  const inYear = civil(monday + 3).year === year
  return week >= 1 && inYear ? monday : undefined
}

/** Day 1–366 of a year, or undefined. */
export const ordinalDay = (year: number, ordinal: number): Day | undefined => {
  const day = dayOf(year, 1, ordinal)
  return ordinal >= 1 && civil(day).year === year ? day : undefined
}

/** The nearest such weekday from `from` on, or strictly after it. */
export const onOrAfter = (from: Day, wanted: number): Day => from + ((wanted - weekday(from) + 7) % 7)
export const strictlyAfter = (from: Day, wanted: number): Day => onOrAfter(from + 1, wanted)
