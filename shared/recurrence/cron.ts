import { CronExpressionParser } from 'cron-parser'
import { dayNumber, daysInMonth } from './civil.ts'
import { type CronField, checkFields } from './cron-dialect.ts'
import { allDays, daysByMonth, type NthWeekday, nthWeekdayMask, weekdayMask } from './months.ts'
import { type DayPattern, timesOf } from './pattern.ts'
import type { Problem } from './problem.ts'

export const MAX_CRON_LENGTH = 256

/** A cron expression in numbers. `text` is what was parsed, macros resolved. */
export type Cron = {
  text: string
  minutes: number[]
  hours: number[]
  times: readonly number[]
  /** Days of the month; 32 stands for the last one. */
  daysOfMonth: number[]
  months: number[]
  weekdays: number[]
  nth: NthWeekday[]
  anyDayOfMonth: boolean
  anyWeekday: boolean
  /** The hour or the minute runs (`*` or a step), so elapsed time counts, not the wall clock. */
  subDaily: boolean
}

const LAST = 32
const MACROS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const FOREIGN_MACROS: Record<string, string> = {
  '@minutely': 'Write * * * * *',
  '@every_minute': 'Write * * * * *',
  '@weekdays': 'Write 0 0 * * MON-FRI',
  '@weekends': 'Write 0 0 * * SAT,SUN',
  '@reboot': 'A template has no start-up; name a time, for example 0 8 * * *',
}

/** Parses the dialect of docs/recurrence.md; on faults adds to `problems` and answers null. */
export function parseCron(source: string, problems: Problem[]): Cron | null {
  const refuse = (code: string, message: string, hint: string) => {
    problems.push({ pointer: '/cron_expression', code, message, hint })
    return null
  }
  if (source.length > MAX_CRON_LENGTH) {
    return refuse(
      'too_long',
      `A cron expression has at most ${MAX_CRON_LENGTH} characters`,
      'Use an RRULE, or several templates',
    )
  }
  const text = source.trim()
  if (text.startsWith('@')) {
    const macro = text.toLowerCase()
    const meaning = MACROS[macro]
    if (meaning === undefined)
      return refuse('cron_macro', `${shown(text)} is not a macro of this dialect`, macroHint(macro))
    return parseFields(meaning.split(' '), problems)
  }
  if (/^(CRON_)?TZ=/i.test(text)) {
    return refuse('cron_zone', 'A cron expression does not carry a time zone', 'Put the zone into time_zone')
  }
  const parts = text.split(/[ \t]+/)
  if (text === '')
    return refuse(
      'required',
      'The cron expression is empty',
      'Write five fields, for example 0 8 * * MON-FRI',
    )
  if (parts.length !== 5) return refuse('cron_fields', fieldCount(parts), fieldCountHint(parts))
  return parseFields(parts, problems)
}

function parseFields(parts: readonly string[], problems: Problem[]): Cron | null {
  const before = problems.length
  const fields = checkFields(parts, problems)
  if (problems.length > before) return null
  refuseDisputed(parts, fields, problems)
  if (problems.length > before) return null

  const [minute, hour, dayOfMonth, , dayOfWeek] = fields as [
    CronField,
    CronField,
    CronField,
    CronField,
    CronField,
  ]
  const { minutes, hours, daysOfMonth, months, weekdays } = expand(fields.map((field) => field.text))
  return {
    text: parts.join(' '),
    minutes,
    hours,
    times: timesOf(hours, minutes),
    daysOfMonth,
    months,
    weekdays: dayOfWeek.nth.length > 0 ? [] : weekdays,
    nth: dayOfWeek.nth,
    anyDayOfMonth: dayOfMonth.star,
    anyWeekday: dayOfWeek.star,
    subDaily: runs(minute, minutes, 60) || runs(hour, hours, 24),
  }
}

type Values = Pick<Cron, 'minutes' | 'hours' | 'daysOfMonth' | 'months' | 'weekdays'>

/**
 * The values of the fields, by cron-parser. It refuses lists that name a value twice and dates that never come;
 * the first are harmless and the second have a better message of ours, so then each list is read item by item.
 */
function expand(texts: readonly string[]): Values {
  try {
    return parsedValues(texts.join(' '))
  } catch {
    const values: Values = { minutes: [], hours: [], daysOfMonth: [], months: [], weekdays: [] }
    const names = Object.keys(values) as (keyof Values)[]
    texts.forEach((text, index) => {
      const name = names[index]!
      for (const item of new Set(text.split(','))) {
        const alone = texts.map((_, other) => (other === index ? item : '*')).join(' ')
        values[name] = sorted([...values[name], ...parsedValues(alone)[name]])
      }
    })
    return values
  }
}

