import {
  civil,
  type Day,
  daysInMonth,
  existing,
  isoWeek,
  onOrAfter,
  ordinalDay,
  strictlyAfter,
  weekday,
} from './calendar.ts'
import { end, type Problem, type Reading, type Rule, setDate, setDay } from './reading.ts'
import { anyOf, dayWords, months, nextWords, nudges, weekdays } from './words.ts'

const monthNames = [
  '',
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
]
const two = (value: number): string => String(value).padStart(2, '0')

/** Where a form has no year, it means this one, or the first later one whose date is there and not past. */
const rolled = (reading: Reading, make: (year: number) => Day | undefined): Day | undefined => {
  const { year } = civil(reading.today)
  for (let ahead = 0; ahead <= 12; ahead++) {
    const day = make(year + ahead)
    if (day !== undefined && day >= reading.today) return day
  }
  return undefined
}

const noSuchDate = (month: number, year?: number): Problem => {
  if (month < 1 || month > 12)
    return { message: `there is no month ${month}`, hint: 'Write year-month-day: 2026-12-01.' }
  const last = year === undefined && month === 2 ? 29 : daysInMonth(year ?? 2001, month)
  const where = `${monthNames[month]}${year === undefined ? '' : ` ${year}`}`
  const instead =
    year === undefined ? `${last} ${monthNames[month]!.slice(0, 3)}` : `${year}-${two(month)}-${last}`
  return { message: `${where} has ${last} days`, hint: `The last one is ${instead.toLowerCase()}.` }
}

const setCivil = (reading: Reading, month: number, day: number, year?: string): boolean | Problem => {
  const found =
    year === undefined
      ? rolled(reading, (candidate) => existing(candidate, month, day))
      : existing(Number(year), month, day)
  return found === undefined
    ? noSuchDate(month, year === undefined ? undefined : Number(year))
    : setDate(reading, found)
}

const dateRule = (
  pattern: string,
  order: (match: string[]) => [string | undefined, number, string],
): Rule => ({
  pattern,
  apply: (reading, match) => {
    const [year, month, day] = order(match)
    return setCivil(reading, month, Number(day), year)
  },
})

const setWeek = (reading: Reading, year: string | undefined, week: string, day = '1'): boolean | Problem => {
  const make = (candidate: number) => isoWeek(candidate, Number(week))
  const monday =
    year === undefined ? rolled(reading, (y) => shift(make(y), day)) : shift(make(Number(year)), day)
  if (monday !== undefined) return setDay(reading, monday)
  return {
    message: `there is no week ${week}${year ? ` in ${year}` : ''}`,
    hint: 'Weeks are 1 to 52, some years 53.',
  }
}

const shift = (monday: Day | undefined, day: string): Day | undefined =>
  monday === undefined ? undefined : monday + Number(day) - 1

/** `5/6` is June in one country and May in another, so only what can be read one way is read at all. */
const numeric: Rule = {
  pattern: String.raw`(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4})|\.)?(?![-/a-z0-9:])`,
  apply: (reading, [, first, mark, second, year]) => {
    const [a, b] = [Number(first), Number(second)]
    if (mark === '.') return setCivil(reading, b, a, year)
    if (a > 12 || a === b) return setCivil(reading, b, a, year)
    if (b > 12) return setCivil(reading, a, b, year)
    const name = (month: number) => monthNames[month]?.slice(0, 3).toLowerCase()
    return {
      message: 'can be read in two ways',
      hint: `Write "${a} ${name(b)}" or "${b} ${name(a)}", with the month as a word.`,
    }
  },
}

const weekdayRule: Rule = {
  pattern: `(?:(next|this|last) )?(${anyOf(weekdays)})\\.?${end}`,
  apply: (reading, [, which, name]) => {
    const { today } = reading
    const wanted = weekdays[name!]!
    const monday = today - weekday(today) + 1
    const day =
      which === 'next'
        ? monday + 7 + wanted - 1
        : which === 'this'
          ? onOrAfter(today, wanted)
          : which === 'last'
            ? strictlyAfter(today - 8, wanted)
            : strictlyAfter(today, wanted)
    if (!setDay(reading, day)) return false
    if (which === undefined) reading.named = wanted
    return true
  },
}

