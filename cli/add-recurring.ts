import type { NewTaskInput, Task } from '../shared/api/task.ts'
import type { Context } from './context.ts'
import { readRule, templateOf } from './rule-flags.ts'
import { ruleText } from './templates.ts'

/** Makes the template with its first task and answers the task; a dry run tells the rule beside it. */
export async function addRecurring(
  { api, flags, ...rest }: Context,
  task: NewTaskInput,
  every: string,
): Promise<(Task & { rule?: object }) | null> {
  const rule = await readRule({ api, flags, ...rest }, { every, exdate: [] }, task)
  const { first_task: first, ...template } = await api('POST /api/{user_id}/recurring-tasks', {
    body: templateOf(task, rule!),
    query: { first: 'true', ...(flags.dryRun && { dry_run: 'true' as const }) },
  })
  if (first == null) return null
  const shown = Object.keys(rule!).map((name) => [name, template[name as keyof typeof template]])
  return flags.dryRun ? { ...first, rule: { text: ruleText(template), ...Object.fromEntries(shown) } } : first
}
