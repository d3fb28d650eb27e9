import { AppError } from '../shared/errors.ts'

/** What was named: ids in the order given and without repeats, parts of titles, and whether `-` asks for stdin. */
export type Refs = { ids: number[]; titles: string[]; stdin: boolean }

const longestRange = 1_000
const piece = '#?\\d+(?:-#?\\d+)?'
const idLike = new RegExp(`^(?:${piece})(?:,(?:${piece})?)*$`)

/** `3`, `#3`, `3,5`, `3-5`, `1,4-6` or `3,` (as in `3, 5`), the forms that can only be ids. */
export const isIdLike = (word: string): boolean => idLike.test(word)

const refuse = (word: string, message: string, hint: string): never => {
  throw new AppError('invalid', message, {
    hint,
    reason: 'bad_ref',
    fields: [{ pointer: '/id', code: 'bad_ref', message: `${word}: ${message}` }],
  })
}

const idOf = (digits: string, word: string): number => {
  const id = Number(digits.replace('#', ''))
  if (id < 1) refuse(word, 'ids start at 1', 'See `todo list` for the ids.')
  if (!Number.isSafeInteger(id))
    refuse(word, `${digits} is too large for an id`, 'See `todo list` for the ids.')
  return id
}

const idsOf = (word: string): number[] =>
  word.split(',').flatMap((part) => {
    if (part === '') return []
    const [from, to] = part.split('-')
    const first = idOf(from!, word)
    if (to === undefined) return [first]
    const last = idOf(to, word)
    if (last < first) refuse(word, `the range ${part} runs backwards`, `Write ${last}-${first}.`)
    const size = last - first + 1
    if (size > longestRange)
      refuse(
        word,
        `the range ${part} names ${size.toLocaleString('en-US')} ids, the most is 1,000`,
        'Narrow it, or pipe the ids: `todo list -q … | todo done -`.',
      )
    return Array.from({ length: size }, (_, index) => first + index)
  })

/**
 * The IDS of a command. Bare words beside each other are one part of a title (`done pay rent`), a word with a
 * space in it (it was quoted) stands alone, and after `--` everything is title.
 */
export const parseRefs = (words: string[]): Refs => {
  const ids = new Set<number>()
  const titles: string[] = []
  let stdin = false
  let run: string[] = []
  let literal = false
  const endRun = () => {
    if (run.length > 0) titles.push(run.join(' '))
    run = []
  }
  for (const raw of words) {
    const word = raw.trim()
    if (word === '') continue
    if (literal) run.push(word)
    else if (word === '--') literal = true
    else if (word === '-') stdin = true
    else if (isIdLike(word)) {
      endRun()
      for (const id of idsOf(word)) ids.add(id)
    } else if (/\s/.test(word)) {
      endRun()
      titles.push(word)
    } else run.push(word)
  }
  endRun()
  return { ids: [...ids], titles: [...new Set(titles)], stdin }
}

/**
 * Refs from lines of stdin: several ids a line are allowed, of a tab-separated row (`todo list | todo done -`)
 * only the first column counts, and a line that does not look like ids is one part of a title. A `-` is no ref here.
 */
export const parseRefLines = (lines: Iterable<string>): Refs => {
  const ids = new Set<number>()
  const titles = new Set<string>()
  for (const line of lines) {
    const column = line.split('\t', 1)[0]!.trim()
    if (column === '' || column === '-') continue
    const words = column.split(/\s+/)
    if (words.every(isIdLike)) for (const word of words) for (const id of idsOf(word)) ids.add(id)
    else titles.add(column)
  }
  return { ids: [...ids], titles: [...titles], stdin: false }
}

/**
 * Splits the words of `edit`: the leading id-like ones (and `-`) name tasks, the rest says what changes. Without
 * any, the first word is a part of a title. A `--` always ends the refs and stays in front of the rest.
 */
export const splitEditWords = (words: string[]): { refs: string[]; rest: string[] } => {
  let end = 0
  while (end < words.length && (isIdLike(words[end]!) || words[end] === '-')) end++
  if (end === 0 && words.length > 0 && words[0] !== '--') end = 1
  return { refs: words.slice(0, end), rest: words.slice(end) }
}
