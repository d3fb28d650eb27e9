import type { Task } from '../shared/api/task.ts'
import type { Context } from './context.ts'
import { type Day, dayMs, isoDate, weekday } from './dates/calendar.ts'
import { instantOf, localIso, wallAt } from './dates/zone.ts'
import { dueOf } from './format.ts'
import { allTemplates } from './templates.ts'

/** One thing of a day: a task, or an occurrence whose task is still to come (then `id` is its template's). */
export type Entry = {
  date: string
  /** `HH:MM`; null all day. */
  time: string | null
  title: string
  id: number
  kind: 'task' | 'occurrence'
  status: Task['status'] | null
  priority_id: number
}

export type Span = { first: Day; weeks: number }

/** Whole weeks from this week's Monday on. */
export const spanOf = ({ now, timeZone }: Pick<Context, 'now' | 'timeZone'>, weeks: number): Span => {
  const today = wallAt(now().getTime(), timeZone()).day
  return { first: today - weekday(today) + 1, weeks }
}

/** What is due in the span, and what will come of recurring tasks, in the order of a day. */
export async function entriesOf(context: Context, span: Span): Promise<Entry[]> {
  const [tasks, coming] = await Promise.all([dueTasks(context, span), occurrencesIn(context, span)])
  const made = new Set(
    tasks.flatMap((task) =>
      [task.occurrence_at, task.due_date].map((when) => `${task.recurring_task_id} ${when}`),
    ),
  )
  const entries = [
    ...tasks.map((task) => taskEntry(task, context.timeZone())),
    ...coming.filter(({ key }) => !made.has(key)).map(({ entry }) => entry),
  ]
  return entries.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
}

const orderOf = ({ date, time, title }: Entry) => `${date} ${time ?? ''} ${title}`

async function dueTasks({ api }: Context, { first, weeks }: Span): Promise<Task[]> {
  const tasks: Task[] = []
  const query = { due_from: isoDate(first), due_to: isoDate(first + weeks * 7 - 1), sort: 'due', limit: 200 }
  let cursor: string | undefined
  do {
    const page = await api('GET /api/{user_id}/tasks', { query: { ...query, ...(cursor && { cursor }) } })
    tasks.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return tasks
}

function taskEntry(task: Task, timeZone: string): Entry {
  const due = dueOf(task)!
  const local = 'date' in due ? due.date : localIso(due.at, timeZone)
  return {
    date: local.slice(0, 10),
    time: 'date' in due ? null : local.slice(11, 16),
    title: task.title,
    id: task.id,
    kind: 'task',
    status: task.status,
    priority_id: task.priority_id,
  }
}

/** `key` tells which task an occurrence becomes. */
async function occurrencesIn(
  context: Context,
  { first, weeks }: Span,
): Promise<{ key: string; entry: Entry }[]> {
  const { api, timeZone } = context
  const to = new Date(instantOf({ day: first + weeks * 7, ms: 0 }, timeZone())).toISOString()
  const templates = (await allTemplates(context)).filter(
    ({ next_occurrence: next }) => next !== null && next < to,
  )
  const found = []
  for (const template of templates) {
    const { items } = await api('GET /api/{user_id}/recurring-tasks/{id}/occurrences', {
      params: { id: template.id },
      query: { from: template.next_occurrence!, to, limit: 200 },
    })
    for (const { at, local } of items) {
      const shown = at === null ? local : localIso(at, timeZone())
      const entry: Entry = {
        date: shown.slice(0, 10),
        time: at === null ? null : shown.slice(11, 16),
        title: template.template_title,
        id: template.id,
        kind: 'occurrence',
        status: null,
        priority_id: template.priority_id,
      }
      found.push({ key: `${template.id} ${at ?? local}`, entry })
    }
  }
  return found
}

export const dayOfDate = (date: string): Day => Date.parse(`${date}T00:00:00Z`) / dayMs
