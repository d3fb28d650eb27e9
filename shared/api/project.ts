import * as z from 'zod'
import { page, pageQuery } from './common.ts'
import type { Routes } from './route.ts'

/** A project is what its tasks name; it has no life of its own. */
export const Project = z.object({ name: z.string(), task_count: z.int() }).meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

export const projectRoutes = {
  'GET /api/{user_id}/projects': {
    summary: 'List the projects of open tasks by name, with the number of them',
    access: 'tasks:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Project) },
  },
} as const satisfies Routes
