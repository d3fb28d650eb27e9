import { type Context, Hono } from 'hono'
import { channelRoutes } from '../shared/api/channel.ts'
import { deliveryRoutes } from '../shared/api/delivery.ts'
import { preferencesRoutes } from '../shared/api/preferences.ts'
import { priorityRoutes } from '../shared/api/priority.ts'
import type { RouteKey } from '../shared/api/route.ts'
import { tagRoutes } from '../shared/api/tag.ts'
import { taskRoutes } from '../shared/api/task.ts'
import { AppError } from '../shared/errors.ts'
import { channelHandlers } from './channels/routes.ts'
import { deliveryHandlers } from './deliveries/routes.ts'
import type { Deps } from './deps.ts'
import { mountMailFeedback } from './mail-feedback/routes.ts'
import { mount, mountMethodNotAllowed } from './mount.ts'
import { preferencesHandlers } from './preferences/routes.ts'
import { priorityHandlers } from './priorities/routes.ts'
import { toProblem } from './problem.ts'
import { tagHandlers } from './tags/routes.ts'
import { taskHandlers } from './tasks/routes.ts'
import { mountUnsubscribe, unsubscribeKeys } from './unsubscribe/routes.ts'

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

  mount(app, deps, priorityRoutes, priorityHandlers(deps))
  mount(app, deps, tagRoutes, tagHandlers(deps))
  mount(app, deps, taskRoutes, taskHandlers(deps))
  mount(app, deps, channelRoutes, channelHandlers(deps))
  mount(app, deps, preferencesRoutes, preferencesHandlers(deps))
  mount(app, deps, deliveryRoutes, deliveryHandlers(deps))
  mountUnsubscribe(app, deps)
  const feedbackKey = deps.notifications?.sendgridPublicKey
  if (feedbackKey) mountMailFeedback(app, deps, feedbackKey)
  const tables = [priorityRoutes, tagRoutes, taskRoutes, channelRoutes, preferencesRoutes, deliveryRoutes]
  mountMethodNotAllowed(app, [
    ...tables.flatMap((routes) => Object.keys(routes) as RouteKey[]),
    ...unsubscribeKeys,
  ])
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
