import { type Context, Hono } from 'hono'
import type { RouteKey } from '../shared/api/route.ts'
import { AppError } from '../shared/errors.ts'
import { createReadyNote } from '../shared/ready-note.ts'
import { noTracing, type Span, type Tracing } from '../shared/tracing.ts'
import type { Deps } from './deps.ts'
import { standardHeaders } from './headers.ts'
import { createMetrics, type Metrics, mountMetrics } from './metrics.ts'
import { givenTraceparent, mountMethodNotAllowed } from './mount.ts'
import { mountDescription } from './openapi/routes.ts'
import { toProblem } from './problem.ts'
import { answerReadiness } from './readiness.ts'
import { mountResources } from './resources.ts'

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string
    /** What happens inside the request belongs to this W3C trace. */
    traceparent: string | null
    /** What is left of the caller's requests this minute. */
    rate: { limit: number; left: number; resetSec: number } | undefined
    /** The answer has its standard headers already. */
    isFinished: boolean | undefined
  }
}

/** The HTTP API as a function from Request to Response. No I/O happens before the first request. */
export function createApp(deps: Deps): Hono {
  const app = new Hono()
  const metrics = createMetrics(deps)
  const { tracing = noTracing } = deps
  app.use(async (c, next) => {
    c.set('requestId', requestIdOf(c))
    const started = performance.now()
    const span = beginSpan(tracing, c)
    await next()
    // Each time it is asked for, a list of all routes that match is made.
    const route = c.req.routePath
    if (tracing.isOn) endSpan(span, c, route)
    finish(c, deps)
    observe(deps, metrics, c, route, performance.now() - started)
  })
  app.onError((error, c) => answerProblem(deps, c, error))
  app.notFound((c) =>
    answerProblem(
      deps,
      c,
      new AppError('not_found', 'There is nothing here.', { hint: 'The API is described at /openapi.json.' }),
    ),
  )

  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  const tellReady = createReadyNote(deps.log)
  app.get('/readyz', async (c) => {
    const answer = await answerReadiness(deps, c)
    tellReady()
    return answer
  })

  mountMetrics(app, deps, metrics)
  mountDescription(app, mountResources(app, deps))
  mountMethodNotAllowed(app, servicePaths)
  return app
}

const servicePaths: RouteKey[] = [
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'GET /openapi.json',
  'GET /docs',
]

/** The route and never the path: a path may hold a token, and there are as many as there are ids. */
function observe(deps: Deps, metrics: Metrics, c: Context, route: string, ms: number): void {
  const { method } = c.req
  const { status } = c.res
  metrics.observe(method, route, status, ms / 1000)
  // What is undefined is not written.
  const fields = {
    request_id: c.get('requestId'),
    trace_id: traceIdOf(c),
    method,
    route,
    status,
    ms: Math.round(ms * 10) / 10,
  }
  deps.log[route.startsWith('/api/') ? 'info' : 'debug'](fields, 'answered')
}

function answerProblem(deps: Deps, c: Context, error: unknown): Response {
  const { problem, headers } = toProblem(error, c.get('requestId') ?? '')
  if (problem.status >= 500) {
    const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error
    const trace = traceIdOf(c)
    deps.log.error(
      {
        request_id: problem.request_id,
        ...(trace && { trace_id: trace }),
        route: c.req.routePath,
        err: cause,
      },
      problem.detail,
    )
  }
  const allow = c.res.headers.get('allow')
  if (allow !== null) headers.set('allow', allow)
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

/** Ids are echoed into logs and events, so only harmless characters pass; anything else gets a new one. */
function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id')
  return given !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : crypto.randomUUID()
}

const traceIdOf = (c: Context): string | undefined => c.get('traceparent')?.slice(3, 35)

/** What asks for health and figures comes every second, and no trace of it helps anybody. */
const untraced = new Set(['/healthz', '/readyz', '/metrics'])

function beginSpan(tracing: Tracing, c: Context): Span {
  const parent = givenTraceparent(c)
  const used = untraced.has(c.req.path) ? noTracing : tracing
  const span = used.begin(c.req.method, { kind: 'server', parent })
  c.set('traceparent', span.traceparent)
  return span
}

function endSpan(span: Span, c: Context, route: string): void {
  const { method } = c.req
  const { status } = c.res
  span.end({
    name: `${method} ${route}`,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'todo.request.id': c.get('requestId'),
    },
    error: status >= 500 ? `answered ${status}` : undefined,
  })
}

/** For answers that came about elsewhere than in `mount`, which puts these headers on its own. */
function finish(c: Context, deps: Deps): void {
  if (c.get('isFinished') === true) return
  const { headers } = c.res
  const own = headers.get('cache-control')
  const standard = standardHeaders(c, deps.isHttps, headers.has('etag'))
  for (const [name, value] of Object.entries(standard)) headers.set(name, value)
  if (own !== null) headers.set('cache-control', own)
}
