import {
  adverbOf,
  isWeekend,
  isWorkday,
  monthOf,
  numberOf,
  ordinalOf,
  timeOf,
  type Unit,
  unitOf,
  weekdayOf,
} from './vocabulary.ts'

/** What the words of a rule say, before it becomes fields. Lists are in the order they were said. */
export type Said = {
  completion: boolean
  unit: Unit | null
  interval: number
  weekdays: number[]
  /** The nth such weekday of the month; −1 is the last. */
  nth: { weekday: number; n: number }[]
  monthDays: number[]
  lastDay: boolean
  /** The nth working day of the month; −1 is the last. */
  workday: number | null
  months: number[]
  times: number[]
  until: string | null
  from: string | null
  count: number | null
}

/** The word at which reading stopped; an empty word is the end of the text. */
export class NotUnderstood extends Error {
  readonly word: string
  constructor(word: string, message: string) {
    super(message)
    this.word = word
  }
}

const CLAUSES = new Set([
  'on',
  'at',
  '@',
  'until',
  'till',
  'through',
  'for',
  'from',
  'starting',
  'start',
  'in',
  'of',
  'after',
])
const WORKING = [1, 2, 3, 4, 5]

/** Reads the words of a rule. Throws NotUnderstood. */
export function readWords(text: string): Said {
  const words = tokens(text)
  const said: Said = {
    completion: false,
    unit: null,
    interval: 1,
    weekdays: [],
    nth: [],
    monthDays: [],
    lastDay: false,
    workday: null,
    months: [],
    times: [],
    until: null,
    from: null,
    count: null,
  }
  if (words[0] === 'every!' || words[0] === '!') {
    said.completion = true
    words.shift()
  } else if (words[0] === 'every' || words[0] === 'each') words.shift()
  if (words.length === 0) throw new NotUnderstood('', 'The rule is empty')
  readFrequency(words, said)
  while (words.length > 0) readClause(words, said)
  return said
}

function tokens(text: string): string[] {
  const spaced = text
    .toLowerCase()
    .replace(/[,&]/g, ' , ')
    .replace(/\bworking days?\b/g, 'workday')
    .replace(/\bbusiness days?\b/g, 'workday')
    .replace(/every\s*!/g, 'every! ')
    .replace(/^\s*!/, '! ')
  return spaced
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => (word === 'and' ? ',' : word))
}

function readFrequency(words: string[], said: Said): void {
  const adverb = adverbOf(words[0]!)
  if (adverb !== null) {
    words.shift()
    said.unit = adverb.unit
    said.interval = adverb.interval
    return
  }
  const other = words[0] === 'other'
  if (other) words.shift()
  const step = other ? 2 : stepBefore(words)
  const unit = unitOf(words[0] ?? '')
  if (unit !== null) {
    words.shift()
    said.unit = unit.unit
    said.interval = unit.interval * (step ?? 1)
  } else if (step !== null) {
    if (!readDays(words, said)) throw new NotUnderstood(words[0] ?? '', 'A number needs a unit behind it')
    if (said.weekdays.length === 0)
      throw new NotUnderstood(words[0] ?? '', 'Only weekdays and units can be counted')
    said.unit = 'week'
    said.interval = step
  } else if (!readDays(words, said) && !CLAUSES.has(words[0] ?? '')) notUnderstood(words)
}

/** `2`, `two`, and `3rd` when a unit follows ("every 3rd day"); takes the word off. */
function stepBefore(words: string[]): number | null {
  const first = words[0] ?? ''
  const number = numberOf(first)
  if (number !== null && monthOf(words[1] ?? '') === null) {
    words.shift()
    if (number < 1) throw new NotUnderstood(first, 'An interval is at least 1')
    return number
  }
  const ordinal = ordinalOf(first)
  const unit = unitOf(words[1] ?? '')
  if (ordinal === null || unit === null || ordinal < 2) return null
  words.shift()
  return ordinal
}

function readClause(words: string[], said: Said): void {
  const word = words.shift()!
  if (word === 'on' || word === ',') {
    if (!readDays(words, said)) notUnderstood(words)
  } else if (word === 'at' || word === '@') readTimes(words, said, true)
  else if (word === 'until' || word === 'till' || word === 'through') said.until = phrase(words, word)
  else if (word === 'from' || word === 'starting' || word === 'start') said.from = phrase(words, word)
  else if (word === 'for') readCount(words, said)
  else if (word === 'of' || word === 'in') readMonths(words, said)
  else if (word === 'after' && /^(completion|done|completing)$/.test(words[0] ?? '')) {
    words.shift()
    said.completion = true
  } else {
    words.unshift(word)
    if (numberOf(word) !== null && words[1] === 'times') readCount(words, said)
    else if (timeOf(word, false) !== null) readTimes(words, said, false)
    else if (!readDays(words, said)) notUnderstood(words)
  }
}

/** One or more days, of whatever kind; false (and nothing taken) when the first word begins none. */
function readDays(words: string[], said: Said): boolean {
  if (!readDay(words, said)) return false
  while (words[0] === ',') {
    words.shift()
    if (!readDay(words, said)) notUnderstood(words)
  }
  return true
}

