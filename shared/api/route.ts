import type * as z from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RouteKey = `${Method} /${string}`

/** What an API token may be allowed to do. A signed-in person and the local user may do everything. */
export const scopes = [
  'tasks:read',
  'tasks:write',
  'tags:read',
  'tags:write',
  'recurring:read',
  'recurring:write',
  'notify:read',
  'notify:write',
] as const
export type Scope = (typeof scopes)[number]

/**
 * Who may call: `open` = anybody, `session` = a signed-in person but never an API token, else the scope that an
 * API token needs.
 */
export type Access = 'open' | 'session' | Scope

/**
 * One operation of the contract. The server mounts it, the client is typed by it, OpenAPI is printed from it.
 * `answers` maps each success status to the schema of its body; null stands for an empty body.
 */
export type Route = {
  summary: string
  access: Access
  query?: z.ZodType
  body?: z.ZodType
  /** What the API's description shows, where a handler validates parts of the body by itself. */
  documentedBody?: z.ZodType
  /** What NDJSON may carry in place of the JSON body: its lines are the list of this name, in a body of this shape. */
  lines?: { name: string; body: z.ZodType }
  /** Each line of an NDJSON body that the handler reads as it comes. */
  lineIn?: z.ZodType
  /** May take as long as its body is long, or as what it takes back. */
  takesLong?: true
  /** No body at all stands for `{}`. */
  bodyOptional?: boolean
  /** Its statement keeps the answer under an Idempotency-Key by itself; the answer holds no secret. */
  keptByStatement?: true
  /** The body holds a password, so no Idempotency-Key makes us keep even a hash of it. */
  neverKept?: boolean
  /** The data of each event where the route also answers with Accept: text/event-stream. */
  stream?: z.ZodType
  /** One line where the route answers with NDJSON: on Accept, or always when it is the answer itself. */
  line?: z.ZodType
  answers: Record<number, z.ZodType | null>
}

export type Routes = Record<RouteKey, Route>

type Names<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never
type PathOf<Key> = Key extends `${Method} ${infer Path}` ? Path : never

export type Params<Key> = Record<Names<PathOf<Key>>, string | number>
export type Query<R> = R extends { query: infer Q extends z.ZodType } ? z.input<Q> : undefined
export type Body<R> = R extends { body: infer B extends z.ZodType } ? z.input<B> : undefined
export type Answer<R> = R extends { answers: infer A }
  ? { [S in keyof A]: A[S] extends z.ZodType ? z.output<A[S]> : null }[keyof A]
  : never
