import * as z from 'zod'
import { Id, WriteQuery } from './common.ts'
import type { Routes } from './route.ts'
import { Task } from './task.ts'

export const UndoBody = z
  .strictObject({
    count: z.int().min(1, { error: 'is less than 1' }).max(100, { error: 'is more than 100' }).optional(),
  })
  .meta({ id: 'UndoBody' })

/** `event_type` is what was taken back or brought again; `task` is as it is now, or as it was when it is deleted. */
export const Reverted = z.object({ event_type: z.string(), task_id: Id, task: Task }).meta({ id: 'Reverted' })
export type Reverted = z.infer<typeof Reverted>

export const undoRoutes = {
  'POST /api/{user_id}/undo': {
    summary: 'Take back the last changes, one request each, newest first',
    access: 'tasks:write',
    query: WriteQuery,
    body: UndoBody,
    bodyOptional: true,
    takesLong: true,
    answers: { 200: z.object({ undone: z.array(Reverted) }) },
  },
  'POST /api/{user_id}/redo': {
    summary: 'Bring the last undone changes again',
    access: 'tasks:write',
    query: WriteQuery,
    body: UndoBody,
    bodyOptional: true,
    takesLong: true,
    answers: { 200: z.object({ redone: z.array(Reverted) }) },
  },
} as const satisfies Routes
