import { priorityHint, readPriority } from '../priorities.ts'
import { suggest } from '../suggest.ts'
import { combine, type DueTest, type Filter, negate } from './ast.ts'
import type { Token } from './tokens.ts'

export type TermProblem = { message: string; hint: string }
type Term = { filter: Filter; taken: number }

/**
 * Turns the value of a date mark, and as many of the plain words behind it as belong to it, into a date or an instant
 * in UTC. `wholeDay` asks for the date even where a time was said.
 */
export type DateReader = (
  value: string,
  following: string[],
  wholeDay: boolean,
) => { when: string; taken: number } | TermProblem

const isoDay = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

const exists = (day: string): boolean => {
  const date = new Date(day)
  // There is no year 0.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) && day >= '0001'
}

/** The dates of the API: no words, since only the client knows the user's now. */
export const isoDates: DateReader = (value, following, wholeDay) => {
  const taken = value === '' && following.length > 0 ? 1 : 0
  const text = taken === 1 ? following[0]! : value
  if (isoDay.test(text) && exists(text)) return { when: text, taken }
  const instant =
    !wholeDay && isoInstant.test(text) && exists(text.slice(0, 10)) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(instant)) return { when: new Date(instant).toISOString(), taken }
  return { message: `"${text}" is not a date`, hint: 'Write 2026-12-01, or 2026-12-01T17:00:00Z.' }
}

export const isTermProblem = (value: object): value is TermProblem => 'message' in value

const statuses: Record<string, ('todo' | 'doing' | 'done')[]> = {
  todo: ['todo'],
  doing: ['doing'],
  started: ['doing'],
  active: ['doing'],
  done: ['done'],
  completed: ['done'],
  closed: ['done'],
  open: ['todo', 'doing'],
  pending: ['todo', 'doing'],
}

const keys: Record<string, 'tag' | 'project' | 'status' | 'priority' | 'due'> = {
  tag: 'tag',
  tags: 'tag',
  project: 'project',
  proj: 'project',
  pro: 'project',
  status: 'status',
  priority: 'priority',
  pri: 'priority',
  prio: 'priority',
  due: 'due',
}
const keyNames = ['project', 'status', 'priority', 'due', 'tag']

const tests: Record<string, DueTest> = {
  '': 'on',
  is: 'on',
  on: 'on',
  '=': 'on',
  before: 'before',
  '<': 'before',
  by: 'by',
  '<=': 'by',
  from: 'from',
  since: 'from',
  '>=': 'from',
  after: 'after',
  '>': 'after',
}

type Read = (value: string) => Filter | TermProblem

/** `a,b` is either of them and `-c` none of it: `project:one,-two`. */
const listOf = (value: string, read: Read): Filter | TermProblem => {
  const wanted: Filter[] = []
  const unwanted: Filter[] = []
  for (const part of value.split(',').filter((item) => item !== '')) {
    const minus = part.startsWith('-') && value.includes(',')
    const filter = read(minus ? part.slice(1) : part)
    if (isTermProblem(filter)) return filter
    if (minus) unwanted.push(negate(filter))
    else wanted.push(filter)
  }
  return combine('and', [...(wanted.length > 0 ? [combine('or', wanted)] : []), ...unwanted])
}

const status: Read = (value) => {
  const found = Object.hasOwn(statuses, value.toLowerCase()) ? statuses[value.toLowerCase()] : undefined
  if (found !== undefined)
    return combine(
      'or',
      found.map((one) => ({ kind: 'status', status: one })),
    )
  const near = suggest(value, ['todo', 'doing', 'done', 'open'])
  const hint =
    near === undefined ? 'There are todo, doing, done, and open for the first two.' : `Did you mean ${near}?`
  return { message: `"${value}" is not a status`, hint }
}

const priority: Read = (value) => {
  const found = readPriority(value)
  if (found !== undefined) return { kind: 'priority', name: found }
  return { message: `"${value}" is not a priority`, hint: priorityHint(value) }
}

