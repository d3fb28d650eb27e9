import { dayWords, months, nextWords, timeWords, units, weekdays } from '../dates/words.ts'
import { type DateContext, type Due, parseDate, readDate } from '../dates.ts'
import type { Word } from './words.ts'

const longest = 6
const time = /^@?(?:\d{1,2}(?:[:.]\d\d)?[ap]\.?m\.?|\d{1,2}:\d\d(?::\d\d)?)$/
const ordinal = /^\d{1,2}(?:st|nd|rd|th)$/
const number = /^\d{1,4},?$/
const linking = new Set([
  'in',
  'on',
  'at',
  'the',
  'of',
  'next',
  'this',
  'last',
  'ago',
  'from',
  'after',
  'before',
  'now',
])
const spelled = new Set([
  'am',
  'pm',
  'a',
  'an',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'ten',
  'twelve',
])

const has = (table: object, word: string): boolean => Object.hasOwn(table, word)
const isMonth = (word: string): boolean => has(months, word)
const isTime = (word: string): boolean => time.test(word) || has(timeWords, word)

const isDateWord = (word: string): boolean =>
  [weekdays, months, dayWords, nextWords, units].some((table) => has(table, word)) ||
  isTime(word) ||
  ordinal.test(word) ||
  number.test(word) ||
  linking.has(word) ||
  spelled.has(word) ||
  /^[+-]\d{0,5}[a-z]*$/.test(word)

/** What may go on a date that is complete already: only what cannot well begin the title again. */
const goesOn = (before: string, word: string, next: string | undefined): boolean => {
  if (isTime(word)) return true
  if (word === 'at') return next !== undefined && (isTime(next) || /^\d{1,2}$/.test(next))
  if (before === 'at') return /^\d{1,2}$/.test(word)
  if (word === 'am' || word === 'pm') return /^\d{1,2}(?::\d\d)?$/.test(before)
  if (isMonth(before)) return ordinal.test(word) || number.test(word)
  if (isMonth(word)) return ordinal.test(before) || before === 'of'
  if (word === 'of') return ordinal.test(before) && next !== undefined && isMonth(next)
  return /^\d{4}$/.test(word) && (number.test(before) || ordinal.test(before))
}

const read = (text: string, context: DateContext): Due | undefined => {
  const due = readDate(text, context)
  return due === undefined || 'message' in due ? undefined : due
}

/**
 * The date of a `due:` mark: its value and as many of the following words as belong to it (`due:fri 17:00`,
 * `due:next friday`, `due: in 3 days`). Words that could begin the title again are left. Throws for a bad date.
 */
export const takeDue = (
  value: string,
  following: Word[],
  context: DateContext,
): { due: Due; taken: number } => {
  const words = following.slice(0, longest).map(({ text }) => text.toLowerCase())
  const text = (count: number) => [value, ...words.slice(0, count)].join(' ').trim()
  const complete = read(value, context) !== undefined
  let reach = 0
  let before = value.toLowerCase()
  for (const [index, word] of words.entries()) {
    if (complete ? !goesOn(before, word, words[index + 1]) : !isDateWord(word)) break
    before = word
    reach = index + 1
  }
  for (let count = reach; count >= 0; count--) {
    const due = read(text(count), context)
    if (due !== undefined) return { due, taken: count }
  }
  return { due: parseDate(text(0), context), taken: 0 }
}

/** Words of everyday titles that are dates only behind a mark or beside another word of a date. */
const everyday = new Set(['sun', 'sat', 'mon', 'wed', 'mar', 'march', 'may', 'second', 'now', 'weekend'])

/** The longest date that a title ends with, at least one word of title left: `ring mum tomorrow 5pm`. */
export const dueAtEnd = (words: Word[], context: DateContext): { due: Due; taken: number } | undefined => {
  for (let taken = Math.min(longest, words.length - 1); taken > 0; taken--) {
    const tail = words.slice(-taken).map(({ text }) => text.toLowerCase())
    if (!tail.every(isDateWord) || tail[0] === 'the' || tail[0] === 'of') continue
    const only = tail.filter((word) => !linking.has(word))
    if (only.length === 1 && (everyday.has(only[0]!) || number.test(only[0]!))) continue
    const due = read(tail.join(' '), context)
    if (due !== undefined) return { due, taken }
  }
  return undefined
}
