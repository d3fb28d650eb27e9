import { AppError } from '../errors.ts'
import { civilDate, daysInMonth, formatDay, formatMinute, parseLocal, weekday } from './civil.ts'
import type { RuleFields } from './fields.ts'
import { NotUnderstood, readWords, type Said } from './grammar.ts'
import { nearestWords } from './vocabulary.ts'

export type WordsContext = {
  timeZone: string
  /** The local date, better with the time (`YYYY-MM-DDTHH:MM`): then a time that has passed today is not taken. */
  today: string
  /** The earliest date of the first occurrence (`YYYY-MM-DD`), for example a given due date. Default: today. */
  from?: string | undefined
  /** Reads the dates behind `until` and `from`: text → `YYYY-MM-DD` or null. Default: only ISO dates. */
  parseDate?: ((text: string) => string | null) | undefined
}

/** The fields that words determine; all keys are always there. */
export type WordsRule = Required<
  Pick<
    RuleFields,
    | 'recurrence_pattern'
    | 'interval'
    | 'cron_expression'
    | 'rrule'
    | 'time_zone'
    | 'start'
    | 'all_day'
    | 'until'
    | 'count'
    | 'month_day_policy'
    | 'anchor'
  >
>

const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']
const MAX_WORDS_LENGTH = 256
const EXAMPLE = 'Write for example "every 2 weeks on mon,thu at 17:00 until 2027-12-31"'

/**
 * Rule fields from words such as "every 2 weeks on mon,thu at 17:00" (the leading "every" may be missing). `start`
 * is the first date that fits. Throws AppError `invalid` that names the word and the nearest form that is right.
 */
export function parseRecurrenceWords(text: string, context: WordsContext): WordsRule {
  try {
    if (text.length > MAX_WORDS_LENGTH)
      throw new NotUnderstood('', `A rule has at most ${MAX_WORDS_LENGTH} characters`)
    return toFields(readWords(text), context)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
    throw new AppError('invalid', `Cannot read the rule "${shown}": ${error.message}`, {
      hint: suggestion(text, error.word, context) ?? EXAMPLE,
      fields: [{ pointer: '/every', code: 'not_understood', message: error.message }],
    })
  }
}

/** The same text with the strange word replaced by a near one, when that can be read. */
function suggestion(text: string, word: string, context: WordsContext): string | null {
  if (word === '' || word.length > 20 || text.length > MAX_WORDS_LENGTH) return null
  const place = text.toLowerCase().lastIndexOf(word)
  if (place < 0) return null
  for (const near of nearestWords(word)) {
    const candidate = text.slice(0, place) + near + text.slice(place + word.length)
    try {
      toFields(readWords(candidate), context)
      return `Did you mean "${candidate.trim()}"?`
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error
    }
  }
  return null
}

function toFields(said: Said, context: WordsContext): WordsRule {
  const rule = ruleOf(said)
  const first = firstDate(said, rule.phase, context)
  const subDaily = said.unit === 'hour' || said.unit === 'minute'
  const time = said.times[0]
  const start =
    subDaily && time === undefined
      ? subDailyStart(said, first, context)
      : `${formatDay(first)}${time === undefined ? '' : `T${formatMinute(time)}`}`
  return {
    recurrence_pattern: rule.pattern,
    interval: rule.rrule === null ? said.interval : 1,
    cron_expression: null,
    rrule: rule.rrule,
    time_zone: context.timeZone,
    start,
    all_day: time === undefined && !subDaily,
    until: said.until === null ? null : readDate(said.until, context),
    count: said.count,
    month_day_policy: said.lastDay && rule.rrule === null ? 'last' : 'clamp',
    anchor: said.completion ? 'completion' : 'schedule',
  }
}

type Chosen = {
  pattern: RuleFields['recurrence_pattern']
  rrule: string | null
  /** Whether a date is one the rule may begin on. */
  phase: (day: number) => boolean
}

