import { suggest } from './suggest.ts'

/** The seeded priorities, lowest first; each name's place, from 1, is its id. */
export const priorityNames = ['low', 'medium', 'high', 'critical'] as const
export type PriorityName = (typeof priorityNames)[number]

const words: Record<string, PriorityName> = {
  low: 'low',
  l: 'low',
  4: 'low',
  p4: 'low',
  medium: 'medium',
  m: 'medium',
  med: 'medium',
  normal: 'medium',
  3: 'medium',
  p3: 'medium',
  high: 'high',
  h: 'high',
  2: 'high',
  p2: 'high',
  critical: 'critical',
  c: 'critical',
  crit: 'critical',
  1: 'critical',
  p1: 'critical',
}

/** A priority as people write it: a name or its beginning, `H`, `1`–`4` and `p1`–`p4` (1 is the highest). */
export const readPriority = (word: string): PriorityName | undefined => {
  const wanted = word.toLowerCase()
  return Object.hasOwn(words, wanted) ? words[wanted] : undefined
}

export const priorityHint = (word: string): string => {
  const near = suggest(word, priorityNames)
  return near === undefined ? `There are ${priorityNames.join(', ')} (p4 to p1).` : `Did you mean ${near}?`
}
