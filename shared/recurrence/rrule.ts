import { parseLocal } from './civil.ts'
import type { NthWeekday } from './months.ts'
import type { Problem } from './problem.ts'

export const MAX_RRULE_LENGTH = 1024
export const MAX_COUNT = 10_000

export const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'] as const
export type Frequency = (typeof FREQUENCIES)[number]
export const ICAL_DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const

/** The parts of an RFC 5545 recurrence rule. Lists are empty where the part is absent. `text` has no prefix. */
export type RRule = {
  text: string
  freq: Frequency
  interval: number
  count: number | null
  /** As written: local date, local date-time or UTC, in the form that `readBound` takes. */
  until: string | null
  wkst: number
  byMonth: number[]
  byMonthDay: number[]
  byYearDay: number[]
  byWeekNo: number[]
  /** n = 0: every such weekday; otherwise the nth (from the end when negative) of the month or year. */
  byDay: NthWeekday[]
  byHour: number[]
  byMinute: number[]
  bySetPos: number[]
}

type Refuse = (message: string, hint?: string, code?: string) => void

/** Parses an RRULE (with or without its `RRULE:` prefix); on faults adds to `problems` and answers null. */
export function parseRRule(source: string, problems: Problem[]): RRule | null {
  const before = problems.length
  const refuse: Refuse = (message, hint, code = 'rrule') => {
    problems.push({ pointer: '/rrule', code, message, ...(hint === undefined ? {} : { hint }) })
  }
  if (source.length > MAX_RRULE_LENGTH) {
    refuse(
      `A recurrence rule has at most ${MAX_RRULE_LENGTH} characters`,
      'Use a simpler rule, or several templates',
      'too_long',
    )
    return null
  }
  const text = source
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
  if (/[\r\n]/.test(text) || /^(DTSTART|EXDATE|RDATE|EXRULE)/.test(text)) {
    refuse(
      'Only the RRULE itself belongs here',
      'Put DTSTART into start and time_zone, and EXDATE into exdates',
    )
    return null
  }
  const parts = splitParts(text, refuse)
  if (problems.length > before) return null
  const rule = readParts(parts, text, refuse)
  if (problems.length > before) return null
  checkCombination(rule, parts, refuse)
  return problems.length > before ? null : rule
}

const PARTS = new Set(
  'FREQ INTERVAL COUNT UNTIL WKST BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYDAY BYHOUR BYMINUTE BYSECOND BYSETPOS'.split(
    ' ',
  ),
)

function splitParts(text: string, refuse: Refuse): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(';')) {
    if (part === '') continue
    const [name, value, ...rest] = part.split('=')
    if (value === undefined || value === '' || rest.length > 0)
      refuse(`"${part}" is not NAME=VALUE`, 'Write for example FREQ=WEEKLY;BYDAY=MO')
    else if (!PARTS.has(name!))
      refuse(
        `${name} is not a part of a recurrence rule that is understood here`,
        `The parts are ${[...PARTS].join(', ')}`,
      )
    else if (parts.has(name!)) refuse(`${name} is given twice`, 'Join the values with commas')
    else parts.set(name!, value)
  }
  if (!parts.has('FREQ') && parts.size > 0)
    refuse('FREQ is missing', 'Begin with FREQ=DAILY, WEEKLY, MONTHLY, YEARLY, HOURLY or MINUTELY')
  if (parts.size === 0) refuse('The recurrence rule is empty', 'Write for example FREQ=WEEKLY;BYDAY=MO')
  return parts
}

function readParts(parts: Map<string, string>, text: string, refuse: Refuse): RRule {
  const list = (name: string, low: number, high: number, signed = false) => {
    const value = parts.get(name)
    return value === undefined ? [] : readList({ name, value, low, high, signed }, refuse)
  }
  const bySecond = list('BYSECOND', 0, 59)
  if (bySecond.some((second) => second !== 0)) refuse('BYSECOND is finer than a minute', 'Leave BYSECOND out')
  const freq = readFrequency(parts.get('FREQ')!, refuse)
  const subDaily = freq === 'HOURLY' || freq === 'MINUTELY'
  return {
    text,
    freq,
    interval: readNumber(parts.get('INTERVAL') ?? '1', 'INTERVAL', subDaily ? 525_600 : 10_000, refuse),
    count: parts.has('COUNT') ? readNumber(parts.get('COUNT')!, 'COUNT', MAX_COUNT, refuse) : null,
    until: parts.has('UNTIL') ? readUntil(parts.get('UNTIL')!, refuse) : null,
    wkst: readWeekStart(parts.get('WKST') ?? 'MO', refuse),
    byMonth: list('BYMONTH', 1, 12),
    byMonthDay: list('BYMONTHDAY', 1, 31, true),
    byYearDay: list('BYYEARDAY', 1, 366, true),
    byWeekNo: list('BYWEEKNO', 1, 53, true),
    byDay: readByDay(parts.get('BYDAY'), refuse),
    byHour: list('BYHOUR', 0, 23),
    byMinute: list('BYMINUTE', 0, 59),
    bySetPos: list('BYSETPOS', 1, 366, true),
  }
}

