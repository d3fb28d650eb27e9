/**
 * `at` and `end` are places in the text, in UTF-16 units. A literal word was quoted: it is text and never a mark. A
 * word behind a `-` names a tag where it would be text elsewhere.
 */
export type Token =
  | { type: '(' | ')' | 'and' | 'or' | 'not'; at: number; end: number }
  | { type: 'word'; text: string; literal: boolean; minus: boolean; at: number; end: number }

/** What is wrong with a filter and where, so that the spot can be marked. */
export type FilterProblem = { message: string; hint: string; at: number; end: number }

const isProblem = (value: object): value is FilterProblem => 'message' in value

const operators: Record<string, 'and' | 'or' | 'not' | '(' | ')'> = {
  '(': '(',
  ')': ')',
  '&': 'and',
  '&&': 'and',
  '|': 'or',
  '||': 'or',
}

/** `/buy milk/`: from slash to slash, where the second one ends the word; `\/` is a slash inside. */
const slashed = /\/((?:[^/\\]|\\.|\/(?![\s()&|]|$))+)\/(?=[\s()&|]|$)/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const plain = /[^\s()&|]/

const unescaped = (text: string): string => text.replace(/\\(.)/gsu, '$1')

/** A word up to white space or an operator. A quote opens at its beginning or behind the sign of a mark. */
const wordAt = (source: string, start: number): Token | FilterProblem => {
  let at = start
  let text = ''
  while (at < source.length && plain.test(source[at]!)) {
    const opens = source[at] === '"' && (text === '' || /[-+@#:<>=]/.test(source[at - 1]!))
    if (!opens) {
      text += source[at++]
      continue
    }
    quoted.lastIndex = at
    const match = quoted.exec(source)
    if (match === null)
      return {
        message: 'a quote is not closed',
        hint: 'Close it with ", or escape it: \\".',
        at,
        end: source.length,
      }
    text += unescaped(match[1]!)
    at += match[0].length
  }
  const minus = source[start - 1] === '-'
  return { type: 'word', text, literal: source[start] === '"', minus, at: start, end: at }
}

const tokenAt = (source: string, at: number): Token | FilterProblem => {
  slashed.lastIndex = at
  const match = slashed.exec(source)
  if (match !== null)
    return {
      type: 'word',
      text: unescaped(match[1]!),
      literal: true,
      minus: false,
      at,
      end: at + match[0].length,
    }
  const char = source[at]!
  if (char === '!') return { type: 'not', at, end: at + 1 }
  // `-home` and `-project:x` are not, `-5` and a dash by itself are text.
  if (char === '-' && /^[\p{L}_+@#"]/u.test(source.slice(at + 1, at + 3)))
    return { type: 'not', at, end: at + 1 }
  for (const spelling of [source.slice(at, at + 2), char]) {
    const operator = Object.hasOwn(operators, spelling) ? operators[spelling] : undefined
    if (operator !== undefined) return { type: operator, at, end: at + spelling.length }
  }
  const word = wordAt(source, at)
  if (isProblem(word) || word.type !== 'word' || word.literal || word.minus) return word
  const keyword = word.text.toLowerCase()
  if (keyword === 'and' || keyword === 'or' || keyword === 'not') return { type: keyword, at, end: word.end }
  return word
}

export const tokensOf = (source: string): Token[] | FilterProblem => {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    if (/\s/.test(source[at]!)) {
      at++
      continue
    }
    const token = tokenAt(source, at)
    if (isProblem(token)) return token
    tokens.push(token)
    at = token.end
  }
  return tokens
}
