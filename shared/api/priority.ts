import * as z from 'zod'
import { priorityNames } from '../priorities.ts'
import { suggest } from '../suggest.ts'
import { Color, Id, page, pageQuery } from './common.ts'
import type { Routes } from './route.ts'

export const Priority = z
  .object({ id: Id, name: z.string(), level: z.int().min(1).max(5), color: Color })
  .meta({ id: 'Priority' })
export type Priority = z.infer<typeof Priority>

/** A priority by name, in any case; its value is the id. */
export const PriorityName = z
  .string()
  .refine((name) => priorityIdOf(name) !== undefined, {
    error: ({ input }) => {
      const near = suggest(String(input), priorityNames)
      return `is not a priority; ${near ? `did you mean ${near}?` : `there are ${priorityNames.join(', ')}`}`
    },
    params: { code: 'not_found' },
  })
  .meta({ enum: [...priorityNames] })
  .transform((name) => priorityIdOf(name)!)

export function priorityIdOf(name: string): number | undefined {
  const index = (priorityNames as readonly string[]).indexOf(name.toLowerCase())
  return index < 0 ? undefined : index + 1
}

export const priorityRoutes = {
  'GET /api/priorities': {
    summary: 'List the priorities, lowest first',
    access: 'tasks:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Priority) },
  },
} as const satisfies Routes
