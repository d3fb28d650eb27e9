import * as z from 'zod'
import { Id, Instant, page, pageQuery } from './common.ts'
import type { Routes } from './route.ts'

export const Session = z
  .object({
    id: Id,
    current: z.boolean().meta({ description: 'The session of this request' }),
    address: z.string().nullable(),
    user_agent: z.string(),
    created_at: Instant,
    last_used_at: Instant.meta({ description: 'Of the last renewal, so up to 15 minutes behind' }),
    expires_at: Instant,
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const sessionRoutes = {
  'GET /api/{user_id}/sessions': {
    summary: 'List where you are signed in, oldest first',
    access: 'session',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Session) },
  },
  'DELETE /api/{user_id}/sessions/{id}': {
    summary: 'Sign out elsewhere',
    access: 'session',
    answers: { 204: null },
  },
} as const satisfies Routes
