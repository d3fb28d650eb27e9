import type { TaskEvent } from '../shared/api/event.ts'
import type { Task } from '../shared/api/task.ts'
import { formatDate } from './dates/describe.ts'
import { dueOf, type View } from './format.ts'
import type { Shape } from './output.ts'
import { escapeControls } from './text.ts'

/** What happened, in a word of the past. */
const eventWords: Record<string, string> = {
  'task.created': 'added',
  'task.updated': 'changed',
  'task.completed': 'done',
  'task.reopened': 'reopened',
  'task.deleted': 'deleted',
  'task.due.approaching': 'reminded',
}

export const eventWord = (type: string): string => eventWords[type] ?? type

export const eventFields = [
  ...[
    'id',
    'event_id',
    'event_type',
    'task_id',
    'user_id',
    'timestamp',
    'version',
    'source',
    'data',
    'previous',
  ],
]

const watched: [name: string, read: (task: Task, view: View) => string][] = [
  ['title', (task) => task.title],
  ['status', (task) => task.status],
  ['priority', (task) => task.priority.name.toLowerCase()],
  ['due', (task, view) => dueText(task, view)],
  ['tags', (task) => task.tags.map((tag) => `+${tag.name}`).join(' ')],
  ['project', (task) => task.project ?? ''],
  ['note', (task) => task.description],
  ['reminders', (task) => task.reminders.join(' ')],
]

const dueText = (task: Task, view: View): string => {
  const due = dueOf(task)
  return due === null ? '' : formatDate(due, view)
}

/** `title "a" → "b", due none → Fri 27 Nov`: what is different after a change; empty for what has no before. */
export function differences({ data, previous, event_type }: TaskEvent, view: View): string {
  if (previous === null || event_type === 'task.deleted') return ''
  return watched
    .map(([name, read]) => [name, read(previous, view), read(data, view)] as const)
    .filter(([name, before, after]) => before !== after && !(name === 'status' && isTold(event_type)))
    .map(([name, before, after]) => `${name} ${quoted(before)} → ${quoted(after)}`)
    .join(', ')
}

const isTold = (type: string) => type === 'task.completed' || type === 'task.reopened'
const quoted = (text: string) => (text === '' ? 'none' : escapeControls(text))

export const eventShape = (view: () => View): Shape<TaskEvent> => ({
  line: (event) =>
    [
      String(event.id),
      event.timestamp,
      eventWord(event.event_type),
      String(event.task_id),
      escapeControls(event.data.title),
      differences(event, view()),
    ].join('\t'),
  columns: {
    id: (event) => event.id,
    timestamp: (event) => event.timestamp,
    event_type: (event) => event.event_type,
    task_id: (event) => event.task_id,
    version: (event) => event.version,
    source: (event) => event.source,
    title: (event) => event.data.title,
    change: (event) => differences(event, view()),
  },
})

/** `21 Nov 14:02  done     3  Pay rent` for a reader. */
export function eventText(event: TaskEvent, view: View): string {
  const when = formatDate({ at: event.timestamp }, view)
  const change = differences(event, view)
  const by = event.source === 'server' ? '' : ` (${event.source})`
  const what = `${when}  ${eventWord(event.event_type).padEnd(8)}  ${event.task_id}  ${escapeControls(event.data.title)}`
  return `${what}${change === '' ? '' : `: ${change}`}${by}\n`
}
