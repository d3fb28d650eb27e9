import type { PriorityName } from '../priorities.ts'

export type DueTest = 'on' | 'before' | 'by' | 'from' | 'after'

/**
 * Which tasks are meant. `and` and `or` have two parts or more and never a part of their own kind. A null name asks
 * for tasks without any. `when` is a date (`2026-11-27`: that day of the user) or an instant in UTC; `before` and
 * `after` leave it out, `by` and `from` take it in. A project takes those below it (`a` takes `a.b`).
 */
export type Filter =
  | { kind: 'all' }
  | { kind: 'and' | 'or'; parts: Filter[] }
  | { kind: 'not'; part: Filter }
  | { kind: 'tag'; name: string | null }
  | { kind: 'project'; name: string | null }
  | { kind: 'status'; status: 'todo' | 'doing' | 'done' }
  | { kind: 'priority'; name: PriorityName }
  | { kind: 'due'; test: DueTest; when: string }
  | { kind: 'undated' }
  | { kind: 'overdue' }
  | { kind: 'text'; text: string }

/** Joins parts flatly; one part stands for itself, none for everything. */
export const combine = (kind: 'and' | 'or', parts: Filter[]): Filter => {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]))
  return flat.length === 0 ? { kind: 'all' } : flat.length === 1 ? flat[0]! : { kind, parts: flat }
}

export const negate = (part: Filter): Filter => (part.kind === 'not' ? part.part : { kind: 'not', part })

/** Whether a filter says anything of one kind, wherever in it. */
export const mentions = (filter: Filter, kind: Filter['kind']): boolean => {
  if (filter.kind === kind) return true
  if (filter.kind === 'not') return mentions(filter.part, kind)
  return 'parts' in filter && filter.parts.some((part) => mentions(part, kind))
}
