import type { Sql } from '../../shared/db/connect.ts'
import { insertInstances, type MadeInstance } from '../../shared/db/instances.ts'
import type { Emit } from '../../shared/db/outbox.ts'
import { aheadMs } from '../../shared/db/template.ts'
import {
  type CatchUpPolicy,
  catchUp,
  nextOccurrence,
  type Occurrence,
  type Rule,
} from '../../shared/recurrence.ts'
import { openInstances, planTemplate } from './repository.ts'

/** Earlier than any start. */
const beforeAll = Date.UTC(1900, 0, 1)

export type Planned = {
  id: number
  user_id: string
  catch_up: CatchUpPolicy
  overlap: 'allow' | 'skip'
  anchor: 'schedule' | 'completion'
  create_ahead: string | null
}

/**
 * The first plan of a template: what a start in the past has missed is caught up as its policy says. With `first` its
 * first task is made at once, however late it is due.
 */
export async function planFirst(
  sql: Sql,
  template: Planned,
  rule: Rule,
  now: Date,
  emit: Omit<Emit, 'type'>,
  first: boolean,
): Promise<MadeInstance[]> {
  const ahead = aheadMs(template.create_ahead)
  const after = rule.start === null ? now.getTime() : beforeAll
  const until = now.getTime() + ahead
  const caught = catchUp(rule, { after, now: until, policy: template.catch_up, generated: 0 })
  const onlyOne = template.overlap === 'skip' || template.anchor === 'completion'
  const due = onlyOne ? caught.due.slice(-1) : [...caught.due]
  const passed = caught.missed + caught.due.length - due.length
  let next = caught.next
  if (first && due.length === 0 && next !== null) {
    due.push(next)
    next = nextOccurrence(rule, next.instant, { generated: 1 })
  }
  // After a completion counts from there: until then nothing is planned.
  if (template.anchor === 'completion' && due.length > 0) next = null
  const wanted = due.map((occurrence) => ({ templateId: template.id, occurrence }))
  const made = await insertInstances(sql, wanted, emit)
  await planTemplate(sql, template.id, { ...runOf(next, ahead), made: made.length, missed: passed })
  return made
}

/** Plans from now on, as after a change of the rule or a pause: what lies behind is not made up. */
export async function planAgain(
  sql: Sql,
  template: Planned & { generated: number; is_active: boolean },
  rule: Rule,
  after: Date | string,
): Promise<void> {
  const waits =
    template.anchor === 'completion' && (await openInstances(sql, template.user_id, template.id)).length > 0
  const next = template.is_active && !waits ? await nextUnmade(sql, template, rule, after) : null
  await planTemplate(sql, template.id, runOf(next, aheadMs(template.create_ahead)))
}

/** Occurrences that have a task already (made ahead, or as the first one) are not planned again. */
async function nextUnmade(
  sql: Sql,
  { id, generated }: { id: number; generated: number },
  rule: Rule,
  after: Date | string,
): Promise<Occurrence | null> {
  const rows = await sql<{ at: Date }[]>`
    select occurrence_at as at from tasks
    where recurring_task_id = ${id} and occurrence_at > ${new Date(after).toISOString()}::text::timestamptz`
  const made = new Set(rows.map(({ at }) => at.toISOString()))
  let next = nextOccurrence(rule, after, { generated })
  while (next !== null && made.has(next.instant)) next = nextOccurrence(rule, next.instant, { generated })
  return next
}

export function runOf(
  next: Occurrence | null,
  ahead: number,
): { next: string | null; nextRun: string | null } {
  if (next === null) return { next: null, nextRun: null }
  return { next: next.instant, nextRun: new Date(Date.parse(next.instant) - ahead).toISOString() }
}
