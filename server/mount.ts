import type { Context, Hono } from 'hono'
import type * as z from 'zod'
import type { Method, Route, RouteKey, Routes } from '../shared/api/route.ts'
import type { Sql } from '../shared/db/connect.ts'
import { AppError, type FieldError } from '../shared/errors.ts'
import { isLines, readJson, readLines } from './body.ts'
import { withinDeadline } from './deadline.ts'
import type { Deps, Principal } from './deps.ts'
import { standardHeaders } from './headers.ts'
import { keptByStatement, keptOnce, type Once, onceOf } from './idempotency.ts'
import { isUnchanged } from './precondition.ts'
import { etagOf, type Reply } from './reply.ts'
import { check, refuse } from './validate.ts'

/** A validated request. `id` is the number in the path, where the path has one. */
export type Request<R = Route> = {
  c: Context
  principal: Principal
  userId: string
  id: number
  query: R extends { query: infer Q extends z.ZodType } ? z.output<Q> : undefined
  body: R extends { body: infer B extends z.ZodType } ? z.output<B> : undefined
  /** The caller's W3C trace, so that the event and its deliveries belong to it. */
  traceparent: string | null
  /** The transaction that an Idempotency-Key has begun; `transact` (change.ts) works in it. */
  within: Sql | null
  /** The Idempotency-Key of a route whose statement keeps the answer by itself. */
  once: Once | null
}

export type Handlers<T extends Routes> = {
  [K in keyof T]: (request: Request<T[K]>) => Promise<Reply | Response>
}

/** Mounts every route of a contract table. A missing handler does not compile. */
export function mount<T extends Routes>(app: Hono, deps: Deps, routes: T, handlers: Handlers<T>): void {
  for (const key of Object.keys(routes) as (RouteKey & keyof T)[]) {
    const [method, path] = key.split(' ') as [Method, string]
    const route: Route = routes[key]!
    const handle = handlers[key] as (request: Request) => Promise<Reply | Response>
    app.on(method, honoPath(path), async (c) => {
      const request = await receive(c, deps, route)
      const given = method === 'POST' ? onceKey(request, route) : undefined
      const once = given === undefined ? null : onceOf(key, given, request)
      const keep = route.keptByStatement ? keptByStatement : keptOnce
      const work = once === null ? handle(request) : keep(deps, once, request, handle)
      return toResponse(c, deps, await (route.takesLong ? work : withinDeadline(work, deps.deadlineMs)))
    })
  }
}

/** After all tables are mounted: a known path with another method answers 405 and says which would do. */
export function mountMethodNotAllowed(app: Hono, keys: RouteKey[]): void {
  const methods = Map.groupBy(keys, (key) => key.split(' ')[1]!)
  for (const [path, known] of methods) {
    const names = known.map((key) => key.split(' ')[0]!)
    const allow = [...names, ...(names.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
    app.all(honoPath(path), (c) => {
      c.header('allow', allow)
      if (c.req.method === 'OPTIONS') return c.body(null, 204)
      throw new AppError('method_not_allowed', `${c.req.method} is not allowed here.`, {
        hint: `Use ${allow}.`,
      })
    })
  }
}

/** A dry run has no effect to repeat, and who has not signed in has no keys. */
function onceKey({ c, query }: Request, route: Route): string | undefined {
  const asked = query as { dry_run?: string } | undefined
  if (route.access === 'open' || route.neverKept || asked?.dry_run === 'true') return undefined
  return c.req.header('idempotency-key')
}

const honoPath = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')

async function receive(c: Context, deps: Deps, route: Route): Promise<Request> {
  const principal =
    route.access === 'open' ? nobody : await withinDeadline(deps.authenticate(c), deps.deadlineMs)
  permit(principal, route)
  const userId = ownerOf(c, principal)
  const id = idOf(c)
  const faults: FieldError[] = []
  const query = route.query && check(route.query, queryOf(c, faults))
  const body = route.body && (await bodyOf(c, route, route.body))
  refuse([...faults, ...(query?.faults ?? []), ...(body?.faults ?? [])])
  return {
    c,
    principal,
    userId,
    id,
    query: query?.value as never,
    body: body?.value as never,
    traceparent: c.get('traceparent'),
    within: null,
    once: null,
  }
}

async function bodyOf(c: Context, route: Route, schema: z.ZodType) {
  if (isAbsent(c, route)) return check(schema, {})
  const { lines } = route
  if (lines === undefined || !isLines(c)) return check(schema, await readJson(c))
  return check(lines.body, { [lines.name]: await readLines(c) })
}

const isAbsent = (c: Context, route: Route): boolean =>
  route.bodyOptional === true && c.req.header('content-type') === undefined && hasNoBody(c)

const hasNoBody = (c: Context): boolean =>
  (c.req.header('content-length') ?? '0') === '0' && c.req.header('transfer-encoding') === undefined

const nobody: Principal = { userId: '', kind: 'session', scopes: [] }

function permit(principal: Principal, route: Route): void {
  if (route.access === 'open' || principal.kind !== 'api_token') return
  if (route.access !== 'session' && principal.scopes !== 'all' && principal.scopes.includes(route.access))
    return
  throw new AppError('forbidden', 'This token does not allow that.', {
    hint: route.access === 'session' ? 'Sign in with your password.' : `It needs the scope ${route.access}.`,
  })
}

export const notFound = (what = 'This') =>
  new AppError('not_found', `${what} does not exist.`, {
    hint: 'Check the id; `todo list` shows what there is.',
  })

/** `me` is the caller. Anybody else's id looks like one that does not exist. */
function ownerOf(c: Context, principal: Principal): string {
  const given = c.req.param('user_id')
  if (given === undefined || given === 'me' || given.toLowerCase() === principal.userId)
    return principal.userId
  throw notFound('This user')
}

function idOf(c: Context): number {
  const given = c.req.param('id')
  if (given === undefined) return 0
  if (!/^[1-9]\d{0,14}$/.test(given)) throw notFound()
  return Number(given)
}

/** Repeated parameters become lists; the schema says where a list is welcome. */
function queryOf(c: Context, faults: FieldError[]): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const [name, values] of Object.entries(c.req.queries())) {
    query[name] = values.length === 1 ? values[0]! : values
    if (!values.every((value) => value.isWellFormed() && !value.includes('\0'))) {
      faults.push({
        pointer: `/${name}`,
        code: 'invalid',
        message: 'contains a character that cannot be stored',
      })
    }
  }
  return query
}

/** Ids of zeros alone are none, by the standard. */
const isTraceparent = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/

/** The caller's, if it is one. */
export function givenTraceparent(c: Context): string | null {
  const given = c.req.header('traceparent') ?? ''
  return isTraceparent.test(given) ? given : null
}

/** Headers as a plain record are written as they are; a Headers object would cost as much as the whole routing. */
function toResponse(c: Context, deps: Deps, reply: Reply | Response): Response {
  if (reply instanceof Response) return reply
  const etag = etagOf(reply)
  const headers = standardHeaders(c, deps.isHttps, etag !== undefined)
  c.set('isFinished', true)
  Object.assign(headers, reply.headers)
  if (etag !== undefined) headers.etag = etag
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD'
  if (reads && etag && isUnchanged(c.req.header('if-none-match'), etag))
    return new Response(null, { status: 304, headers })
  if (reply.location !== undefined) headers.location = reply.location
  if (reply.json === undefined) return new Response(null, { status: reply.status, headers })
  headers['content-type'] = 'application/json'
  return new Response(reply.json, { status: reply.status, headers })
}
