import { months, timeWords, weekdays } from '../dates/words.ts'
import { type DateContext, readDate } from '../dates.ts'
import type { Word } from './words.ts'

const period = /^(?:minute|hour|day|week|month|quarter|year|workday|weekday|weekend)s?$/
const short = /^\d{1,4}(?:min|h|d|w|m|mo|q|y|bd)$/
const adverb = /^(?:hourly|daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually)$/
const position = /^(?:last|first|second|third|fourth|fifth|other|\d{1,2}(?:st|nd|rd|th))$/
const count = /^(?:\d{1,4}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)$/
const time = /^(?:\d{1,2}(?:[:.]\d\d)?[ap]m|\d{1,2}:\d\d)$/
const linking = new Set(['and', 'on', 'the', 'of', 'each', 'at', 'in', '&'])

const bare = (word: string | undefined): string => (word ?? '').toLowerCase().replace(/,$/, '')

const plural = (word: string): string => (word.endsWith('days') ? word.slice(0, -1) : word)
const isWeekday = (word: string): boolean => Object.hasOwn(weekdays, plural(word))
const isMonth = (word: string): boolean => Object.hasOwn(months, word)
const isTime = (word: string): boolean => time.test(word) || Object.hasOwn(timeWords, word)

const ordinal = /^\d{1,2}(?:st|nd|rd|th)$/

/** Each part of `mon,wed` must be fit by itself. */
const isList = (word: string, fits: (part: string) => boolean): boolean =>
  word !== '' && word.split(',').every(fits)

const isUnit = (word: string): boolean =>
  isList(word, (part) => {
    return period.test(part) || short.test(part) || adverb.test(part) || isWeekday(part) || isMonth(part)
  })

/**
 * Whether the word at `at` is a part of a rule. Without a linking word in front only what cannot well be title may
 * go on: a time, a weekday behind another, what a number or position asks for.
 */
const isPart = (words: string[], at: number, linked: boolean): boolean => {
  const [before, word, next] = [bare(words[at - 1]), bare(words[at]), bare(words[at + 1])]
  const asked = linked || position.test(before) || count.test(before) || (words[at - 1] ?? '').endsWith(',')
  if (isTime(word)) return at > 0
  if (isUnit(word)) return asked || (isList(before, isWeekday) && isList(word, isWeekday))
  if (isList(word, (part) => ordinal.test(part))) return asked || isList(before, isMonth)
  if (position.test(word)) return asked && (isUnit(next) || position.test(next))
  if (count.test(word)) return isList(before, isMonth) || (linked && isUnit(next))
  return false
}

/** `until 2027-03-01`, `from mon`, `for 5 times`, `5 times`: the end or beginning of a rule. */
const boundAt = (words: string[], at: number, context: DateContext): number => {
  const word = bare(words[at])
  if (/^(?:until|till|from|starting|ending)$/.test(word)) {
    for (let length = 4; length >= 1; length--) {
      const due =
        at + length < words.length
          ? readDate(words.slice(at + 1, at + 1 + length).join(' '), context)
          : undefined
      if (due !== undefined && !('message' in due)) return length + 1
    }
    return 0
  }
  const start = word === 'for' ? at + 1 : at
  const counted = count.test(bare(words[start])) && /^(?:times|occurrences)$/.test(bare(words[start + 1]))
  return counted ? start + 2 - at : 0
}

/**
 * How many words from the beginning of `words` belong to a rule; 0 when the first one cannot start one. Linking
 * words count only when the rule goes on behind them, so of `every fri in the park` it is one: `fri`.
 */
export const ruleLength = (words: Word[], context: DateContext): number => {
  const texts = words.map(({ text }) => text)
  let end = 0
  while (end < texts.length) {
    let at = end
    while (end > 0 && linking.has(bare(texts[at]))) at++
    // A number is an hour only behind `at`.
    const isHour = bare(texts[at - 1]) === 'at' && /^\d{1,2}$/.test(bare(texts[at]))
    const isNext = isHour || isPart(texts, at, at > end || end === 0)
    const bound = isNext || end === 0 || at > end ? 0 : boundAt(texts, at, context)
    if (!isNext && bound === 0) break
    end = isNext ? at + 1 : at + bound
  }
  return end
}
