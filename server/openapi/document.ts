import * as z from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiParameterObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { Problem } from '../../shared/api/common.ts'
import type { Method, Route, RouteKey, Routes } from '../../shared/api/route.ts'
import { scopes } from '../../shared/api/route.ts'
import { servicePaths } from './service-paths.ts'

export type Document = ReturnType<typeof createDocument>

/** OpenAPI 3.1 of the routes that are mounted, printed from the schemas that validate them. */
export const buildDocument = (routes: Routes): Document =>
  createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'todo',
        version: '1',
        description:
          'JSON in snake_case; times are RFC 3339, answered in UTC. Unknown fields in requests are refused, unknown ' +
          'fields in answers are to be ignored. `me` may stand for your own user id.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/' }],
      tags: [...new Set(Object.keys(routes).map(tagOf)), 'service'].map((name) => ({
        name,
        description: tagTexts[name] ?? `Everything about ${name}`,
      })),
      paths: { ...pathsOf(routes), ...servicePaths },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: `An access token of a session, or an API token with the scopes it needs: ${scopes.join(', ')}.`,
          },
        },
        responses: problemResponses,
      },
    },
    {
      override: ({ jsonSchema, io }) => {
        // Answers may gain fields, so their schemas stay open.
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties
        // The pattern says in three lines what the format says in a word.
        if (jsonSchema.format === 'date' || jsonSchema.format === 'date-time') delete jsonSchema.pattern
      },
    },
  )

const tagTexts: Record<string, string> = {
  auth: 'Accounts and signing in',
  sessions: 'Where you are signed in',
  tokens: 'API tokens for scripts',
  tasks: 'What there is to do',
  tags: 'Labels of tasks',
  priorities: 'The four priorities',
  undo: 'Taking changes back and bringing them again',
  events: 'The history, and the live stream of what happens',
  channels: 'Where notifications go',
  preferences: 'Which notifications go where, and when not',
  deliveries: 'What was sent, and what became of it',
  'recurring-tasks': 'Templates that make tasks by the clock',
  service: 'For those who run it',
}

function pathsOf(routes: Routes): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const [key, route] of Object.entries(routes) as [RouteKey, Route][]) {
    const [method, path] = key.split(' ') as [Method, string]
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(method, path, route, routes) }
  }
  return paths
}

function operationOf(method: Method, path: string, route: Route, routes: Routes): ZodOpenApiOperationObject {
  const open = route.access === 'open'
  const scoped = !open && route.access !== 'session'
  return {
    operationId: operationIdOf(method, path),
    summary: route.summary,
    tags: [tagOf(`${method} ${path}`)],
    security: open ? [] : [{ bearer: scoped ? [route.access as string] : [] }],
    parameters: [...pathParameters(path), ...headerParameters(method, route)],
    ...(route.query && { requestParams: { query: route.query as z.ZodObject } }),
    ...((route.body ?? route.lineIn) && { requestBody: bodyOf(method, route) }),
    responses: responsesOf(method, path, route, `GET ${path}/{id}` in routes),
  }
}

/** `/api/{user_id}/tasks/{id}/complete` belongs to `tasks`, `/api/auth/login` to `auth`. */
const tagOf = (key: string): string => {
  const [, name = 'service'] = /\/api\/(?:\{user_id\}\/)?([a-z-]+)/.exec(key) ?? []
  return name === 'redo' ? 'undo' : name
}

/** `GET /api/{user_id}/tasks/{id}` becomes `getTasksById`. */
const operationIdOf = (method: Method, path: string): string =>
  method.toLowerCase() +
  path
    .replace('/api/', '')
    .replace('{user_id}/', '')
    .split(/[/-]/)
    .map((part) => (part.startsWith('{') ? `By${upperFirst(part.slice(1, -1))}` : upperFirst(part)))
    .join('')

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function pathParameters(path: string): ZodOpenApiParameterObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    in: 'path',
    name: name!,
    required: true,
    ...(name === 'user_id'
      ? { description: 'Your own id, or `me`', schema: { type: 'string' } }
      : { schema: { type: 'integer', minimum: 1 } }),
  }))
}

const isList = ({ answers }: Route): boolean => {
  const schema = answers[200]
  return schema instanceof z.ZodObject && 'next_cursor' in schema.shape
}

const header = (name: string, description: string): ZodOpenApiParameterObject => ({
  in: 'header',
  name,
  description,
  schema: { type: 'string' },
})

