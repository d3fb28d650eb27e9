import type { NthWeekday } from './months.ts'
import type { Problem } from './problem.ts'

/** One field after the dialect's check: plain numbers, ranges and steps for the parser, and what it cannot say. */
export type CronField = {
  text: string
  /** The field does not restrict anything (`*`, `?`, `* /1`). */
  star: boolean
  /** It begins with `*` and has a step. */
  starStep: boolean
  stepped: boolean
  /** Last day of the month. */
  last: boolean
  /** `5#2`, `5L` (n = -1). Only ever set alone. */
  nth: NthWeekday[]
}

type FieldSpec = {
  name: string
  code: string
  min: number
  max: number
  size: number
  names: readonly string[]
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

export const FIELDS: readonly FieldSpec[] = [
  { name: 'minute', code: 'cron_minute', min: 0, max: 59, size: 60, names: [] },
  { name: 'hour', code: 'cron_hour', min: 0, max: 23, size: 24, names: [] },
  { name: 'day of month', code: 'cron_day_of_month', min: 1, max: 31, size: 31, names: [] },
  { name: 'month', code: 'cron_month', min: 1, max: 12, size: 12, names: MONTHS },
  { name: 'day of week', code: 'cron_day_of_week', min: 0, max: 7, size: 7, names: WEEKDAYS },
]
const DAY_OF_MONTH = 2
const DAY_OF_WEEK = 4

/** Thrown inside this file only; the message names the field, `rewrite` is the same field in the right form. */
class FieldFault extends Error {
  readonly rewrite: string | undefined
  readonly hint: string | undefined
  constructor(message: string, fix: { rewrite?: string; hint?: string } = {}) {
    super(message)
    this.rewrite = fix.rewrite
    this.hint = fix.hint
  }
}

/** Checks five fields against the dialect. Every bad field is reported, each with the expression in its right form. */
export function checkFields(parts: readonly string[], problems: Problem[]): CronField[] {
  return parts.map((part, index) => {
    try {
      return checkField(part.toUpperCase(), index)
    } catch (error) {
      if (!(error instanceof FieldFault)) throw error
      const { name, code } = FIELDS[index]!
      const mended = parts.map((other, at) => (at === index ? error.rewrite : other)).join(' ')
      const hint = error.rewrite === undefined ? error.hint : `Write ${mended}`
      problems.push({
        pointer: '/cron_expression',
        code,
        message: `Field ${index + 1} (${name}), "${part}": ${error.message}`,
        ...(hint === undefined ? {} : { hint }),
      })
      return { text: '*', star: true, starStep: false, stepped: false, last: false, nth: [] }
    }
  })
}

function checkField(text: string, index: number): CronField {
  const spec = FIELDS[index]!
  const field: CronField = { text: '', star: false, starStep: false, stepped: false, last: false, nth: [] }
  const items: string[] = []
  const all = text.split(',')
  for (const item of all) {
    if (item === '')
      throw new FieldFault('there is nothing between two commas', {
        rewrite: all.filter(Boolean).join(',') || '*',
      })
    refuseForeign(item, index)
    if (index === DAY_OF_MONTH && item === 'L') {
      field.last = true
      items.push('L')
    } else if (index === DAY_OF_WEEK && /[#L]/.test(item)) field.nth.push(nthWeekday(item, spec))
    else items.push(plainItem(item, index, field))
  }
  if (field.nth.length > 0 && items.length > 0) {
    const byDay = [...field.nth.map(({ weekday, n }) => `${n}${ICAL_DAYS[weekday]}`)].join(',')
    throw new FieldFault('"#" and "L" cannot be mixed with plain weekdays', {
      hint: `Use two templates, or an RRULE such as FREQ=MONTHLY;BYDAY=${byDay},MO`,
    })
  }
  field.text = items.length === 0 ? '*' : items.join(',')
  return field
}

const ICAL_DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

function refuseForeign(item: string, index: number): void {
  if (index === DAY_OF_MONTH && /^(L|\d{1,2})W$/.test(item)) {
    const position = item === 'LW' ? '-1' : item === '1W' ? '1' : null
    const hint =
      position === null
        ? 'Name the day itself, or use an RRULE with BYMONTHDAY and BYDAY'
        : `Use the RRULE FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=${position}`
    throw new FieldFault('the nearest weekday (W) is not part of this dialect', { hint })
  }
  const fromEnd = /^L-(\d{1,2})$/.exec(item)
  if (index === DAY_OF_MONTH && fromEnd !== null) {
    throw new FieldFault('days before the last are not part of this dialect', {
      hint: `Use the RRULE FREQ=MONTHLY;BYMONTHDAY=-${Number(fromEnd[1]) + 1}`,
    })
  }
  if (index === DAY_OF_WEEK && item === 'L') {
    throw new FieldFault('"L" needs a weekday in front of it', { rewrite: '6L' })
  }
  if (/^H(\(|\/|$)/.test(item) || item.includes('~')) {
    throw new FieldFault('random and hashed values are not part of this dialect', { hint: 'Name a value' })
  }
}

function nthWeekday(item: string, spec: FieldSpec): NthWeekday {
  const match = /^([0-9]{1,2}|[A-Z]{3})(?:#(\d{1,2})|L)$/.exec(item)
  if (match === null) {
    throw new FieldFault(
      'it is neither a weekday with "#" (5#2, the second Friday) nor with "L" (5L, the last one)',
      {
        hint: 'Write for example FRI#2 or FRIL',
      },
    )
  }
  const weekday = value(match[1]!, spec) % 7
  if (match[2] === undefined) return { weekday, n: -1 }
  const n = Number(match[2])
  if (n < 1 || n > 5)
    throw new FieldFault(`a month has no ${n}. ${match[1]}; 1 to 5 may follow "#"`, {
      rewrite: `${match[1]}L`,
    })
  return { weekday, n }
}

/** `*`, a value or a range, each perhaps with a step. Returns it in numbers. */
function plainItem(item: string, index: number, field: CronField): string {
  const spec = FIELDS[index]!
  const [body, stepText, ...rest] = item.split('/')
  if (rest.length > 0 || body === '') throw new FieldFault('it cannot be read', { hint: example(spec) })
  const step = stepText === undefined ? null : readStep(stepText, spec)
  const suffix = step === null ? '' : `/${step}`
  if (body === '*' || body === '?') {
    if (step === null || step === 1) field.star = true
    else field.starStep = field.stepped = true
    // The parser lets weekdays run to 7, which would make Sunday match twice.
    return index === DAY_OF_WEEK ? `0-6${suffix}` : `*${suffix}`
  }
  const [low, high, ...more] = body!.split('-')
  if (more.length > 0 || low === '' || high === '')
    throw new FieldFault('it cannot be read', { hint: example(spec) })
  const from = value(low!, spec)
  if (high === undefined) {
    if (step !== null) {
      throw new FieldFault('a step needs a range or "*" in front of it', {
        rewrite: `${low}-${lastValue(spec)}/${step}`,
      })
    }
    return String(index === DAY_OF_WEEK ? from % 7 : from)
  }
  if (step !== null && step > 1) field.stepped = true
  return readRange({ low: low!, from, high, step }, spec)
}

type Range = { low: string; from: number; high: string; step: number | null }

function readRange({ low, from, high, step }: Range, spec: FieldSpec): string {
  let to = value(high, spec)
  const weekdays = spec.names === WEEKDAYS
  // "fri-sun" ends on the Sunday that follows, which is 7.
  if (weekdays && high === 'SUN' && from > 0) to = 7
  if (from <= to)
    return weekdays && to === 7
      ? weekdayRange(from, step ?? 1)
      : `${from}-${to}${step === null ? '' : `/${step}`}`
  const name = (text: string, number: number) =>
    /\D/.test(text) ? (spec.names[number - spec.min] ?? text) : String(number)
  const first = name(low, weekdays ? 0 : spec.min)
  const rewrite =
    step === null || step === 1
      ? `${pair(low, name(low, lastValue(spec)))},${pair(first, high)}`
      : wrapped(from, to, step, spec).join(',')
  throw new FieldFault('a range cannot run backwards', { rewrite })
}

function pair(low: string, high: string): string {
  return low === high ? low : `${low}-${high}`
}

function weekdayRange(from: number, step: number): string {
  const days: number[] = []
  for (let day = from; day <= 7; day += step) days.push(day % 7)
  return [...new Set(days)].join(',')
}

function wrapped(from: number, to: number, step: number, spec: FieldSpec): number[] {
  const values: number[] = []
  for (let offset = 0; offset <= to + spec.size - from; offset += step) {
    values.push(((from - spec.min + offset) % spec.size) + spec.min)
  }
  return values.sort((a, b) => a - b)
}

function lastValue(spec: FieldSpec): number {
  return spec.names === WEEKDAYS ? 6 : spec.max
}

function readStep(text: string, spec: FieldSpec): number {
  const step = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (step < 1) throw new FieldFault(`the step "${text}" is no positive number`, { hint: example(spec) })
  if (step > spec.size) {
    throw new FieldFault(`the step ${step} is larger than the field, which has ${spec.size} values`, {
      hint: 'Steps start again in each field; for a longer interval use an RRULE with INTERVAL',
    })
  }
  return step
}

function value(text: string, spec: FieldSpec): number {
  const named = spec.names.indexOf(text)
  if (named >= 0) return named + spec.min
  const range = `${spec.min}–${spec.max}${spec.names.length > 0 ? ` or ${spec.names[0]}–${spec.names.at(-1)}` : ''}`
  if (!/^\d+$/.test(text)) throw new FieldFault(`"${text}" is not one of ${range}`, { hint: example(spec) })
  const number = Number(text)
  if (number < spec.min || number > spec.max)
    throw new FieldFault(`${text} is outside ${range}`, { hint: example(spec) })
  return number
}

function example(spec: FieldSpec): string {
  const low = spec.names[1] ?? spec.min
  const high = spec.names[5] ?? spec.max
  return `Write the ${spec.name} as *, ${low}, ${low}-${high}, a list with commas, or with a step such as */2`
}
