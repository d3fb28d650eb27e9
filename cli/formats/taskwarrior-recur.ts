import type { TemplateRecordInput } from '../../shared/api/transfer.ts'

type Rule = Pick<
  TemplateRecordInput,
  'recurrence_pattern' | 'interval' | 'rrule' | 'start' | 'next_occurrence'
>
type Pattern = 'daily' | 'weekly' | 'monthly' | 'yearly'

const words: Record<string, [Pattern, number]> = {
  daily: ['daily', 1],
  day: ['daily', 1],
  weekly: ['weekly', 1],
  sennight: ['weekly', 1],
  biweekly: ['weekly', 2],
  fortnight: ['weekly', 2],
  monthly: ['monthly', 1],
  bimonthly: ['monthly', 2],
  quarterly: ['monthly', 3],
  semiannual: ['monthly', 6],
  annual: ['yearly', 1],
  yearly: ['yearly', 1],
  biannual: ['yearly', 2],
  biyearly: ['yearly', 2],
}

const units: Record<string, Pattern> = { d: 'daily', w: 'weekly', m: 'monthly', y: 'yearly', q: 'monthly' }

/**
 * What a recurring task of Taskwarrior means as a rule: `weekly`, `2weeks`, `3 d`, `P1M`, `weekdays`. Undefined for
 * what it says in hours or less, which no task of ours recurs by.
 */
export function ruleOfRecur(recur: string, due: { due_date?: string; due_at?: string }): Rule | undefined {
  const start = due.due_date ?? due.due_at?.slice(0, 16)
  const begin = start === undefined ? {} : { start }
  const word = recur.toLowerCase()
  if (word === 'weekdays') {
    return { recurrence_pattern: 'custom', rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', ...begin }
  }
  const named = words[word]
  if (named) return { recurrence_pattern: named[0], interval: named[1], ...begin }
  const [, count = '1', unit] =
    /^p?(\d*)\s*([dwmqy])(?:a?ys?|(?:ee)?ks?|o(?:nth)?s?|(?:ua)?rte?rs?|e?a?rs?)?$/.exec(word) ?? []
  if (unit === undefined) return undefined
  const interval = Number(count || 1) * (unit === 'q' ? 3 : 1)
  return interval >= 1 ? { recurrence_pattern: units[unit]!, interval, ...begin } : undefined
}

const periods: Record<Pattern, string> = { daily: 'D', weekly: 'W', monthly: 'M', yearly: 'Y' }

/** The nearest period that Taskwarrior can say; the rule itself travels beside it. */
export function recurOf({
  recurrence_pattern: pattern,
  interval,
}: {
  recurrence_pattern: string
  interval: number
}): string {
  return pattern === 'custom' ? 'weekly' : `P${interval}${periods[pattern as Pattern]}`
}
