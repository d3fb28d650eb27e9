import type { NewTaskInput, Task } from '../shared/api/task.ts'
import type { Context } from './context.ts'
import { readRule, templateOf } from './rule-flags.ts'
import { ruleText } from './templates.ts'

/** A task that was made, and in words how it comes again. */
export type Added = { task: Task & { rule?: object }; again: string }

/** Makes the template with its first task; null when that is still to come. A dry run's task carries the rule. */
export async function addRecurring(
  { api, flags, ...rest }: Context,
  task: NewTaskInput,
  every: string,
): Promise<Added | null> {
  const rule = await readRule({ api, flags, ...rest }, { every, exdate: [] }, task)
  const { first_task: first, ...template } = await api('POST /api/{user_id}/recurring-tasks', {
    body: templateOf(task, rule!),
    query: { first: 'true', ...(flags.dryRun && { dry_run: 'true' as const }) },
  })
  if (first == null) return null
  const again = ruleText(template, rest.out.view())
  if (!flags.dryRun) return { task: first, again }
  const shown = Object.keys(rule!).map((name) => [name, template[name as keyof typeof template]])
  return { task: { ...first, rule: { text: ruleText(template), ...Object.fromEntries(shown) } }, again }
}
