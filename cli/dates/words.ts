import {
  addMonths,
  addWorkdays,
  civil,
  type Day,
  dayMs,
  dayOf,
  onOrAfter,
  strictlyAfter,
} from './calendar.ts'

const numbered = (start: number, groups: string): Record<string, number> =>
  Object.fromEntries(
    groups.split(' ').flatMap((group, index) => group.split('|').map((word) => [word, index + start])),
  )

/** 1 = Monday, as in ISO 8601. */
export const weekdays = numbered(
  1,
  'mon|monday tue|tues|tuesday wed|weds|wednesday thu|thur|thurs|thursday fri|friday sat|saturday sun|sunday',
)

export const months = numbered(
  1,
  'jan|january feb|february mar|march apr|april may jun|june jul|july aug|august sep|sept|september oct|october nov|november dec|december',
)

export const numbers = {
  a: 1,
  an: 1,
  ...numbered(1, 'one two three four five six seven eight nine ten eleven twelve'),
} as Record<string, number>

/** Days step over the calendar, the small ones over elapsed time in milliseconds. */
export type Unit = 'days' | 'workdays' | 'months' | { ms: number }
type Step = { unit: Unit; times: number }

const stepsOf = (words: string, unit: Unit, times = 1): [string, Step][] =>
  words.split(' ').map((word) => [word, { unit, times }])

/** `m` is a month: minutes are `min`. */
export const units: Record<string, Step> = Object.fromEntries([
  ...stepsOf('s sec secs second seconds', { ms: 1000 }),
  ...stepsOf('min mins minute minutes', { ms: 60_000 }),
  ...stepsOf('h hr hrs hour hours', { ms: 3_600_000 }),
  ...stepsOf('d day days', 'days'),
  ...stepsOf('w wk wks week weeks', 'days', 7),
  ...stepsOf('m mo mon month months', 'months'),
  ...stepsOf('q quarter quarters', 'months', 3),
  ...stepsOf('y yr yrs year years', 'months', 12),
  ...stepsOf('bd workday workdays', 'workdays'),
])

export const stepDay = (day: Day, unit: 'days' | 'workdays' | 'months', count: number): Day =>
  unit === 'days' ? day + count : unit === 'months' ? addMonths(day, count) : addWorkdays(day, count)

/** The first day of the period of `months` months (1, 3 or 12) that lies `ahead` periods after today's. */
const period = (today: Day, size: number, ahead: number): Day => {
  const { year, month } = civil(today)
  return dayOf(year, month - ((month - 1) % size) + ahead * size, 1)
}

/** A day by name. `edge` is the time that hours are added to: the beginning of the day unless it is the end. */
export const dayWords: Record<string, { day: (today: Day) => Day; edge?: number }> = {
  today: { day: (today) => today },
  tod: { day: (today) => today },
  tomorrow: { day: (today) => today + 1 },
  tom: { day: (today) => today + 1 },
  tmrw: { day: (today) => today + 1 },
  yesterday: { day: (today) => today - 1 },
  weekend: { day: (today) => onOrAfter(today, 6) },
  sod: { day: (today) => today },
  eod: { day: (today) => today, edge: dayMs },
  sow: { day: (today) => strictlyAfter(today, 1) },
  eow: { day: (today) => onOrAfter(today, 7), edge: dayMs },
  soww: { day: (today) => strictlyAfter(today, 1) },
  eoww: { day: (today) => onOrAfter(today, 5), edge: dayMs },
  som: { day: (today) => period(today, 1, 1) },
  eom: { day: (today) => period(today, 1, 1) - 1, edge: dayMs },
  soq: { day: (today) => period(today, 3, 1) },
  eoq: { day: (today) => period(today, 3, 1) - 1, edge: dayMs },
  soy: { day: (today) => period(today, 12, 1) },
  eoy: { day: (today) => period(today, 12, 1) - 1, edge: dayMs },
}

/** What may follow `next`, beside a weekday: the first day of the period that comes. */
export const nextWords: Record<string, (today: Day) => Day> = {
  day: (today) => today + 1,
  workday: (today) => addWorkdays(today, 1),
  week: (today) => strictlyAfter(today, 1),
  month: (today) => period(today, 1, 1),
  quarter: (today) => period(today, 3, 1),
  year: (today) => period(today, 12, 1),
}

/** Hours. A midnight belongs to the day that begins. */
export const timeWords: Record<string, number> = { noon: 12, midnight: 0 }

/** Words that have no one meaning, with what to write instead. */
export const nudges: Record<string, string> = {
  tonight: 'Say the time: `today 20:00`.',
  someday: 'A task without a date needs no due.',
  later: 'Say when: `+1w`, `eom`, `next month`.',
  soon: 'Say when: `+3d`, `fri`, `eow`.',
  asap: 'Say `today`, or raise the priority: `p1`.',
  morning: 'Say the time: `9am`.',
  afternoon: 'Say the time: `3pm`.',
  evening: 'Say the time: `19:00`.',
}

/** Every word of the language, for suggestions and completions. */
export const vocabulary = (): string[] => [
  ...Object.keys(dayWords).filter((word) => word.length > 2),
  ...Object.keys(weekdays),
  ...Object.keys(months),
  ...Object.keys(timeWords),
  ...Object.keys(units).filter((word) => word.length > 2),
  ...Object.keys(numbers).filter((word) => word.length > 2),
  ...['now', 'next', 'this', 'last', 'in', 'ago', 'from', 'after', 'before', 'the', 'on', 'at', 'of'],
]

/** The words of a table as alternatives of a pattern, the longest first so that `monday` is not read as `mon`. */
export const anyOf = (table: Record<string, unknown>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .join('|')
