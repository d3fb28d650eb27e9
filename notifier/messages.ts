import type { Task } from '../shared/api/task.ts'
import type { EventName } from '../shared/events.ts'

/** Plain text in one line, and the details below it. Channels escape and shorten it for their medium. */
export type Message = { title: string; body: string }

type Payload = Record<string, unknown>
type Writer = (payload: Payload, zone: string) => Message

/** What people read of each event; null = nothing is ever said. */
const writers = {
  'task.created': (payload, zone) => ofTask('New task', payload, zone),
  'task.updated': (payload, zone) => ofTask('Changed', payload, zone),
  'task.completed': (payload, zone) => ofTask('Done', payload, zone),
  'task.reopened': (payload, zone) => ofTask('Open again', payload, zone),
  'task.deleted': (payload, zone) => ofTask('Deleted', payload, zone),
  'task.due.approaching': (payload, zone) => ofTask(`Due ${untilDue(payload)}`, payload, zone),
  'notification.send': (payload) => ({
    title: oneLine(String(payload.title ?? '')) || 'Notification',
    body: String(payload.body ?? ''),
  }),
} satisfies Record<EventName, Writer | null>

export function writeMessage(eventType: string, payload: Payload, zone: string): Message {
  const write: Writer | null | undefined = writers[eventType as EventName]
  return write ? write(payload, zone) : { title: eventType, body: '' }
}

/** Many as one, in the order in which they came. */
export function writeDigest(messages: Message[]): Message {
  const [first] = messages
  if (messages.length === 1) return first!
  return {
    title: `${messages.length} notifications: ${first!.title} …`,
    body: messages
      .map(({ title, body }) =>
        body === '' ? `• ${title}` : `• ${title}\n  ${body.replaceAll('\n', '\n  ')}`,
      )
      .join('\n'),
  }
}

function ofTask(what: string, payload: Payload, zone: string): Message {
  const task = (payload.data ?? {}) as Partial<Task>
  const details = [
    task.due_at ? `due ${localTime(task.due_at, zone)}` : null,
    task.due_date ? `due ${localDay(task.due_date)}` : null,
    task.priority && task.priority.name !== 'Medium' ? `${task.priority.name.toLowerCase()} priority` : null,
    task.project ? `project ${task.project}` : null,
    task.tags?.length ? task.tags.map((tag) => `#${tag.name}`).join(' ') : null,
  ]
  return {
    title: `${what}: ${oneLine(task.title ?? '')}`,
    body: details.filter((one) => one !== null).join(', '),
  }
}

/** Measured from the event, not from now: a mail that waited must not say another lead than was asked for. */
function untilDue(payload: Payload): string {
  const task = (payload.data ?? {}) as Partial<Task>
  if (!task.due_at) return task.due_date ? `on ${task.due_date}` : 'soon'
  const minutes = Math.round((Date.parse(task.due_at) - Date.parse(String(payload.timestamp))) / 60_000)
  if (minutes < 1) return 'now'
  if (minutes < 90) return `in ${count(minutes, 'minute')}`
  if (minutes < 36 * 60) return `in ${count(Math.round(minutes / 60), 'hour')}`
  return `in ${count(Math.round(minutes / 1440), 'day')}`
}

const count = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`

/** Control characters would end a header or a line, or drive a terminal; bidi overrides would reorder it. */
export const oneLine = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()

const day = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const

function localTime(instant: string, zone: string): string {
  const format = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', {
      ...day,
      hour: '2-digit',
      minute: '2-digit',
      timeZone,
      timeZoneName: 'short',
    })
  const at = new Date(instant)
  try {
    return format(zone).format(at)
  } catch {
    return format('UTC').format(at)
  }
}

const localDay = (date: string): string =>
  new Intl.DateTimeFormat('en-GB', { ...day, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`))