function headerParameters(method: Method, route: Route): ZodOpenApiParameterObject[] {
  if (route.access === 'open') return []
  if (route.stream)
    return [header('Last-Event-ID', 'For a stream: go on after this event; 0 is the beginning')]
  if (method === 'POST') {
    return [header('Idempotency-Key', 'A repeat within a day gets the first answer and has no second effect')]
  }
  if (isList(route)) return []
  return method === 'GET'
    ? [header('If-None-Match', 'An ETag that you have; 304 when it is still good')]
    : [header('If-Match', 'The ETag of what you mean to change; 412 when it was changed meanwhile')]
}

function bodyOf(method: Method, route: Route) {
  if (route.lineIn) return { required: true, content: linesContent(route.lineIn) }
  const schema = route.documentedBody ?? route.body!
  const lines = route.lines && linesContent(z.object({}).describe('One of them'))
  const content = { 'application/json': { schema }, ...lines }
  return {
    required: route.bodyOptional !== true,
    content: method === 'PATCH' ? { ...content, 'application/merge-patch+json': { schema } } : content,
  }
}

const etag = { ETag: { description: 'The version', schema: { type: 'string' } } } as const
const location = { Location: { description: 'Where it is', schema: { type: 'string' } } } as const
const link = { Link: { description: 'The next page', schema: { type: 'string' } } } as const

function responsesOf(
  method: Method,
  path: string,
  route: Route,
  readable: boolean,
): ZodOpenApiResponsesObject {
  const responses: Record<string, unknown> = {}
  for (const [status, schema] of Object.entries(route.answers)) {
    const headers = {
      ...((status === '201' ? readable : !isList(route)) && etag),
      ...(status === '201' && route.access !== 'open' && location),
      ...(isList(route) && link),
    }
    responses[status] = {
      description: schema === null ? 'Done' : route.summary,
      ...(schema !== null && { headers, content: contentOf(route, schema) }),
    }
  }
  if (method === 'GET' && !isList(route)) responses['304'] = { description: 'Not changed', headers: etag }
  for (const status of failuresOf(method, path, route)) {
    responses[status] = { $ref: `#/components/responses/Problem${status}` }
  }
  return responses as ZodOpenApiResponsesObject
}

const linesContent = (line: z.ZodType) => ({ 'application/x-ndjson': { schema: line } })

function contentOf(route: Route, schema: z.ZodType) {
  if (route.line === schema) return linesContent(schema)
  const events = { type: 'string', description: 'Server-Sent Events; `data` of each is one item' } as const
  return {
    'application/json': { schema },
    ...(route.stream && { 'text/event-stream': { schema: events } }),
    ...(route.line && linesContent(route.line)),
  }
}

const failures = {
  400: 'Malformed: no JSON, or a cursor of another list',
  401: 'No token, or one that is not valid',
  403: 'The token has not the scope that this needs',
  404: 'Does not exist, or belongs to somebody else',
  405: 'Another method is meant; see Allow',
  409: 'In conflict with what is there, or with a request that is still running',
  412: 'If-Match does not hold',
  413: 'The body is larger than 1 MB',
  415: 'The body is not JSON, or it is encoded',
  422: 'Understood and refused; every fault at once',
  429: 'Too many requests; see Retry-After',
  503: 'Not now; see Retry-After',
} as const

const problemResponses = Object.fromEntries(
  Object.entries(failures).map(([status, description]) => [
    `Problem${status}`,
    {
      description,
      ...((status === '429' || status === '503') && {
        headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' as const } } },
      }),
      content: { 'application/problem+json': { schema: Problem } },
    },
  ]),
)

function failuresOf(method: Method, path: string, route: Route): (keyof typeof failures)[] {
  const open = route.access === 'open'
  const writes = method !== 'GET'
  // An Idempotency-Key may be none, or belong to another request.
  const keyed = method === 'POST' && !open
  return [
    ...(route.body || route.query || keyed ? ([400] as const) : []),
    ...(open && method !== 'POST' ? [] : ([401, 403] as const)),
    ...(path.includes('{') ? ([404] as const) : []),
    ...(writes ? ([409] as const) : []),
    ...(writes && method !== 'POST' ? ([412] as const) : []),
    ...(route.body || route.lineIn ? ([413, 415] as const) : []),
    ...(route.body || route.query || keyed ? ([422] as const) : []),
    429,
    503,
  ]
}
