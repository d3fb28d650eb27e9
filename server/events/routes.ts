import type { eventRoutes } from '../../shared/api/event.ts'
import { AppError } from '../../shared/errors.ts'
import { asksFor } from '../accept.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import type { Handlers, Request } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { createHub } from './hub.ts'
import { listEvents, newestEvent } from './repository.ts'
import { openStream } from './stream.ts'

type Route = (typeof eventRoutes)['GET /api/{user_id}/events']

export const eventHandlers = (deps: Deps): Handlers<typeof eventRoutes> => {
  const hub = createHub(deps)
  return {
    'GET /api/{user_id}/events': async (request) => {
      const { c, userId, query } = request
      const taskId = query.task_id ?? null
      if (c.req.method === 'GET' && asksFor(c, 'text/event-stream')) {
        const after = lastSeen(request) ?? (await newestEvent(deps.db, userId))
        return openStream(deps, hub, request as Request, { userId, after, taskId })
      }
      const newestFirst = query.sort === '-id'
      const bind = bindOf('events', taskId, query.after, newestFirst)
      const limit = query.limit ?? 50
      const at = readCursor(query.cursor, bind)?.id ?? null
      const after = (newestFirst ? null : at) ?? query.after ?? 0
      const span = { after, before: newestFirst ? at : null, taskId, newestFirst }
      const found = await listEvents(deps.db, userId, span, limit + 1)
      const items = found.slice(0, limit)
      const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
      return pageReply(c.req.url, `[${items.map((one) => one.item).join(',')}]`, next)
    },
  }
}

/** Where the client left off; null for "from now on". A client that connects again sends the header by itself. */
function lastSeen({ c, query }: Request<Route>): number | null {
  const header = c.req.header('last-event-id')
  if (header === undefined || header === '') return query.after ?? null
  if (!/^\d{1,15}$/.test(header)) {
    throw new AppError('malformed', 'The Last-Event-ID is not an id of this stream.', {
      hint: 'Send the last `id:` that you got, or 0 for everything.',
    })
  }
  return Number(header)
}
