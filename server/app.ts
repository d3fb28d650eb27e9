import { type Context, Hono } from 'hono'
import { batchRoutes } from '../shared/api/batch.ts'
import { eventRoutes } from '../shared/api/event.ts'
import { priorityRoutes } from '../shared/api/priority.ts'
import type { RouteKey } from '../shared/api/route.ts'
import { tagRoutes } from '../shared/api/tag.ts'
import { taskRoutes } from '../shared/api/task.ts'
import { undoRoutes } from '../shared/api/undo.ts'
import { AppError } from '../shared/errors.ts'
import type { Deps } from './deps.ts'
import { eventHandlers } from './events/routes.ts'
import { mount, mountMethodNotAllowed } from './mount.ts'
import { priorityHandlers } from './priorities/routes.ts'
import { toProblem } from './problem.ts'
import { tagHandlers } from './tags/routes.ts'
import { batchHandlers, taskHandlers } from './tasks/routes.ts'
import { undoHandlers } from './undo/routes.ts'

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string
  }
}

/** The HTTP API as a function from Request to Response. No I/O happens before the first request. */
export function createApp(deps: Deps): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    c.set('requestId', requestIdOf(c))
    const started = performance.now()
    await next()
    finish(c)
    deps.log.debug(
      { request_id: c.get('requestId'), method: c.req.method, route: c.req.routePath, status: c.res.status },
      `answered in ${(performance.now() - started).toFixed(1)} ms`,
    )
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
  app.get('/readyz', (c) => ready(deps, c))

  // The batch's fixed path comes before `tasks/{id}`, or another method on it would be taken for an id.
  mount(app, deps, batchRoutes, batchHandlers(deps))
  mountMethodNotAllowed(app, Object.keys(batchRoutes) as RouteKey[])
  mount(app, deps, priorityRoutes, priorityHandlers(deps))
  mount(app, deps, tagRoutes, tagHandlers(deps))
  mount(app, deps, taskRoutes, taskHandlers(deps))
  mount(app, deps, undoRoutes, undoHandlers(deps))
  mount(app, deps, eventRoutes, eventHandlers(deps))
  const tables = [priorityRoutes, tagRoutes, taskRoutes, undoRoutes, eventRoutes]
  mountMethodNotAllowed(
    app,
    tables.flatMap((routes) => Object.keys(routes) as RouteKey[]),
  )
  return app
}

function answerProblem(deps: Deps, c: Context, error: unknown): Response {
  const { problem, headers } = toProblem(error, c.get('requestId') ?? '')
  if (problem.status >= 500) {
    const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error
    deps.log.error({ request_id: problem.request_id, route: c.req.routePath, err: cause }, problem.detail)
  }
  const allow = c.res.headers.get('allow')
  if (allow !== null) headers.set('allow', allow)
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}

async function ready(deps: Deps, c: Context): Promise<Response> {
  try {
    await deps.db`select 1`
    return c.json({ status: 'ready' })
  } catch {
    throw new AppError('unavailable', 'The database does not answer.', { hint: 'See the service log.' })
  }
}

/** Ids are echoed into logs and events, so only harmless characters pass; anything else gets a new one. */
function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id')
  return given !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : crypto.randomUUID()
}

function finish(c: Context): void {
  const headers = c.res.headers
  headers.set('x-request-id', c.get('requestId'))
  headers.set('x-content-type-options', 'nosniff')
  headers.set('x-frame-options', 'DENY')
  headers.set('vary', 'Authorization')
  if (!headers.has('cache-control'))
    headers.set('cache-control', headers.has('etag') ? 'private, no-cache' : 'no-store')
}
