import { z } from 'zod'
import { Color, Id, page, pageQuery } from './common.ts'
import type { Routes } from './route.ts'

export const Priority = z
  .object({ id: Id, name: z.string(), level: z.int().min(1).max(5), color: Color })
  .meta({ id: 'Priority' })
export type Priority = z.infer<typeof Priority>

export const priorityRoutes = {
  'GET /api/priorities': {
    summary: 'List the priorities, lowest first',
    access: 'tasks:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Priority) },
  },
} as const satisfies Routes
