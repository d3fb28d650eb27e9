import { end, isEmpty, type Reading, type Rule, step } from './reading.ts'
import { anyOf, numbers, timeWords, units } from './words.ts'

const unit = anyOf(units)
const spoken = `\\d{1,6}|${anyOf(numbers)}`
const countOf = (word: string): number => numbers[word] ?? Number(word)

/** `here` steps from what was read before, `now` stands first, `later` waits for what it starts from. */
const stepRule = (pattern: string, direction: -1 | 1 | 'signed', from: 'here' | 'now' | 'later'): Rule => ({
  pattern,
  apply: (reading, [, sign, count, name]) => {
    if (from !== 'here' && !isEmpty(reading)) return false
    const { unit: by, times } = units[name!]!
    const towards = direction === 'signed' ? (sign === '-' ? -1 : 1) : direction
    const steps = towards * times * countOf(count!)
    if (from === 'later') reading.pending.push({ unit: by, count: steps })
    else step(reading, by, steps)
    return true
  },
})

const setTime = (reading: Reading, hour: number, minute: number, second: number, half?: string): boolean => {
  const ofDay = hour < 24 || (hour === 24 && minute === 0 && second === 0)
  const fits = half ? hour >= 1 && hour <= 12 : ofDay
  if (!fits || minute > 59 || second > 59) return false
  if (reading.ms !== undefined || reading.instant !== undefined) return false
  const hours = half ? (hour % 12) + (half === 'p' ? 12 : 0) : hour
  reading.ms = ((hours * 60 + minute) * 60 + second) * 1000
  return true
}

const clock = (pattern: string, before = '(?:at |@ ?)?'): Rule => ({
  pattern: `${before}${pattern}(?![a-z0-9])`,
  apply: (reading, [, hour, minute = '0', second = '0', half]) =>
    setTime(reading, Number(hour), Number(minute), Number(second), half),
})

const badInstant = { message: 'names no date and time that exists', hint: 'Write 2026-12-01T17:00:00+01:00.' }

/** RFC 3339, and ISO 8601's form without separators. */
const exact: Rule = {
  pattern:
    '(\\d{4})-?(\\d\\d)-?(\\d\\d)[t ](\\d\\d):?(\\d\\d)(?::?(\\d\\d)(?:[.,](\\d{1,9}))?)?' +
    '(z|[+-]\\d\\d(?::?\\d\\d)?)(?![a-z0-9])',
  apply: (reading, [, year, month, day, hour, minute, second = '00', fraction = '', zone]) => {
    if (!isEmpty(reading)) return false
    const offset = zone === 'z' ? 'Z' : `${zone!.slice(0, 3)}:${zone!.length > 3 ? zone!.slice(-2) : '00'}`
    const date = `${year}-${month}-${day}`
    const millis = fraction.padEnd(3, '0').slice(0, 3)
    const instant = Date.parse(`${date}T${hour}:${minute}:${second}.${millis}${offset}`)
    if (Number.isNaN(instant) || new Date(date).getUTCDate() !== Number(day)) return badInstant
    reading.instant = instant
    return true
  },
}

/** Instants, arithmetic and times. They are tried before the days because their forms are the more specific. */
export const timeRules: Rule[] = [
  exact,
  stepRule(`([+-])\\s?(\\d{1,6})\\s?(${unit})${end}`, 'signed', 'here'),
  stepRule(`(in) (${spoken})\\s?(${unit})${end}`, 1, 'now'),
  stepRule(`()(${spoken})\\s?(${unit}) ago${end}`, -1, 'now'),
  stepRule(`()(${spoken})\\s?(${unit}) (?:from|after)${end}`, 1, 'later'),
  stepRule(`()(${spoken})\\s?(${unit}) before${end}`, -1, 'later'),
  stepRule(`()(${spoken})\\s?(${unit})${end}`, 1, 'now'),
  clock('(\\d{1,2})(?:[:.](\\d\\d))?()\\s?([ap])\\.?m\\.?'),
  clock('(\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:\\.\\d+)?)?'),
  clock('t(\\d\\d):?(\\d\\d)(?::?(\\d\\d)(?:[.,]\\d+)?)?'),
  clock('(\\d{1,2})(?!:)', '(?:at |@ ?)'),
  {
    pattern: `(?:at |@ ?)?(${anyOf(timeWords)})${end}`,
    apply: (reading, [, word]) => setTime(reading, timeWords[word!]!, 0, 0),
  },
  {
    pattern: `now${end}`,
    apply: (reading) => {
      if (!isEmpty(reading)) return false
      reading.instant = reading.now
      return true
    },
  },
]
