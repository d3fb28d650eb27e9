import type { NewTemplate, Template, TemplatePatch } from '../../shared/api/recurring-task.ts'
import type { TemplateColumns } from './repository.ts'

/** A template to be: all-day or not follows from the rule where nobody says it. */
export type Wanted = Omit<TemplateColumns, 'all_day'> & { all_day: boolean | null }

/** What absent and cleared fields mean. */
export const defaults: Omit<Wanted, 'recurrence_pattern' | 'time_zone' | 'template_title'> = {
  template_description: '',
  interval: 1,
  cron_expression: null,
  rrule: null,
  start: null,
  all_day: null,
  until: null,
  count: null,
  exdates: [],
  month_day_policy: 'clamp',
  catch_up: 'latest',
  overlap: 'allow',
  anchor: 'schedule',
  create_ahead: null,
  priority_id: 2,
  project: null,
  reminders: ['1d'],
  is_active: true,
}

/** Fields whose change plans a template anew. */
export const replanning: ReadonlySet<string> = new Set([
  'recurrence_pattern',
  'interval',
  'cron_expression',
  'rrule',
  'time_zone',
  'start',
  'all_day',
  'until',
  'count',
  'exdates',
  'month_day_policy',
  'anchor',
  'create_ahead',
  'is_active',
])

/** The columns that a request names; a cleared field gets its default. Tags have a table of their own. */
export function columnsOf(input: NewTemplate | TemplatePatch): Partial<TemplateColumns> {
  const { tags: _tags, priority, ...rest } = input
  const columns: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue
    columns[name] = value ?? defaults[name as keyof typeof defaults]
  }
  if (priority !== undefined) columns.priority_id = priority
  return columns as Partial<TemplateColumns>
}

/** The columns that a stored template has. */
export function columnsIn(stored: Template): TemplateColumns {
  const {
    id,
    user_id,
    tags,
    next_occurrence,
    last_error,
    missed,
    version,
    created_at,
    updated_at,
    ...columns
  } = stored
  return columns
}

/** Those of the wanted columns that differ from what is stored. */
export function changesIn(stored: Template, wanted: TemplateColumns): Partial<TemplateColumns> {
  const before = columnsIn(stored)
  const changed = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(before[name as keyof TemplateColumns]) !== JSON.stringify(value),
  )
  return Object.fromEntries(changed)
}

/** Undefined names leave what is there. */
export function sameNames(before: string[], wanted: string[] | null | undefined): boolean {
  if (wanted === undefined) return true
  const keys = (names: string[]) =>
    names
      .map((name) => name.toLowerCase())
      .sort()
      .join('\n')
  return keys(before) === keys([...new Set(wanted ?? [])])
}

/** Null for a zone that does not exist: the engine tells what is wrong with it. */
export function todayIn(timeZone: string, now: Date): string | null {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone }).format(now)
  } catch {
    return null
  }
}
