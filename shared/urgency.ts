import type { Task } from './api/task.ts'

/**
 * What makes a task urgent: points for each reason, added up. The server sorts by it, the client shows and explains
 * it. `due` counts a fifth two weeks ahead and in full a week late, in a straight line between; `age` grows for a year.
 */
export const urgencyPoints = {
  due: { most: 12, least: 0.2, aheadDays: 14, lateDays: 7 },
  priority: { 1: 0, 2: 3, 3: 6, 4: 8 } as Readonly<Record<number, number>>,
  doing: 4,
  age: { most: 2, days: 365 },
} as const

const dayMs = 86_400_000

/** Done tasks have no urgency. `now` is cut to the hour as in the server, so that pages of one list fit together. */
export function urgencyOf(
  task: Pick<Task, 'status' | 'priority_id' | 'due_date' | 'due_at' | 'created_at'>,
  now: Date,
): number {
  if (task.status === 'done') return 0
  const hour = Math.floor(now.getTime() / 3_600_000) * 3_600_000
  const { due, age } = urgencyPoints
  const dueAt = task.due_at !== null ? Date.parse(task.due_at) : dateEnd(task.due_date)
  const nearness =
    dueAt === null
      ? 0
      : due.least +
        (1 - due.least) * ((due.aheadDays - (dueAt - hour) / dayMs) / (due.aheadDays + due.lateDays))
  const points =
    (dueAt === null ? 0 : due.most * Math.min(1, Math.max(due.least, nearness))) +
    (urgencyPoints.priority[task.priority_id] ?? 0) +
    (task.status === 'doing' ? urgencyPoints.doing : 0) +
    age.most * Math.min(1, Math.max(0, (hour - Date.parse(task.created_at)) / dayMs / age.days))
  return Math.round(points * 1000) / 1000
}

const dateEnd = (date: string | null): number | null => (date === null ? null : Date.parse(date) + dayMs)