/** A simple pattern where there is one, because only those can clamp; else an RRULE. */
function ruleOf(said: Said): Chosen {
  checkTogether(said)
  const { unit, interval, weekdays, nth, monthDays, lastDay, workday, months } = said
  const inMonths = (day: number) => months.length === 0 || months.includes(civilDate(day).month)
  const every = interval === 1 ? '' : `;INTERVAL=${interval}`
  const byMonth = months.length === 0 ? '' : `;BYMONTH=${months.join(',')}`
  const byDay =
    weekdays.length === 0
      ? ''
      : `;BYDAY=${sortDays(weekdays)
          .map((day) => DAYS[day])
          .join(',')}`
  const byTime = timesPart(said)
  const make = (freq: string, phase: (day: number) => boolean): Chosen => ({
    pattern: 'custom',
    rrule: `FREQ=${freq}${byMonth}${byTime}`,
    phase: (day) => inMonths(day) && phase(day),
  })
  const plain = byTime === ''
  const simple = (pattern: Chosen['pattern'], phase: (day: number) => boolean): Chosen => ({
    pattern,
    rrule: null,
    phase,
  })
  if (unit === 'hour' || unit === 'minute') {
    return make(
      `${unit === 'hour' ? 'HOURLY' : 'MINUTELY'}${every}${byDay}`,
      (day) => weekdays.length === 0 || weekdays.includes(weekday(day)),
    )
  }
  const freq = months.length > 0 && unit !== 'month' ? 'YEARLY' : 'MONTHLY'
  if (nth.length > 0) {
    const days = nth.map(({ weekday: day, n }) => `${n}${DAYS[day]}`).join(',')
    return make(`${freq}${every};BYDAY=${days}`, (day) => nth.some((wanted) => isNth(day, wanted)))
  }
  if (workday !== null) return make(`${freq}${every};BYDAY=MO,TU,WE,TH,FR;BYSETPOS=${workday}`, () => true)
  if (weekdays.length === 1 && months.length === 0 && plain)
    return simple('weekly', (day) => weekday(day) === weekdays[0])
  if (weekdays.length > 0) return make(`WEEKLY${every}${byDay}`, (day) => weekdays.includes(weekday(day)))
  if (lastDay) {
    if (plain && months.length === 0) return simple('monthly', isLastDay)
    return make(`${freq}${every};BYMONTHDAY=-1`, isLastDay)
  }
  if (monthDays.length > 0) {
    const onDay = (day: number) => monthDays.includes(civilDate(day).day)
    if (monthDays.length === 1 && plain && months.length === 0) return simple('monthly', onDay)
    if (monthDays.length === 1 && plain && months.length === 1)
      return simple('yearly', (day) => inMonths(day) && onDay(day))
    return make(`${freq}${every};BYMONTHDAY=${monthDays.join(',')}`, onDay)
  }
  return periodic(said, { make, simple, every, plain })
}

type Makers = {
  make: (freq: string, phase: (day: number) => boolean) => Chosen
  simple: (pattern: Chosen['pattern'], phase: (day: number) => boolean) => Chosen
  every: string
  plain: boolean
}

function periodic({ unit, months }: Said, { make, simple, every, plain }: Makers): Chosen {
  const always = () => true
  if (unit === null) throw new NotUnderstood('', 'It does not say how often')
  if (plain && months.length === 0) {
    return simple(
      unit === 'day' ? 'daily' : unit === 'week' ? 'weekly' : unit === 'month' ? 'monthly' : 'yearly',
      always,
    )
  }
  return make(`${unit === 'day' ? 'DAILY' : `${unit.toUpperCase()}LY`}${every}`, always)
}