function readDay(words: string[], said: Said): boolean {
  if (words[0] === 'the') words.shift()
  const word = words[0] ?? ''
  if (isWorkday(word) || isWeekend(word)) {
    words.shift()
    said.weekdays.push(...(isWeekend(word) ? [6, 0] : WORKING))
    return true
  }
  const range = weekdayRange(word)
  if (range !== null) {
    words.shift()
    said.weekdays.push(...range)
    return true
  }
  return readMonthDate(words, said) || readOrdinal(words, said)
}

/** `mon`, `mon-fri`, `fri-mon`. */
function weekdayRange(word: string): number[] | null {
  const [first, last, ...rest] = word.split('-')
  const from = weekdayOf(first ?? '')
  if (from === null || rest.length > 0) return null
  if (last === undefined) return [from]
  const to = weekdayOf(last)
  if (to === null) return null
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7)
}

/** `jan 15`, `15 jan`, `january 15th`, `15th of january`. */
function readMonthDate(words: string[], said: Said): boolean {
  const [first, second, third] = [words[0] ?? '', words[1] ?? '', words[2] ?? '']
  const dayOf = (word: string) => numberOf(word) ?? ordinalOf(word)
  if (monthOf(first) !== null && dayOf(second) !== null)
    return addDate(words.splice(0, 2), [monthOf(first)!, dayOf(second)!], said)
  if (dayOf(first) === null) return false
  if (monthOf(second) !== null) return addDate(words.splice(0, 2), [monthOf(second)!, dayOf(first)!], said)
  if (second === 'of' && monthOf(third) !== null)
    return addDate(words.splice(0, 3), [monthOf(third)!, dayOf(first)!], said)
  return false
}

const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function addDate(taken: string[], [month, day]: [number, number], said: Said): boolean {
  if (day < 1 && day !== -1) throw new NotUnderstood(taken.join(' '), 'A month begins on day 1')
  if (day > MONTH_LENGTHS[month - 1]!)
    throw new NotUnderstood(taken.join(' '), `That month has no day ${day}`)
  if (said.monthDays.length > 0 && said.monthDays[0] !== day) {
    throw new NotUnderstood(taken.join(' '), 'Several dates of the year need one rule each')
  }
  said.months.push(month)
  if (day === -1) said.lastDay = true
  else if (!said.monthDays.includes(day)) said.monthDays.push(day)
  return true
}

/** `27th`, `last day`, `first workday`, `3rd friday`; behind a month the bare `27` too. */
function readOrdinal(words: string[], said: Said): boolean {
  const n = ordinalOf(words[0] ?? '') ?? (said.unit === 'month' ? numberOf(words[0] ?? '') : null)
  if (n === null) return false
  const noun = words[1] ?? ''
  const day = weekdayOf(noun)
  if (day !== null) {
    if (n > 5) throw new NotUnderstood(words[0]!, 'A month has at most five of a weekday')
    said.nth.push({ weekday: day, n })
  } else if (isWorkday(noun)) said.workday = n
  else if (noun === 'day' || noun === 'days') {
    if (n === -1) said.lastDay = true
    else said.monthDays.push(n)
  } else {
    if (n < 1 || n > 31) return false
    said.monthDays.push(n)
    words.shift()
    return true
  }
  words.splice(0, 2)
  return true
}

function readTimes(words: string[], said: Said, afterAt: boolean): void {
  for (;;) {
    // "5 pm" in two words.
    const joined = /^(am|pm)$/.test(words[1] ?? '') ? `${words[0]}${words[1]}` : null
    const time = timeOf(joined ?? words[0] ?? '', afterAt)
    if (time === null) throw new NotUnderstood(words[0] ?? '', 'That is no time of day')
    words.splice(0, joined === null ? 1 : 2)
    if (!said.times.includes(time)) said.times.push(time)
    if (words[0] !== ',' || timeOf(words[1] ?? '', afterAt) === null) return
    words.shift()
  }
}

function readCount(words: string[], said: Said): void {
  const number = numberOf(words[0] ?? '')
  if (number === null || number < 1 || !/^(times?|x|occurrences?)$/.test(words[1] ?? '')) notUnderstood(words)
  words.splice(0, 2)
  said.count = number
}

/** `of the month` says nothing new; `in january, july` restricts. */
function readMonths(words: string[], said: Said): void {
  if (words[0] === 'the' || words[0] === 'every' || words[0] === 'each') words.shift()
  if (words[0] === 'month') {
    words.shift()
    said.unit ??= 'month'
    return
  }
  for (;;) {
    const month = monthOf(words[0] ?? '')
    if (month === null) notUnderstood(words)
    words.shift()
    said.months.push(month!)
    if (words[0] !== ',' || monthOf(words[1] ?? '') === null) return
    words.shift()
  }
}

/** The words up to the next clause, for a date parser to read. */
function phrase(words: string[], after: string): string {
  const end = words.findIndex((word) => CLAUSES.has(word) && word !== 'of' && word !== 'in')
  const taken = words.splice(0, end < 0 ? words.length : end)
  if (taken.length === 0) throw new NotUnderstood('', `A date is missing behind "${after}"`)
  return taken.join(' ').replaceAll(' , ', ', ')
}

function notUnderstood(words: string[]): never {
  const word = words[0] ?? ''
  throw new NotUnderstood(word, word === '' ? 'The rule ends too early' : `"${word}" is not understood here`)
}
