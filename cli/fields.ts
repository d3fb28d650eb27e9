import type { Template } from '../shared/api/recurring-task.ts'
import type { Tag } from '../shared/api/tag.ts'
import type { Completion, Task } from '../shared/api/task.ts'
import { suggest } from '../shared/suggest.ts'
import { usage } from './errors.ts'

const namesOf = <T>(table: Record<keyof T, true>): string[] => Object.keys(table)

/** What `--json=…` may pick where a command prints tasks. */
export const taskFields = namesOf<Task>({
  id: true,
  user_id: true,
  title: true,
  description: true,
  status: true,
  priority_id: true,
  priority: true,
  tags: true,
  project: true,
  due_date: true,
  due_at: true,
  reminders: true,
  recurring_task_id: true,
  occurrence_at: true,
  position: true,
  version: true,
  created_at: true,
  updated_at: true,
  completed_at: true,
})

export const completionFields = namesOf<Completion>({ task: true, next: true })

/** What `--json=…` may pick where a command prints recurring tasks. */
export const templateFields = namesOf<Template>({
  id: true,
  user_id: true,
  template_title: true,
  template_description: true,
  recurrence_pattern: true,
  interval: true,
  cron_expression: true,
  rrule: true,
  time_zone: true,
  start: true,
  all_day: true,
  until: true,
  count: true,
  exdates: true,
  month_day_policy: true,
  catch_up: true,
  overlap: true,
  anchor: true,
  create_ahead: true,
  priority_id: true,
  tags: true,
  project: true,
  reminders: true,
  is_active: true,
  next_occurrence: true,
  last_error: true,
  missed: true,
  version: true,
  created_at: true,
  updated_at: true,
})

export const tagFields = namesOf<Tag>({
  id: true,
  name: true,
  color: true,
  task_count: true,
  version: true,
  created_at: true,
})

/** The fields that `--json=a,b` picks; null for all. Asked before anything is written, so that a slip writes nothing. */
export function pickedFields(
  json: string | undefined,
  known: readonly string[] | undefined,
): string[] | null {
  if (json === undefined || json === '') return null
  const wanted = json.split(',').map((field) => field.trim())
  const unknown = known && wanted.find((field) => !known.includes(field))
  if (unknown === undefined) return wanted
  const near = suggest(unknown, known!)
  throw usage(
    `There is no field ${JSON.stringify(unknown)}.`,
    near ? `Did you mean ${near}?` : `There are ${known!.join(', ')}.`,
  )
}
