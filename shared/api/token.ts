import * as z from 'zod'
import { Id, Instant, page, pageQuery, requiredText } from './common.ts'
import { type Routes, scopes } from './route.ts'

export const ApiToken = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    expires_at: Instant,
    created_at: Instant,
    last_used_at: Instant.nullable().meta({ description: 'To the minute' }),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof ApiToken>

/** The only answer that holds the token itself. */
export const MadeApiToken = ApiToken.extend({ token: z.string() }).meta({ id: 'MadeApiToken' })
export type MadeApiToken = z.infer<typeof MadeApiToken>

export const NewApiToken = z
  .strictObject({
    name: requiredText(100).transform((name) => name.trim()),
    scopes: z
      .array(z.enum(scopes, { error: `is not one of ${scopes.join(', ')}` }))
      .min(1, { error: 'is empty; name at least one scope' })
      .max(50)
      .transform((given) => scopes.filter((scope) => given.includes(scope))),
    expires_at: Instant.refine((at) => Date.parse(at) > Date.now(), {
      error: 'is not in the future',
      params: { code: 'past' },
    }),
  })
  .meta({ id: 'NewApiToken' })
export type NewApiToken = z.infer<typeof NewApiToken>

export const tokenRoutes = {
  'GET /api/{user_id}/tokens': {
    summary: 'List your API tokens, oldest first',
    access: 'session',
    query: z.strictObject(pageQuery),
    answers: { 200: page(ApiToken) },
  },
  'POST /api/{user_id}/tokens': {
    summary: 'Make an API token; it is shown this once',
    access: 'session',
    body: NewApiToken,
    answers: { 201: MadeApiToken },
  },
  'DELETE /api/{user_id}/tokens/{id}': {
    summary: 'Revoke an API token',
    access: 'session',
    answers: { 204: null },
  },
} as const satisfies Routes
