import * as z from 'zod'
import { Id, Instant, page, pageQuery } from './common.ts'
import { eventExample } from './examples.ts'
import type { Routes } from './route.ts'
import { Task } from './task.ts'

/** One committed change of a task: `data` is the task after it, `previous` before it (null when it was created). */
export const TaskEvent = z
  .object({
    id: Id,
    event_id: z.uuid(),
    event_type: z.string(),
    task_id: Id,
    user_id: z.uuid(),
    timestamp: Instant,
    version: z.int().min(1),
    source: z.string(),
    data: Task,
    previous: Task.nullable(),
  })
  .meta({ id: 'TaskEvent', examples: [eventExample] })
export type TaskEvent = z.infer<typeof TaskEvent>

/** An event's id in a query; 0 stands before the first. */
const EventId = z.coerce
  .number({ error: 'is not a number' })
  .pipe(z.int({ error: 'is not a whole number' }).min(0, { error: 'is negative' }))

export const EventQuery = z.strictObject({
  ...pageQuery,
  task_id: z.coerce.number({ error: 'is not a number' }).pipe(Id).optional(),
  after: EventId.optional(),
  sort: z.enum(['id', '-id'], { error: 'is not id or -id' }).optional(),
})
export type EventQuery = z.infer<typeof EventQuery>

export const eventRoutes = {
  'GET /api/{user_id}/events': {
    summary:
      'Read the history, oldest first (sort=-id: newest); as text/event-stream: go on with what happens next',
    access: 'tasks:read',
    query: EventQuery,
    stream: TaskEvent,
    answers: { 200: page(TaskEvent) },
  },
} as const satisfies Routes