/** Which parts cannot stand together. */
function checkTogether(said: Said): void {
  const { unit, weekdays, nth, monthDays, lastDay, workday, months, completion } = said
  const kinds = [
    weekdays.length,
    nth.length,
    monthDays.length + Number(lastDay),
    workday === null ? 0 : 1,
  ].filter((n) => n > 0)
  const refuse = (message: string): never => {
    throw new NotUnderstood('', message)
  }
  if (kinds.length > 1) refuse('It names days in two different ways; make two rules of it')
  if (lastDay && monthDays.length > 0)
    refuse('The last day cannot stand in a list with others; make two rules of it')
  const subDaily = unit === 'hour' || unit === 'minute'
  if (subDaily && (completion || (kinds.length > 0 && weekdays.length === 0)))
    refuse('Hours and minutes go with weekdays only')
  if (subDaily && said.times.length > 1) refuse('Hours and minutes have one time to begin at')
  if (unit === 'day' && kinds.length > 0)
    refuse('A number of days cannot be bound to certain days; use weeks or months')
  if (unit === 'week' && kinds.length > 0 && weekdays.length === 0)
    refuse('Weeks go with weekdays; use months')
  if ((unit === 'month' || unit === 'year') && weekdays.length > 0)
    refuse('Say which weekday of the month, for example "3rd friday"')
  if (unit === 'year' && kinds.length > 0 && months.length === 0) refuse('Say in which month of the year')
  if (said.interval > 10_000) refuse('The interval is too long')
  if (completion && kinds.length > 0 && said.interval > 1)
    refuse('After completion, give either an interval or certain days')
}

/** Several times of day as BYHOUR and BYMINUTE; one time is carried by the start. */
function timesPart({ times }: Said): string {
  if (times.length < 2) return ''
  const unique = (values: number[]) => [...new Set(values)].sort((a, b) => a - b)
  const hours = unique(times.map((time) => Math.floor(time / 60)))
  const minutes = unique(times.map((time) => time % 60))
  if (hours.length * minutes.length !== times.length)
    throw new NotUnderstood('', 'Times with different minutes need one rule each')
  return `;BYHOUR=${hours.join(',')};BYMINUTE=${minutes.join(',')}`
}

function sortDays(days: readonly number[]): number[] {
  return [...new Set(days)].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
}

function isLastDay(day: number): boolean {
  return civilDate(day + 1).day === 1
}

function isNth(day: number, { weekday: wanted, n }: { weekday: number; n: number }): boolean {
  const { year, month, day: dayOfMonth } = civilDate(day)
  if (weekday(day) !== wanted) return false
  return n > 0 ? Math.ceil(dayOfMonth / 7) === n : dayOfMonth + 7 > daysInMonth(year, month)
}

/** The first date from today (or `from`) on that fits; today only while its time has not passed. */
function firstDate(said: Said, phase: (day: number) => boolean, context: WordsContext): number {
  const now = parseLocal(context.today)
  if (now === null) throw new RangeError(`today is not a local date: ${context.today}`)
  const wanted = said.from === null ? context.from : readDate(said.from, context)
  const begin = wanted === undefined ? now.day : (parseLocal(wanted)?.day ?? now.day)
  const last = said.times.length === 0 ? null : Math.max(...said.times)
  const passed = last !== null && now.minute !== null && last <= now.minute
  const from = begin === now.day && passed ? begin + 1 : begin
  // Every rule that words can say fits some date within eight years (29 February around 2100).
  for (let day = from; day < from + 3000; day += 1) if (phase(day)) return day
  throw new NotUnderstood('', 'That date never comes')
}

/** The next full step of the day, so that "every 2 hours" runs at 0, 2, 4 … */
function subDailyStart(said: Said, first: number, { today }: WordsContext): string {
  const now = parseLocal(today)!
  const step = said.interval * (said.unit === 'hour' ? 60 : 1)
  const minute = now.day === first && now.minute !== null ? (Math.floor(now.minute / step) + 1) * step : 0
  return `${formatDay(first + Math.floor(minute / 1440))}T${formatMinute(minute % 1440)}`
}

function readDate(text: string, { parseDate }: WordsContext): string {
  const compact = /^\d{4}-\d{2}-\d{2}$/.test(text) && parseLocal(text) !== null ? text : null
  const date = compact ?? parseDate?.(text) ?? null
  if (date === null) throw new NotUnderstood(text, `"${text}" is not a date`)
  return date
}
