import { editDistance } from '../suggest.ts'

/** The words that a rule may be written with, and the way back from a word that is nearly one of them. */

export type Unit = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'

type Meaning = { unit: Unit; interval: number }

const UNITS: Record<string, Meaning> = {
  minute: { unit: 'minute', interval: 1 },
  min: { unit: 'minute', interval: 1 },
  hour: { unit: 'hour', interval: 1 },
  day: { unit: 'day', interval: 1 },
  week: { unit: 'week', interval: 1 },
  fortnight: { unit: 'week', interval: 2 },
  month: { unit: 'month', interval: 1 },
  quarter: { unit: 'month', interval: 3 },
  year: { unit: 'year', interval: 1 },
}

const ADVERBS: Record<string, Meaning> = {
  hourly: { unit: 'hour', interval: 1 },
  daily: { unit: 'day', interval: 1 },
  weekly: { unit: 'week', interval: 1 },
  biweekly: { unit: 'week', interval: 2 },
  fortnightly: { unit: 'week', interval: 2 },
  monthly: { unit: 'month', interval: 1 },
  quarterly: { unit: 'month', interval: 3 },
  yearly: { unit: 'year', interval: 1 },
  annually: { unit: 'year', interval: 1 },
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const NUMBERS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth']
const WORKDAYS = ['weekday', 'workday', 'workingday', 'businessday']
const KEYWORDS =
  'every each other on at until till for times from starting last and the of in after completion weekend noon midnight'

export function unitOf(word: string): Meaning | null {
  return UNITS[word] ?? UNITS[word.replace(/s$/, '')] ?? null
}

export function adverbOf(word: string): Meaning | null {
  return ADVERBS[word] ?? null
}

/** 0 = Sunday; full names, plurals and the usual short forms (`mon`, `tues`, `thurs`). */
export function weekdayOf(word: string): number | null {
  return named(WEEKDAYS, word.length > 5 ? word.replace(/s$/, '') : word, [
    'tues',
    'wednes',
    'thur',
    'thurs',
    'weds',
  ])
}

/** 1 = January. */
export function monthOf(word: string): number | null {
  const found = named(MONTHS, word, ['sept'])
  return found === null ? null : found + 1
}

/** A full name, its first three letters, or one of the longer short forms. */
function named(names: readonly string[], word: string, others: readonly string[]): number | null {
  const bare = word.replace(/\.$/, '')
  if (bare.length < 3) return null
  const found = names.findIndex((name) => name === bare || name.slice(0, 3) === bare)
  if (found >= 0) return found
  if (!others.includes(bare)) return null
  return names.findIndex((name) => name.startsWith(bare.slice(0, 3)))
}

/** `3`, `three`; not `3rd`. */
export function numberOf(word: string): number | null {
  if (/^\d{1,5}$/.test(word)) return Number(word)
  const found = NUMBERS.indexOf(word)
  return found > 0 ? found : null
}

/** `3rd`, `third`; −1 for `last`. */
export function ordinalOf(word: string): number | null {
  if (word === 'last') return -1
  const match = /^(\d{1,2})(st|nd|rd|th)$/.exec(word)
  if (match !== null) return Number(match[1])
  const found = ORDINALS.indexOf(word)
  return found >= 0 ? found + 1 : null
}

export function isWorkday(word: string): boolean {
  return WORKDAYS.includes(word.replace(/s$/, ''))
}

export function isWeekend(word: string): boolean {
  return word === 'weekend' || word === 'weekends'
}

/** Minutes of the day of `17:00`, `5pm`, `5:30pm`, `17h`, `noon`; a bare hour only where `at` stands before it. */
export function timeOf(word: string, afterAt: boolean): number | null {
  if (word === 'noon') return 720
  if (word === 'midnight') return 0
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm|h)?$/.exec(word)
  if (match === null || (match[2] === undefined && match[3] === undefined && !afterAt)) return null
  const [hour, minute, half] = [Number(match[1]), Number(match[2] ?? 0), match[3]]
  if (minute > 59 || hour > 23) return null
  if (half !== 'am' && half !== 'pm') return hour * 60 + minute
  if (hour < 1 || hour > 12) return null
  return ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute
}

const ALL = [
  ...KEYWORDS.split(' '),
  ...Object.keys(UNITS),
  ...Object.keys(UNITS).map((unit) => `${unit}s`),
  ...Object.keys(ADVERBS),
  ...WEEKDAYS,
  ...WEEKDAYS.map((day) => day.slice(0, 3)),
  ...MONTHS,
  ...MONTHS.map((month) => month.slice(0, 3)),
  ...ORDINALS,
  ...NUMBERS.slice(1),
  'weekday',
  'workday',
]

/** The known words nearest to a word, best first: at most two letters apart, and fewer for short words. */
export function nearestWords(word: string): string[] {
  const allowed = word.length <= 4 ? 1 : 2
  return ALL.map((known) => ({ known, distance: editDistance(word, known, allowed) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .map(({ known }) => known)
    .slice(0, 5)
}