const valued: Record<'tag' | 'project' | 'status' | 'priority', Read> = {
  tag: (value) => ({ kind: 'tag', name: value }),
  project: (value) => ({ kind: 'project', name: value }),
  status,
  priority,
}

const readDue = (
  test: DueTest,
  value: string,
  following: string[],
  dates: DateReader,
): Term | TermProblem => {
  // `due:,` lists no day, as `tag:,` lists no tag.
  if (/^,*$/.test(value) && test === 'on') return { filter: { kind: 'undated' }, taken: 1 }
  if (test === 'on' && value.includes(',')) {
    const either = listOf(value, (part) => {
      const one = dates(part, [], true)
      return isTermProblem(one) ? one : { kind: 'due', test, when: one.when }
    })
    return isTermProblem(either) ? either : { filter: either, taken: 1 }
  }
  const found = dates(value, following, test === 'on')
  if (isTermProblem(found)) return found
  return { filter: { kind: 'due', test, when: found.when }, taken: 1 + found.taken }
}

const marked = /^([A-Za-z]+)(?:\.([A-Za-z]+))?(?::([<>]=?)?|([<>]=?|=))(.*)$/s

/** What other tools filter by, and what there is instead. */
const elsewhere: Record<string, string> = {
  urgency: 'Sort by it: `todo next`, or `todo list --sort urgency`.',
  assigned: 'Tasks belong to whoever is signed in.',
  created: 'Sort by it: `todo list --sort -created`.',
}

const unknownKey = (text: string, key: string, value: string): TermProblem | undefined => {
  if (/^\/\/|^:/.test(value)) return undefined
  const instead = Object.hasOwn(elsewhere, key) ? elsewhere[key]! : undefined
  if (instead !== undefined) return { message: `has no "${key}:"`, hint: instead }
  const near = suggest(key, keyNames)
  if (near === undefined && (key.length === 1 || /^\d*$/.test(value))) return undefined
  const hint = near === undefined ? `To search for it as text, write /${text}/.` : `Did you mean ${near}:?`
  return { message: `has no "${key}:"`, hint }
}

const readMark = (text: string, following: string[], dates: DateReader): Term | TermProblem | undefined => {
  const [, key, modifier, inner, outer, rest] = marked.exec(text) ?? []
  if (key === undefined) return undefined
  const kind = Object.hasOwn(keys, key.toLowerCase()) ? keys[key.toLowerCase()] : undefined
  if (kind === undefined) return outer === undefined ? unknownKey(text, key, (inner ?? '') + rest) : undefined
  if (kind === 'due') {
    const operator = modifier?.toLowerCase() ?? inner ?? outer ?? ''
    const test = Object.hasOwn(tests, operator) ? tests[operator] : undefined
    if (test !== undefined) return readDue(test, rest!, following, dates)
    return {
      message: `has no "due.${operator}:"`,
      hint: 'There are due:, due.before:, due.by:, due.from: and due.after:.',
    }
  }
  if (modifier !== undefined || (outer !== undefined && outer !== '='))
    return { message: `${kind} cannot be compared`, hint: `Write ${kind}:VALUE.` }
  const value = (inner ?? '') + rest
  if (/[^,]/.test(value)) {
    const filter = listOf(value, valued[kind])
    return isTermProblem(filter) ? filter : { filter, taken: 1 }
  }
  if (kind === 'tag' || kind === 'project') return { filter: { kind, name: null }, taken: 1 }
  const example = kind === 'status' ? 'status:doing' : 'pri:high'
  return { message: `${kind}: needs a value`, hint: `Write for example ${example}.` }
}

const without: Record<string, Filter> = {
  date: { kind: 'undated' },
  due: { kind: 'undated' },
  project: { kind: 'project', name: null },
  tag: { kind: 'tag', name: null },
  tags: { kind: 'tag', name: null },
  label: { kind: 'tag', name: null },
  labels: { kind: 'tag', name: null },
}

