import { ruleOf } from '../../shared/db/template.ts'
import { type Occurrence, occurrences } from '../../shared/recurrence.ts'
import type { ReadTemplate } from './repository.ts'

type Range = { from?: string; after?: string; to?: string; limit: number }

/** No count is reached by it. */
const uncounted = Number.NEGATIVE_INFINITY

/**
 * When a template occurs, oldest first. A count counts tasks that were made, so it ends what is to come; what lies
 * behind, made or missed, is listed as the rule has it.
 */
export function occurrencesOf(template: ReadTemplate, range: Range): Occurrence[] {
  const rule = ruleOf(template)
  if (rule.count === null) return occurrences(rule, range)
  const turn = (template.next_occurrence ?? template.now).getTime()
  const to = range.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(range.to)
  const behind = occurrences(rule, { ...range, to: Math.min(turn, to), generated: uncounted })
  const begin = Date.parse((range.after ?? range.from)!)
  const ahead = occurrences(rule, {
    ...(begin < turn ? { from: turn } : range),
    ...(range.to && { to: range.to }),
    limit: range.limit - behind.length,
    generated: template.generated,
  })
  return [...behind, ...ahead]
}
