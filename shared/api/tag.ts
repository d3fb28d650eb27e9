import * as z from 'zod'
import { Color, Id, Instant, page, pageQuery, requiredText, WriteQuery } from './common.ts'
import { newTagExample, tagExample } from './examples.ts'
import type { Routes } from './route.ts'

/** NFC, because two spellings of one name must be one tag. White space would break `+tag` and the piped list. */
export const TagName = requiredText(50)
  .transform((name) => name.trim().normalize('NFC'))
  .refine((name) => !/[\s,]/u.test(name), { error: 'contains white space or a comma' })

export const Tag = z
  .object({
    id: Id,
    name: z.string(),
    color: Color.nullable(),
    task_count: z.int(),
    version: z.int().min(1),
    created_at: Instant,
  })
  .meta({ id: 'Tag', examples: [tagExample] })
export type Tag = z.infer<typeof Tag>

export const NewTag = z
  .strictObject({ name: TagName, color: Color.nullish() })
  .meta({ id: 'NewTag', override: { examples: [newTagExample] } })
export type NewTag = z.infer<typeof NewTag>

export const tagRoutes = {
  'GET /api/{user_id}/tags': {
    summary: 'List tags by name, with the number of open tasks of each',
    access: 'tags:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Tag) },
  },
  'POST /api/{user_id}/tags': {
    summary: 'Create a tag',
    access: 'tags:write',
    query: WriteQuery,
    body: NewTag,
    answers: { 201: Tag },
  },
  'GET /api/{user_id}/tags/{id}': { summary: 'Read a tag', access: 'tags:read', answers: { 200: Tag } },
  'PUT /api/{user_id}/tags/{id}': {
    summary: 'Rename or recolour a tag',
    access: 'tags:write',
    query: WriteQuery,
    body: NewTag,
    answers: { 200: Tag },
  },
  'DELETE /api/{user_id}/tags/{id}': {
    summary: 'Delete a tag; its tasks stay',
    access: 'tags:write',
    query: WriteQuery,
    answers: { 204: null },
  },
} as const satisfies Routes
