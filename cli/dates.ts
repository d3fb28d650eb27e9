import { AppError } from '../shared/errors.ts'
import { suggest } from '../shared/suggest.ts'
import { type Day, existing, isoDate, strictlyAfter } from './dates/calendar.ts'
import { dayRules } from './dates/day-rules.ts'
import { formatDate, relativeDate } from './dates/describe.ts'
import { type Due, finish, type Problem, type Reading, type Rule } from './dates/reading.ts'
import { timeRules } from './dates/time-rules.ts'
import { dayWords, vocabulary, weekdays } from './dates/words.ts'
import { wallAt } from './dates/zone.ts'

export type { Due, Problem } from './dates/reading.ts'

/** The user's idea of now, and his zone: an IANA name, or `localZone`, which costs no Intl. */
export type DateContext = { now: Date; timeZone: string }

const rules: Rule[] = [...timeRules, ...dayRules]
/** Compiled when first tried. */
const patterns: (RegExp | undefined)[] = []

/** What is typed most, read without compiling a rule: a weekday, a name such as tomorrow or eom, an ISO date. */
const plainDay = (source: string, today: Day): Day | undefined => {
  if (Object.hasOwn(weekdays, source)) return strictlyAfter(today, weekdays[source]!)
  if (Object.hasOwn(dayWords, source)) return dayWords[source]!.day(today)
  if (!/^(?:19|[2-9]\d)\d\d-\d\d-\d\d$/.test(source)) return undefined
  const [year, month, day] = source.split('-').map(Number)
  return existing(year!, month!, day!)
}

const filler = /[\s,]*(?:(?:on|the) )?/y

/** The first rule that fits at `at`: the length it takes, or what is wrong, or undefined when none fits. */
const advance = (source: string, at: number, reading: Reading): number | Problem | undefined => {
  for (const [index, rule] of rules.entries()) {
    patterns[index] ??= new RegExp(rule.pattern, 'y')
    const pattern = patterns[index]
    pattern.lastIndex = at
    const match = pattern.exec(source)
    if (match === null) continue
    const verdict = rule.apply(reading, match)
    if (typeof verdict === 'object') return verdict
    if (verdict) return match[0].length
  }
  return undefined
}

/** As `parseDate`, but answers a problem for a date that is wrong and undefined for what is no date at all. */
export const readDate = (text: string, { now, timeZone }: DateContext): Due | Problem | undefined => {
  const source = text.normalize('NFKC').trim().replace(/\s+/g, ' ').replace(/,$/, '').toLowerCase()
  if (source === '' || source.length > 100) return undefined
  // dstask writes a date without spaces: `next-monday`.
  const [, before, hyphened] = /^(next|this|last)-([a-z].*)$/.exec(source) ?? []
  if (before !== undefined) return readDate(`${before} ${hyphened}`, { now, timeZone })
  const { day: today } = wallAt(now.getTime(), timeZone)
  const plain = plainDay(source, today)
  if (plain !== undefined) return { date: isoDate(plain) }
  const reading: Reading = { timeZone, now: now.getTime(), today, pending: [] }
  let at = 0
  while (at < source.length) {
    filler.lastIndex = at
    at += filler.exec(source)![0].length
    const taken = advance(source, at, reading)
    if (typeof taken !== 'number') return taken
    at += taken
  }
  return finish(reading)
}

const everyForm =
  'Try tomorrow, fri 17:00, +3d, 27 nov, eom-2d or 2026-12-01; `todo help dates` lists every form.'

/** The same text with its unknown words replaced by near ones, if that makes it a date. */
const mended = (text: string, context: DateContext): string | undefined => {
  const known = vocabulary()
  const guess = text.toLowerCase().replace(/[a-z]{3,}/g, (word) => {
    return known.includes(word) ? word : (suggest(word, known) ?? word)
  })
  if (guess === text.toLowerCase()) return undefined
  const due = readDate(guess, context)
  return due && !('message' in due) ? guess : undefined
}

const refuse = (text: string, problem: Problem | undefined, context: DateContext, pointer: string): never => {
  const guess = problem ? undefined : mended(text, context)
  const message = problem ? `"${text}": ${problem.message}` : `"${text}" is not a date`
  throw new AppError('invalid', message, {
    hint: problem?.hint ?? (guess === undefined ? everyForm : `Did you mean ${guess}?`),
    reason: 'bad_date',
    fields: [{ pointer, code: 'bad_date', message }],
  })
}

/**
 * Reads a date in the words of docs/dates.md: an all-day `date` of the user's calendar, or the instant `at` in UTC
 * when a time was said. A wall time that the clocks skip becomes the first one after the gap, one that they show
 * twice its first copy. Throws an `invalid` error with a suggestion; `pointer` names the field at fault.
 */
export const parseDate = (text: string, context: DateContext, pointer = '/due'): Due => {
  const due = readDate(text, context)
  return due === undefined || 'message' in due ? refuse(text, due, context, pointer) : due
}

/** For the echo: `Fri 27 Nov 17:00 (in 6 days)`. What stands before the bracket reads back as the same date. */
export const describeDate = (due: Due, context: DateContext): string =>
  `${formatDate(due, context)} (${relativeDate(due, context)})`