function parsedValues(expression: string): Values {
  // It gets a date and a zone so that it never looks at the clock.
  const { fields } = CronExpressionParser.parse(expression, { tz: 'UTC', currentDate: new Date(0) })
  const numbers = (values: readonly (number | string)[]) =>
    sorted(values.map((value) => (value === 'L' ? LAST : Number(value))))
  return {
    minutes: numbers(fields.minute.values),
    hours: numbers(fields.hour.values),
    daysOfMonth: numbers(fields.dayOfMonth.values),
    months: numbers(fields.month.values),
    weekdays: numbers(fields.dayOfWeek.values),
  }
}

/** A list that names every value is `*` in other words; a step that leaves one value is a fixed time. */
function runs(field: CronField, values: number[], size: number): boolean {
  return field.star || values.length === size || (field.stepped && values.length > 1)
}

function refuseDisputed(parts: readonly string[], fields: readonly CronField[], problems: Problem[]): void {
  const [dayOfMonth, dayOfWeek] = [fields[2]!, fields[4]!]
  const stepped =
    dayOfMonth.starStep && !dayOfWeek.star ? 2 : dayOfWeek.starStep && !dayOfMonth.star ? 4 : null
  if (stepped === null) return
  const range = stepped === 2 ? '1-31' : '0-6'
  const mended = parts.map((part, index) => (index === stepped ? part.replace(/[*?]\//g, `${range}/`) : part))
  problems.push({
    pointer: '/cron_expression',
    code: stepped === 2 ? 'cron_day_of_month' : 'cron_day_of_week',
    message: `"${parts[stepped]}" beside a restricted ${stepped === 2 ? 'day of week' : 'day of month'} is read in two ways: some crons join the two with "and", others with "or"`,
    hint: `Write ${mended.join(' ')} when either may match; use an RRULE with BYMONTHDAY and BYDAY when both must`,
  })
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function macroHint(macro: string): string {
  const every = /^@every\s+(?:(\d{1,4})h)?(?:(\d{1,5})m)?$/.exec(macro)
  const minutes = every === null ? 0 : Number(every[1] ?? 0) * 60 + Number(every[2] ?? 0)
  if (minutes === 1) return 'Write * * * * *'
  if (minutes > 0 && minutes < 60 && 60 % minutes === 0) return `Write */${minutes} * * * *`
  if (minutes === 60) return 'Write 0 * * * *'
  if (minutes === 1440) return 'Write 0 0 * * *'
  if (minutes > 0 && minutes % 60 === 0 && 24 % (minutes / 60) === 0) return `Write 0 */${minutes / 60} * * *`
  if (minutes > 0) return `Use the RRULE FREQ=MINUTELY;INTERVAL=${minutes}`
  return FOREIGN_MACROS[macro] ?? `Write five fields, or one of ${Object.keys(MACROS).join(' ')}`
}

function fieldCount(parts: readonly string[]): string {
  return `A cron expression has five fields (minute, hour, day of month, month, day of week), this one has ${parts.length}`
}

function fieldCountHint(parts: readonly string[]): string {
  const year = parts.length > 5 && /^\d{4}/.test(parts.at(-1)!)
  const withoutYear = year || (parts.length === 7 && /^[*?]$/.test(parts[6]!)) ? parts.slice(0, -1) : parts
  const rest =
    withoutYear.length === 6 && /^(0|00)$/.test(withoutYear[0]!) ? withoutYear.slice(1) : withoutYear
  if (rest.length === 5) {
    const year = withoutYear.length < parts.length && !/^[*?]$/.test(parts.at(-1)!)
    return `Write ${rest.join(' ')}${year ? ' and limit the years with start and until' : ' (there are no seconds and no years)'}`
  }
  if (withoutYear.length === 6)
    return 'There are no seconds: a minute is the finest step, * * * * * is every minute'
  return 'Write for example 0 8 * * MON-FRI'
}

/** The dates of a cron expression. */
export function cronDays(cron: Cron): DayPattern {
  const months = new Set(cron.months)
  let fixed = 0
  for (const day of cron.daysOfMonth) if (day !== LAST) fixed |= 1 << day
  const last = cron.daysOfMonth.includes(LAST)

  return daysByMonth((year, month, first) => {
    if (!months.has(month)) return 0
    const length = daysInMonth(year, month)
    const byDate = (fixed | (last ? 1 << length : 0)) & allDays(length)
    if (cron.anyWeekday) return byDate
    let byWeekday = 0
    for (const day of cron.weekdays) byWeekday |= weekdayMask(day, first)
    for (const wanted of cron.nth) byWeekday |= nthWeekdayMask(wanted, first, length)
    byWeekday &= allDays(length)
    return cron.anyDayOfMonth ? byWeekday : byDate | byWeekday
  })
}

/** Months in which a wanted day of the month is missing, for the warning. */
export function missesDays(cron: Cron): boolean {
  if (cron.anyDayOfMonth) return false
  const plain = cron.daysOfMonth.filter((day) => day !== LAST)
  return plain.some((day) => cron.months.some((month) => day > daysInMonth(2023, month)))
}

/** A day well inside the years of every zone, from which a rule without a start is looked at. */
export const SAMPLE_DAY = dayNumber(2000, 1, 1)
