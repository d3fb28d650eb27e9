import { AppError } from './errors.ts'
import { combine, type DueTest, type Filter, negate } from './filter/ast.ts'
import { type DateReader, isoDates, isTermProblem, readTerm } from './filter/terms.ts'
import { type FilterProblem, type Token, tokensOf } from './filter/tokens.ts'

export type { Filter } from './filter/ast.ts'
export type { FilterProblem } from './filter/tokens.ts'

/**
 * What is read at most. A filter grows when its dates and short forms are written out, so what people type is held
 * to less than what the API reads.
 */
export type FilterLimits = { characters: number; depth: number }
const apiLimits: FilterLimits = { characters: 8_000, depth: 60 }
export const typedLimits: FilterLimits = { characters: 1_000, depth: 40 }

type Parser = {
  tokens: Token[]
  next: number
  depth: number
  length: number
  dates: DateReader
  limits: FilterLimits
}

const problemAt = (
  parser: Parser,
  token: Token | undefined,
  message: string,
  hint: string,
): FilterProblem => ({
  message,
  hint,
  at: token?.at ?? parser.length,
  end: token?.end ?? parser.length,
})

const isProblem = (value: Filter | FilterProblem): value is FilterProblem => 'message' in value

/** `a or b`, weakest; then `a and b` or `a b`; then `not a`. */
const parseOr = (parser: Parser): Filter | FilterProblem => {
  const parts: Filter[] = []
  for (;;) {
    const part = parseAnd(parser)
    if (isProblem(part)) return part
    parts.push(part)
    if (parser.tokens[parser.next]?.type !== 'or') return combine('or', parts)
    parser.next++
  }
}

const parseAnd = (parser: Parser): Filter | FilterProblem => {
  const parts: Filter[] = []
  for (;;) {
    const part = parseNot(parser)
    if (isProblem(part)) return part
    parts.push(part)
    const following = parser.tokens[parser.next]?.type
    if (following === undefined || following === 'or' || following === ')') return combine('and', parts)
    if (following === 'and') parser.next++
  }
}

const parseNot = (parser: Parser): Filter | FilterProblem => {
  let negated = false
  while (parser.tokens[parser.next]?.type === 'not') {
    negated = !negated
    parser.next++
  }
  const part = parsePrimary(parser)
  return isProblem(part) || !negated ? part : negate(part)
}

const parsePrimary = (parser: Parser): Filter | FilterProblem => {
  const token = parser.tokens[parser.next]
  if (token?.type === '(') return parseGroup(parser, token)
  if (token?.type !== 'word') {
    const before = parser.tokens[parser.next - 1]
    const message = token === undefined ? 'ends too early' : 'lacks a word here'
    return problemAt(
      parser,
      token ?? before,
      message,
      'Between and, or, not and parentheses stands a word such as +home.',
    )
  }
  const words = parser.tokens.slice(parser.next)
  const found = readTerm(token, words, parser.dates)
  if (isTermProblem(found)) return problemAt(parser, token, found.message, found.hint)
  parser.next += found.taken
  return found.filter
}

const parseGroup = (parser: Parser, open: Token): Filter | FilterProblem => {
  if (++parser.depth > parser.limits.depth)
    return problemAt(
      parser,
      open,
      `more than ${parser.limits.depth} nested parentheses`,
      'Write the filter flatter.',
    )
  parser.next++
  const inner = parseOr(parser)
  if (isProblem(inner)) return inner
  if (parser.tokens[parser.next]?.type !== ')')
    return problemAt(parser, open, 'a parenthesis is not closed', 'Add ) where it ends.')
  parser.next++
  parser.depth--
  return inner
}

/** As `parseFilter`, but answers the problem and its place, for what marks the spot while somebody types. */
export const readFilter = (
  source: string,
  dates: DateReader = isoDates,
  limits: FilterLimits = apiLimits,
): Filter | FilterProblem => {
  const { characters } = limits
  if (source.length > characters)
    return {
      message: `longer than ${characters} characters`,
      hint: 'Shorten it.',
      at: characters,
      end: source.length,
    }
  const tokens = tokensOf(source)
  if (!Array.isArray(tokens)) return tokens
  if (tokens.length === 0) return { kind: 'all' }
  const parser: Parser = { tokens, next: 0, depth: 0, length: source.length, dates, limits }
  const filter = parseOr(parser)
  const left = tokens[parser.next]
  if (isProblem(filter) || left === undefined) return filter
  return problemAt(parser, left, 'a parenthesis closes nothing', 'Remove it, or open it with (.')
}

/**
 * Reads the filter language (`+home (overdue or due.by:2026-11-27) -p4 /milk/`). `dates` turns the words of a date
 * into a date or an instant; without it only these two are taken, as in the API. Throws `invalid`, with the bad spot
 * between double brackets and forty characters around it.
 */
export const parseFilter = (source: string, dates?: DateReader, limits?: FilterLimits): Filter => {
  const filter = readFilter(source, dates, limits)
  if (!isProblem(filter)) return filter
  const { message, hint, at, end } = filter
  const near = source.slice(at, Math.min(end, at + 40))
  const marked = `${source.slice(Math.max(0, at - 40), at)}[[${near}]]${source.slice(end, end + 40)}`
  throw new AppError('invalid', `${message}: ${marked}`, {
    hint,
    reason: 'bad_filter',
    fields: [{ pointer: '/filter', code: 'bad_filter', message: `${message} (character ${at + 1})` }],
  })
}

const name = (text: string): string => {
  return /^[\p{L}\p{N}_.:/-]+$/u.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`
}

const testName: Record<DueTest, string> = {
  on: 'due:',
  before: 'due.before:',
  by: 'due.by:',
  from: 'due.from:',
  after: 'due.after:',
}

/** A filter as text that reads back as the same one without any knowledge of dates: the API's `filter` parameter. */
export const formatFilter = (filter: Filter): string => {
  const inner = (part: Filter): string =>
    part.kind === 'and' || part.kind === 'or' ? `(${formatFilter(part)})` : formatFilter(part)
  switch (filter.kind) {
    case 'all':
      return ''
    case 'and':
      return filter.parts.map(inner).join(' ')
    case 'or':
      return filter.parts.map(inner).join(' or ')
    case 'not':
      return `not ${inner(filter.part)}`
    case 'tag':
      return filter.name === null ? 'tag:' : `tag:${name(filter.name)}`
    case 'project':
      return filter.name === null ? 'project:' : `project:${name(filter.name)}`
    case 'status':
      return `status:${filter.status}`
    case 'priority':
      return `pri:${filter.name}`
    case 'due':
      return testName[filter.test] + filter.when
    case 'undated':
      return 'due:'
    case 'overdue':
      return 'overdue'
    case 'text':
      return `"${filter.text.replace(/["\\]/g, '\\$&')}"`
  }
}
