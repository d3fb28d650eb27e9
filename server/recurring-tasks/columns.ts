import type { NewTemplate, TemplatePatch } from '../../shared/api/recurring-task.ts'
import type { TemplateColumns } from './repository.ts'

/** What absent and cleared fields mean. */
export const defaults = {
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
} as const

/** Fields whose change plans a template anew. */
export const ruleNames = [
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
] as const

/** The columns that a request names; a cleared field gets its default. Tags have a table of their own. */
export function columnsOf(input: NewTemplate | TemplatePatch): Partial<TemplateColumns> {
  const { tags: _tags, priority, ...rest } = input
  const columns: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) {
    if (value === undefined) continue
    if (value !== null) columns[name] = value
    else if (name in defaults) columns[name] = defaults[name as keyof typeof defaults]
  }
  if (priority !== undefined) columns.priority_id = priority
  return columns as Partial<TemplateColumns>
}
