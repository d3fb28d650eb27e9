import { parseRule, type Rule } from '../recurrence.ts'
import { type Fragment, raw, type Sql } from './connect.ts'

/** The columns of `recurring_tasks` from which its next occurrence follows. */
export type TemplateRow = {
  id: number
  user_id: string
  recurrence_pattern: 'daily' | 'weekly' | 'monthly' | 'yearly' | 'custom'
  interval: number
  cron_expression: string | null
  rrule: string | null
  time_zone: string
  start: string | null
  all_day: boolean
  until: string | null
  count: number | null
  exdates: string[]
  month_day_policy: 'clamp' | 'skip' | 'last'
  anchor: 'schedule' | 'completion'
  catch_up: 'latest' | 'all' | 'none'
  overlap: 'allow' | 'skip'
  create_ahead: string | null
  generated: number
  next_occurrence: Date | null
}

export const templateColumns = (sql: Sql): Fragment =>
  raw(
    sql,
    `r.id, r.user_id, r.recurrence_pattern, r.interval, r.cron_expression, r.rrule, r.time_zone, r.start, r.all_day,
     r.until, r.count, r.exdates, r.month_day_policy, r.anchor, r.catch_up, r.overlap, r.create_ahead, r.generated,
     r.next_occurrence`,
  )

/** Throws `invalid` when the rule cannot be used any more, e.g. because its zone has gone. */
export const ruleOf = (row: TemplateRow): Rule => parseRule(row)

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `3d` in milliseconds; 0 for none. */
export const aheadMs = (lead: string | null): number =>
  lead === null ? 0 : Number(lead.slice(0, -1)) * (unitMs[lead.at(-1)!] ?? 0)
