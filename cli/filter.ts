import { AppError } from '../shared/errors.ts'
import { combine } from '../shared/filter/ast.ts'
import type { DateReader } from '../shared/filter/terms.ts'
import {
  type Filter,
  type FilterProblem,
  formatFilter,
  parseFilter,
  readFilter,
  typedLimits,
} from '../shared/filter.ts'
import { type Day, dayMs, isoDate } from './dates/calendar.ts'
import { wallAt } from './dates/zone.ts'
import type { DateContext } from './dates.ts'
import { takeDue } from './quick-add/due.ts'

/** The words of dates, read at the user's now in his zone. */
const datesOf =
  (context: DateContext): DateReader =>
  (value, following, wholeDay) => {
    try {
      const words = following.map((text) => ({ text, gap: ' ', alone: false }))
      const { due, taken } = takeDue(value, words, context)
      if ('date' in due) return { when: due.date, taken }
      const day = () => isoDate(wallAt(Date.parse(due.at), context.timeZone).day)
      return { when: wholeDay ? day() : due.at, taken }
    } catch (error) {
      if (error instanceof AppError && error.reason === 'bad_date')
        return { message: error.message, hint: error.hint ?? '' }
      throw error
    }
  }

/** The words of `list` and its kin as one filter whose dates are resolved. Throws `invalid` with the spot marked. */
export const parseFilterWords = (words: string[], context: DateContext): Filter =>
  parseFilter(words.join(' '), datesOf(context), typedLimits)

/** The same while somebody types: a problem with its place instead of an error. */
export const readFilterLine = (line: string, context: DateContext): Filter | FilterProblem =>
  readFilter(line, datesOf(context), typedLimits)

/** What the plain filters of a list query can say. */
export type ListQuery = {
  status?: string
  priority?: string
  tag?: string[]
  tag_match?: 'any' | 'all'
  project?: string
  due_from?: string
  due_to?: string
  overdue?: 'true' | 'false'
  q?: string
}

const dayOf = (when: string): Day => Date.parse(when) / dayMs
const shifted = (when: string, days: number, ms: number): string =>
  when.includes('T') ? new Date(Date.parse(when) + ms).toISOString() : isoDate(dayOf(when) + days)

/** The bounds of a due test as the query's inclusive ones: of days for a date, of milliseconds for an instant. */
const boundsOf = (filter: Filter & { kind: 'due' }): Pick<ListQuery, 'due_from' | 'due_to'> => {
  const { test, when } = filter
  if (test === 'on') return { due_from: when, due_to: when }
  if (test === 'by') return { due_to: when }
  if (test === 'before') return { due_to: shifted(when, -1, -1) }
  return { due_from: test === 'from' ? when : shifted(when, 1, 1) }
}

const namesOf = <K extends 'tag' | 'status'>(filter: Filter, kind: K): string[] | undefined => {
  const parts = filter.kind === 'or' ? filter.parts : [filter]
  const names = parts.map((part) => {
    if (part.kind === 'tag' && kind === 'tag') return part.name
    return part.kind === 'status' && kind === 'status' ? part.status : null
  })
  return names.every((name) => name !== null) ? names : undefined
}

/** One conjunct as query parameters, or undefined where the query has no word for it. */
const simpleQuery = (filter: Filter): ListQuery | undefined => {
  const statuses = namesOf(filter, 'status')
  if (statuses !== undefined) return { status: [...new Set(statuses)].join(',') }
  const tags = namesOf(filter, 'tag')
  if (tags !== undefined) return { tag: tags, ...(tags.length > 1 && { tag_match: 'any' as const }) }
  if (filter.kind === 'project' && filter.name !== null) return { project: filter.name }
  if (filter.kind === 'priority') return { priority: filter.name }
  if (filter.kind === 'due') return boundsOf(filter)
  if (filter.kind === 'overdue') return { overdue: 'true' }
  if (filter.kind === 'text' && [...filter.text].length <= 200) return { q: filter.text }
  return undefined
}

/** Joins two queries that must both hold; undefined when they need the same parameter. */
const both = (query: ListQuery, more: ListQuery): ListQuery | undefined => {
  const { tag, tag_match, ...others } = more
  if (Object.keys(others).some((key) => key in query)) return undefined
  if (tag === undefined || query.tag === undefined) return { ...query, ...more }
  const single = tag_match === undefined && query.tag_match !== 'any'
  return single ? { ...query, tag: [...query.tag, ...tag], tag_match: 'all' } : undefined
}

/**
 * A filter as list parameters as far as they reach; `rest` is what they cannot say, for the `filter` parameter. Both
 * together mean the whole filter, and either may be empty.
 */
export const toListQuery = (filter: Filter): { query: ListQuery; rest: string } => {
  const conjuncts = filter.kind === 'and' ? filter.parts : filter.kind === 'all' ? [] : [filter]
  let query: ListQuery = {}
  const left: Filter[] = []
  for (const part of conjuncts) {
    const simple = simpleQuery(part)
    const joined = simple && both(query, simple)
    if (joined) query = joined
    else left.push(part)
  }
  return { query, rest: formatFilter(combine('and', left)) }
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

const spokenDate = (when: string, timeZone: string): string => {
  const wall = when.includes('T') ? wallAt(Date.parse(when), timeZone) : { day: dayOf(when), ms: 0 }
  const weekday = weekdays[new Date(wall.day * dayMs).getUTCDay()]
  const time = when.includes('T') ? ` ${new Date(wall.ms).toISOString().slice(11, 16)}` : ''
  return `${weekday} ${isoDate(wall.day)}${time}`
}

const testWords = { on: 'due on', before: 'due before', by: 'due by', from: 'due from', after: 'due after' }

/** A filter in words, dates with their weekday: `tagged home and (overdue or due by Fri 2026-11-27)`. */
export const explain = (filter: Filter, context: DateContext): string => {
  const inner = (part: Filter): string => {
    const words = explain(part, context)
    return part.kind === 'and' || part.kind === 'or' ? `(${words})` : words
  }
  switch (filter.kind) {
    case 'all':
      return 'every task'
    case 'and':
    case 'or':
      return filter.parts.map(inner).join(` ${filter.kind} `)
    case 'not':
      return `not ${inner(filter.part)}`
    case 'tag':
      return filter.name === null ? 'without tags' : `tagged ${filter.name}`
    case 'project':
      return filter.name === null ? 'in no project' : `in project ${filter.name}`
    case 'status':
      return `status ${filter.status}`
    case 'priority':
      return `priority ${filter.name}`
    case 'due':
      return `${testWords[filter.test]} ${spokenDate(filter.when, context.timeZone)}`
    case 'undated':
      return 'without a due date'
    case 'overdue':
      return 'overdue'
    case 'text':
      return `containing "${filter.text}"`
  }
}