const day = '(\\d{1,2})'
const ordinal = '(?:st|nd|rd|th)'
const month = `(${anyOf(months)})\\.?`
const year = '(?:,? ?-?(\\d{4}))?'

/** Days in all their forms, the longer ones first. */
export const dayRules: Rule[] = [
  {
    pattern: String.raw`(\d{4})-?w(\d{2})(?:-?([1-7]))?(?![a-z0-9])`,
    apply: (r, [, y, w, d]) => setWeek(r, y, w!, d),
  },
  {
    pattern: String.raw`()w(\d{1,2})(?:-([1-7]))?(?![a-z0-9])`,
    apply: (r, [, , w, d]) => setWeek(r, undefined, w!, d),
  },
  {
    pattern: String.raw`(\d{4})-(\d{3})(?![a-z0-9-])`,
    apply: (reading, [, inYear, number]) => {
      const found = ordinalDay(Number(inYear), Number(number))
      if (found !== undefined) return setDate(reading, found)
      return {
        message: `${inYear} has no day ${number}`,
        hint: 'Days of a year are 001 to 365, in leap years 366.',
      }
    },
  },
  dateRule('(\\d{4})([-/])(\\d{1,2})\\2(\\d{1,2})(?=t\\d|[^a-z0-9]|$)', ([, y, , m, d]) => [
    y,
    Number(m),
    d!,
  ]),
  dateRule('(\\d{4})(\\d\\d)(\\d\\d)(?=t\\d|[^a-z0-9]|$)', ([, y, m, d]) => [y, Number(m), d!]),
  dateRule(`(\\d{4})-(\\d\\d)(?!-)${end}`, ([, y, m]) => [y, Number(m), '1']),
  numeric,
  dateRule(`${day}${ordinal}?[ .-]*(?:of )?${month}${year}${end}`, ([, d, m, y]) => [y, months[m!]!, d!]),
  dateRule(`${month}[ -]*${day}${ordinal}?${year}${end}`, ([, m, d, y]) => [y, months[m!]!, d!]),
  dateRule(`${month}(?:[ -]*(\\d{4}))?${end}`, ([, m, y]) => [y, months[m!]!, '1']),
  weekdayRule,
  {
    pattern: `next (${anyOf(nextWords)})${end}`,
    apply: (reading, [, word]) => setDay(reading, nextWords[word!]!(reading.today)),
  },
  {
    pattern: `${day}${ordinal}${end}`,
    apply: (reading, [, number]) => {
      const wanted = Number(number)
      const { year: thisYear, month: thisMonth } = civil(reading.today)
      if (wanted < 1 || wanted > 31)
        return { message: 'no month has that day', hint: 'Days are 1st to 31st.' }
      for (let ahead = 0; ; ahead++) {
        const zeroBased = thisMonth - 1 + ahead
        const found = existing(thisYear + Math.floor(zeroBased / 12), (zeroBased % 12) + 1, wanted)
        if (found !== undefined && found >= reading.today) return setDate(reading, found)
      }
    },
  },
  {
    pattern: `(${anyOf(dayWords)})${end}`,
    apply: (reading, [, word]) => {
      const { day: find, edge } = dayWords[word!]!
      if (!setDay(reading, find(reading.today))) return false
      if (edge !== undefined) reading.edge = edge
      return true
    },
  },
  {
    pattern: `(${anyOf(nudges)})${end}`,
    apply: (_, [, word]) => ({ message: 'has no one meaning', hint: nudges[word!]! }),
  },
  {
    pattern: String.raw`(\d{1,2})$`,
    apply: (reading, [, number]) => {
      const wanted = Number(number)
      if (reading.day !== undefined || reading.ms !== undefined || wanted < 1 || wanted > 31) return false
      const suffix = ['th', 'st', 'nd', 'rd'][/1[123]$/.test(number!) ? 0 : wanted % 10] ?? 'th'
      return {
        message: 'can be read in two ways',
        hint: `Write ${wanted}${suffix} for a day of the month or +${wanted}d for days from now.`,
      }
    },
  },
]
