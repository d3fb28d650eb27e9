import * as z from 'zod'
import type { ZodOpenApiPathsObject } from 'zod-openapi'

const text = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.string() } },
})
const status = (word: string) => ({
  description: word,
  content: { 'application/json': { schema: z.object({ status: z.literal(word) }) } },
})
const ready = {
  description: 'ready',
  content: {
    'application/json': {
      schema: z.object({
        status: z.literal('ready'),
        checks: z
          .record(z.string(), z.string())
          .optional()
          .meta({ description: 'What it stands on, by name; only the database decides about being ready' }),
      }),
    },
  },
}
const service = { tags: ['service'], security: [] as [] }
const unavailable = { $ref: '#/components/responses/Problem503' as const }
const otherMethod = { $ref: '#/components/responses/Problem405' as const }
const notChanged = { description: 'Not changed' }

/** What speaks to machines that look after the service; open to everybody, and without any data of a person. */
export const servicePaths: ZodOpenApiPathsObject = {
  '/healthz': {
    get: {
      ...service,
      operationId: 'getHealthz',
      summary: 'The process is alive',
      responses: { 200: status('ok'), 405: otherMethod },
    },
  },
  '/readyz': {
    get: {
      ...service,
      operationId: 'getReadyz',
      summary: 'The database answers, and what is wrong besides',
      responses: { 200: ready, 405: otherMethod, 503: unavailable },
    },
  },
  '/metrics': {
    get: {
      ...service,
      operationId: 'getMetrics',
      summary: 'Figures for Prometheus',
      responses: { 200: text('text/plain', 'Prometheus text format'), 405: otherMethod, 503: unavailable },
    },
  },
  '/openapi.json': {
    get: {
      ...service,
      operationId: 'getOpenapi',
      summary: 'This description',
      responses: {
        200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: z.looseObject({}) } } },
        304: notChanged,
        405: otherMethod,
      },
    },
  },
  '/docs': {
    get: {
      ...service,
      operationId: 'getDocs',
      summary: 'This description as a page',
      responses: { 200: text('text/html', 'A page'), 304: notChanged, 405: otherMethod },
    },
  },
}