function readFrequency(value: string, refuse: Refuse): Frequency {
  const found = FREQUENCIES.find((name) => name === value)
  if (found === undefined) {
    const hint =
      value === 'SECONDLY' ? 'MINUTELY is the finest frequency' : `FREQ is one of ${FREQUENCIES.join(', ')}`
    refuse(`FREQ=${value} is not possible`, hint)
  }
  return found ?? 'DAILY'
}

function readWeekStart(value: string, refuse: Refuse): number {
  const found = (ICAL_DAYS as readonly string[]).indexOf(value)
  if (found < 0) refuse(`WKST=${value} is not a weekday`, `WKST is one of ${ICAL_DAYS.join(', ')}`)
  return Math.max(found, 0)
}

function readNumber(value: string, name: string, max: number, refuse: Refuse): number {
  const number = /^\d{1,7}$/.test(value) ? Number(value) : 0
  if (number >= 1 && number <= max) return number
  refuse(`${name}=${value} is not a whole number from 1 to ${max}`, undefined, 'out_of_range')
  return 1
}

type ListSpec = { name: string; value: string; low: number; high: number; signed: boolean }

function readList({ name, value, low, high, signed }: ListSpec, refuse: Refuse): number[] {
  const numbers = new Set<number>()
  for (const item of value.split(',')) {
    const number = /^[+-]?\d{1,3}$/.test(item) ? Number(item) : Number.NaN
    const size = signed ? Math.abs(number) : number
    if (size >= low && size <= high) numbers.add(number)
    else refuse(`${name}=${item} is outside ${signed ? '±' : ''}${low}–${high}`, undefined, 'out_of_range')
  }
  return [...numbers].sort((a, b) => a - b)
}

function readByDay(value: string | undefined, refuse: Refuse): NthWeekday[] {
  if (value === undefined) return []
  const days = new Map<string, NthWeekday>()
  for (const item of value.split(',')) {
    const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(item)
    const n = Number(match?.[1] ?? 0)
    if (match === null || (match[1] !== undefined && (n === 0 || Math.abs(n) > 53))) {
      refuse(`BYDAY=${item} is not a weekday`, 'Write MO, or 2MO for the second and -1MO for the last Monday')
    } else days.set(`${n}${match[2]}`, { weekday: (ICAL_DAYS as readonly string[]).indexOf(match[2]!), n })
  }
  return [...days.values()]
}

function readUntil(value: string, refuse: Refuse): string | null {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(value)
  if (match !== null) {
    const [, year, month, day, hour, minute, second, utc] = match
    const date = `${year}-${month}-${day}`
    const local = hour === undefined ? date : `${date}T${hour}:${minute}`
    if (parseLocal(local) !== null && Number(second ?? 0) < 60)
      return utc === undefined ? local : `${local}:${second}Z`
  }
  refuse(
    `UNTIL=${value} is not a date that exists`,
    'Write UNTIL=20271231, UNTIL=20271231T170000 or UNTIL=20271231T160000Z',
  )
  return null
}

/** What RFC 5545 section 3.3.10 forbids. */
function checkCombination(rule: RRule, parts: Map<string, string>, refuse: Refuse): void {
  const { freq } = rule
  const ordinal = rule.byDay.some((day) => day.n !== 0)
  if (rule.count !== null && rule.until !== null)
    refuse('COUNT and UNTIL exclude each other', 'Keep one of them')
  if (ordinal && freq !== 'MONTHLY' && freq !== 'YEARLY') {
    refuse(
      `BYDAY with a number needs FREQ=MONTHLY or YEARLY, not ${freq}`,
      'Write the weekday without a number',
    )
  }
  if (ordinal && rule.byWeekNo.length > 0) refuse('BYDAY with a number cannot stand beside BYWEEKNO')
  if (rule.byWeekNo.length > 0 && freq !== 'YEARLY') refuse('BYWEEKNO needs FREQ=YEARLY')
  if (rule.byYearDay.length > 0 && (freq === 'DAILY' || freq === 'WEEKLY' || freq === 'MONTHLY')) {
    refuse(`BYYEARDAY cannot stand beside FREQ=${freq}`, 'Use FREQ=YEARLY')
  }
  if (rule.byMonthDay.length > 0 && freq === 'WEEKLY')
    refuse('BYMONTHDAY cannot stand beside FREQ=WEEKLY', 'Use FREQ=MONTHLY or DAILY')
  const positions = freq === 'MINUTELY' || rule.byMinute.length === 0 ? 1 : rule.byMinute.length
  if ((freq === 'MINUTELY' || freq === 'HOURLY') && rule.bySetPos.length > 0) {
    const possible = rule.bySetPos.some((position) => Math.abs(position) <= positions)
    if (!possible)
      refuse(
        `BYSETPOS never applies: a period of ${freq} has ${positions} occurrence(s)`,
        undefined,
        'never_occurs',
      )
  }
  const others = [...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS')
  if (rule.bySetPos.length > 0 && !others)
    refuse('BYSETPOS needs another BY part to choose from', 'Add for example BYDAY=MO,TU,WE,TH,FR')
}
