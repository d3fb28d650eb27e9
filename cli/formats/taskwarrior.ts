import type { ExportedTask, ExportedTemplate, TemplateRecordInput } from '../../shared/api/transfer.ts'
import type { PriorityName } from '../../shared/priorities.ts'
import { dayIn, startOfDay } from './dates.ts'
import type { Format, FormatContext, Incoming, Outgoing, ReadItem, TaskIncoming } from './format.ts'
import { fitProject, fitTag, fitTitle, isTemplate, kept, priorityOf, unknownFields } from './format.ts'
import { jsonElements } from './json-elements.ts'
import { recurOf, ruleOfRecur } from './taskwarrior-recur.ts'

/**
 * The JSON of `task export`. Attributes that a task has no field for (depends, wait, one's own) are kept and come back;
 * what Taskwarrior has no attribute for goes into attributes of our own, which it keeps in turn.
 */
export const taskwarrior: Format = { read, write }

type Attributes = Record<string, unknown>
type Annotation = { entry?: string; description?: string }

const known = new Set([
  ...['uuid', 'description', 'status', 'priority', 'tags', 'project', 'due', 'entry', 'end', 'start', 'id'],
  ...['urgency', 'annotations', 'recur', 'parent', 'until', 'todo_priority', 'todo_reminders', 'todo_rule'],
])

/** `20261201T160000Z` as an instant. */
const instant = (value: unknown): string | undefined => {
  const text = String(value ?? '')
  const match = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)Z$/.exec(text)
  if (match === null) return undefined
  const [, ...parts] = match
  return `${parts.slice(0, 3).join('-')}T${parts.slice(3).join(':')}.000Z`
}

const stamp = (at: string) => `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`

async function* read(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  for await (const { line, text } of jsonElements(pieces)) {
    let value: Attributes
    try {
      value = JSON.parse(text) as Attributes
    } catch (error) {
      yield { line, fault: `is not JSON: ${(error as Error).message}` }
      continue
    }
    // What was deleted there is not to be done here.
    if (value.status !== 'deleted') yield { line, record: incoming(value, context) }
  }
}

function incoming(value: Attributes, context: FormatContext): Incoming {
  if (typeof value.todo_rule === 'string') return JSON.parse(value.todo_rule) as TemplateRecordInput
  const notes = (value.annotations ?? []) as Annotation[]
  const { title, rest } = fitTitle(String(value.description ?? ''))
  const own = unknownFields(value, known)
  const shared = {
    uid: typeof value.uuid === 'string' ? value.uuid : context.uid('taskwarrior', JSON.stringify(value)),
    priority: priorityFrom(value),
    tags: ((value.tags ?? []) as string[]).map(fitTag),
    ...(value.project !== undefined && { project: fitProject(String(value.project)) }),
    ...(typeof value.todo_reminders === 'string' && {
      reminders: value.todo_reminders.split(' ').filter(Boolean),
    }),
    ...(instant(value.entry) && { created_at: instant(value.entry) }),
    extra: { taskwarrior: { ...own, ...(notes.length > 0 && { annotations: notes }) } },
  }
  const note = [rest, ...notes.map((one) => one.description)].filter(Boolean).join('\n')
  const rule =
    value.status === 'recurring' ? ruleOfRecur(String(value.recur), dueFrom(value, context)) : undefined
  if (rule)
    return { ...shared, ...rule, template_title: title, template_description: note, time_zone: context.zone }
  return taskFrom(value, { ...shared, title, ...(note !== '' && { description: note }) }, context)
}

function taskFrom(value: Attributes, task: TaskIncoming, context: FormatContext): TaskIncoming {
  const due = dueFrom(value, context)
  const isDone = value.status === 'completed'
  return {
    ...task,
    status: isDone ? 'done' : value.start === undefined ? 'todo' : 'doing',
    ...due,
    ...(isDone && instant(value.end) && { completed_at: instant(value.end) }),
    ...(typeof value.parent === 'string' && {
      recurring_task_uid: value.parent,
      occurrence_at: due.due_at ?? (due.due_date && startOfDay(due.due_date, context.timeZone)),
    }),
  }
}

const priorities: Record<string, 'high' | 'medium' | 'low'> = { H: 'high', M: 'medium', L: 'low' }

function priorityFrom({ priority, todo_priority }: Attributes): PriorityName {
  if (todo_priority === 'critical') return 'critical'
  return priorities[String(priority ?? '')] ?? 'medium'
}

/** Midnight is how Taskwarrior says a day without a time. */
function dueFrom(value: Attributes, { timeZone }: FormatContext): { due_date?: string; due_at?: string } {
  const at = instant(value.due)
  if (at === undefined) return {}
  const day = dayIn(at, timeZone)
  return startOfDay(day, timeZone) === at ? { due_date: day } : { due_at: at }
}

async function* write(records: AsyncIterable<Outgoing>, context: FormatContext): AsyncGenerator<string> {
  let begun = false
  for await (const record of records) {
    const value = isTemplate(record) ? templateOut(record, context) : taskOut(record, context)
    yield `${begun ? ',\n' : '[\n'}${JSON.stringify(value)}`
    begun = true
  }
  yield begun ? '\n]\n' : '[\n]\n'
}

function taskOut(task: ExportedTask, { timeZone }: FormatContext): Attributes {
  const own = kept<Attributes & { annotations?: Annotation[] }>(task, 'taskwarrior') ?? {}
  const due = task.due_at ?? (task.due_date && startOfDay(task.due_date, timeZone)!)
  const priority = priorityOf(task)
  const isDone = task.status === 'done'
  return {
    ...own,
    annotations: annotationsOf(task.description, own.annotations, task.created_at),
    description: task.title,
    ...(due && { due: stamp(due) }),
    ...(isDone && { end: stamp(task.completed_at!) }),
    entry: stamp(task.created_at),
    ...(task.recurring_task_uid && { parent: task.recurring_task_uid }),
    ...(priority !== 'medium' && { priority: priority === 'low' ? 'L' : 'H' }),
    ...(task.project !== null && { project: task.project }),
    ...(task.status === 'doing' && { start: stamp(task.created_at) }),
    status: isDone ? 'completed' : 'pending',
    ...(task.tags.length > 0 && { tags: task.tags.map((tag) => tag.name) }),
    ...(priority === 'critical' && { todo_priority: priority }),
    ...(task.reminders.join(' ') !== '1d' && { todo_reminders: task.reminders.join(' ') }),
    uuid: task.uid,
  }
}

/** The notes that came from there, with their times, while they still say the same. */
function annotationsOf(
  text: string,
  own: Annotation[] | undefined,
  createdAt: string,
): Annotation[] | undefined {
  if (text === '') return undefined
  const said = (own ?? []).map((one) => one.description).join('\n')
  return said === text ? own : [{ entry: stamp(createdAt), description: text }]
}

function templateOut(template: ExportedTemplate, { timeZone }: FormatContext): Attributes {
  const start = template.next_occurrence ?? startOfDay((template.start ?? '').slice(0, 10), timeZone)
  return {
    description: template.template_title,
    ...(start && { due: stamp(start) }),
    entry: stamp(template.created_at),
    recur: recurOf(template),
    status: 'recurring',
    ...(template.tags.length > 0 && { tags: template.tags }),
    todo_rule: JSON.stringify(template),
    uuid: template.uid,
  }
}