/** `@phone` and `#Home` are marks of other tools: the tag or project of that name, or the word itself in the text. */
const foreign = (text: string): Filter | undefined => {
  const [, sign, word] = /^(@|#{1,2})([\p{L}_][^,]*)$/u.exec(text) ?? []
  if (sign === undefined) return undefined
  const named: Filter = sign === '@' ? { kind: 'tag', name: word! } : { kind: 'project', name: word! }
  return combine('or', [named, { kind: 'text', text }])
}

const plainWords = (tokens: Token[]): string[] => {
  const words: string[] = []
  for (const token of tokens) {
    if (token.type !== 'word' || token.literal) break
    words.push(token.text)
  }
  return words
}

/** `+a,b` is either of them, since no tag has a comma in its name. */
const tagsOf = (names: string): Filter =>
  combine(
    'or',
    names
      .split(',')
      .filter((name) => name !== '')
      .map((name): Filter => ({ kind: 'tag', name })),
  )

const open: Filter = {
  kind: 'or',
  parts: [
    { kind: 'status', status: 'todo' },
    { kind: 'status', status: 'doing' },
  ],
}

/** Taskwarrior's names for states. */
const virtualTags: Record<string, Filter> = {
  '+ACTIVE': { kind: 'status', status: 'doing' },
  '+COMPLETED': { kind: 'status', status: 'done' },
  '+PENDING': open,
  '+READY': open,
  '+UNBLOCKED': open,
}

/** Words that mean something by themselves, or with the next one. */
const readKeyword = (text: string, tokens: Token[], dates: DateReader): Term | TermProblem | undefined => {
  const word = text.toLowerCase()
  const [, second] = tokens
  const next = second?.type === 'word' && !second.literal ? second.text : ''
  if (word === 'overdue' || text === '+OVERDUE') return { filter: { kind: 'overdue' }, taken: 1 }
  if (word === 'today' || text === '+TODAY') return readDue('on', 'today', [], dates)
  if (text === '+TOMORROW') return readDue('on', 'tomorrow', [], dates)
  if (Object.hasOwn(virtualTags, text)) return { filter: virtualTags[text]!, taken: 1 }
  if (word === 'assigned' && next === 'to:')
    return { message: 'has no "assigned to:"', hint: elsewhere.assigned! }
  const absent = next.toLowerCase()
  if (word === 'no' && Object.hasOwn(without, absent)) return { filter: without[absent]!, taken: 2 }
  const [, test, value] = word === 'due' ? (/^(before|by|from|after|on):(.*)$/i.exec(next) ?? []) : []
  if (test === undefined) return undefined
  const due = readDue(tests[test.toLowerCase()]!, value!, plainWords(tokens.slice(2)), dates)
  return isTermProblem(due) ? due : { ...due, taken: due.taken + 1 }
}

/** The filter that begins with the first token, and how many tokens it takes. */
export const readTerm = (
  first: Token & { type: 'word' },
  tokens: Token[],
  dates: DateReader,
): Term | TermProblem => {
  const { text, literal, minus } = first
  if (literal) return { filter: { kind: 'text', text }, taken: 1 }
  const keyword =
    minus && text !== text.toUpperCase() ? undefined : readKeyword(minus ? `+${text}` : text, tokens, dates)
  if (keyword !== undefined) return keyword
  if (/^P[0-4]$/.test(text)) {
    const hint = `p1 is critical, p4 low; to search for it as text, write /${text}/.`
    return { message: `"${text}" is not a priority`, hint }
  }
  if (/^p[1-4]$/.test(text)) return { filter: { kind: 'priority', name: readPriority(text)! }, taken: 1 }
  const isTag = /^\+[\p{L}_\p{Extended_Pictographic}]/u.test(text)
  if (isTag) return { filter: tagsOf(text.slice(1)), taken: 1 }
  const filter = foreign(text)
  if (filter !== undefined) return { filter, taken: 1 }
  const mark = readMark(text, plainWords(tokens.slice(1)), dates)
  return mark ?? { filter: minus ? tagsOf(text) : { kind: 'text', text }, taken: 1 }
}
