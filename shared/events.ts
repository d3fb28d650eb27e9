import * as z from 'zod'
import { Task } from './api/task.ts'

export const topics = { tasks: 'task-events', notifications: 'notification-events' } as const
export type Topic = (typeof topics)[keyof typeof topics]

const ofTask = z.object({
  event_type: z.string(),
  task_id: z.int(),
  user_id: z.uuid(),
  timestamp: z.iso.datetime(),
  version: z.int(),
  source: z.string(),
  data: Task,
  previous: Task.nullable(),
})

const ofNotification = z.object({
  event_type: z.string(),
  user_id: z.uuid(),
  task_id: z.int().nullable(),
  timestamp: z.iso.datetime(),
  source: z.string(),
  title: z.string(),
  body: z.string(),
  channels: z.array(z.string()).optional(),
  dedup_key: z.string().optional(),
  /** Quiet hours, digests and limits do not hold it back. */
  urgent: z.boolean().optional(),
})

/** Every event by name, with the payload that its CloudEvent carries. Unknown fields are allowed, on purpose. */
export const eventPayloads = {
  'task.created': ofTask,
  'task.updated': ofTask,
  'task.completed': ofTask,
  'task.reopened': ofTask,
  'task.deleted': ofTask,
  'task.due.approaching': ofTask,
  'notification.send': ofNotification,
} as const satisfies Record<string, z.ZodType>

export type EventName = keyof typeof eventPayloads
export type TaskEventName = Exclude<EventName, 'notification.send'>

export const topicOf = (name: EventName): Topic =>
  name === 'notification.send' ? topics.notifications : topics.tasks

/** The service that made the change: the `source` of the CloudEvent is `/todo/<service>`. */
export type Service = 'server' | 'notifier' | 'recurrer'

/**
 * One committed event on its way to the bus. `eventId` is the CloudEvent's id and the consumers' key for repeats,
 * `subject` the task's id, the partition key. `data` is the payload as above.
 */
export type EventRecord = {
  eventId: string
  type: string
  source: string
  subject: string
  time: string
  traceparent: string | null
  data: Record<string, unknown>
}
