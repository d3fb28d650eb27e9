import type { PriorityName } from '../../shared/priorities.ts'

/** Whose marks are read: ours, those of todo.txt (`(A) @tag +project`) or of Todoist (`@label #Project`, bare dates). */
export type Dialect = 'todo' | 'todotxt' | 'todoist'

export type MarkKind = 'tag' | 'project' | 'priority' | 'due' | 'recur' | 'every' | 'remind' | 'removeTag'

const named: Record<string, MarkKind> = {
  project: 'project',
  proj: 'project',
  pro: 'project',
  priority: 'priority',
  pri: 'priority',
  prio: 'priority',
  due: 'due',
  remind: 'remind',
  tag: 'tag',
  tags: 'tag',
  every: 'recur',
  recur: 'recur',
  rec: 'recur',
}

/**
 * The signs in front of a name. A name begins with a letter, an underscore or a pictograph, which leaves `+1`, `+49`,
 * `#12` and `@ noon` text, and has no more of `+ @ # ,` in it.
 */
const signs: Record<Dialect, Record<string, MarkKind>> = {
  todo: { '+': 'tag' },
  todotxt: { '@': 'tag', '+': 'project' },
  todoist: { '@': 'tag', '#': 'project' },
}
const isName = (text: string): boolean =>
  /^[a-z_][\w.:/-]*$/i.test(text) || /^[\p{L}_\p{Extended_Pictographic}][^\s,+@#]*$/u.test(text)

/** What a word marks and its value, or undefined for text. Only lower case counts, so that `Due: 3 pm` is prose. */
export const markOf = (
  word: string,
  dialect: Dialect,
  edit = false,
): { kind: MarkKind; value: string } | undefined => {
  const sign = signs[dialect][word[0] ?? '']
  const rest = word.slice(1).replace(/[,;]$/, '')
  if (sign !== undefined) {
    const names = sign === 'tag' ? rest.split(',') : [rest]
    return names.every(isName) ? { kind: sign, value: rest } : undefined
  }
  if (edit && word.startsWith('-') && isName(rest)) return { kind: 'removeTag', value: rest }
  if (/^p[1-4]$/.test(word)) return { kind: 'priority', value: word }
  if (/^every!?$/.test(word)) return { kind: 'every', value: word.slice(5) }
  const colon = word.indexOf(':')
  const kind = colon > 0 ? named[word.slice(0, colon)] : undefined
  const value = word.slice(colon + 1)
  return kind === undefined || /^(?:\/\/|:)/.test(value) ? undefined : { kind, value }
}

/** A is critical, B high, C medium, everything below low. */
export const todoTxtPriority = (letter: string): PriorityName | undefined =>
  /^[A-Z]$/i.test(letter)
    ? ((['critical', 'high', 'medium'] as const)['ABC'.indexOf(letter.toUpperCase())] ?? 'low')
    : undefined
