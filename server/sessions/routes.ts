import type { sessionRoutes } from '../../shared/api/session.ts'
import type { Accounts } from '../auth.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { endSession, listSessions } from './repository.ts'

export const sessionHandlers = (deps: Deps, accounts: Accounts): Handlers<typeof sessionRoutes> => ({
  'GET /api/{user_id}/sessions': async ({ c, userId, principal, query }) => {
    const bind = bindOf('sessions')
    const limit = query.limit ?? 50
    const after = readCursor(query.cursor, bind)?.id ?? 0
    const found = await listSessions(deps.db, userId, principal.sessionId ?? null, {
      after,
      limit: limit + 1,
    })
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },

  'DELETE /api/{user_id}/sessions/{id}': async ({ userId, id }) => {
    if (!(await endSession(deps.db, userId, id))) throw notFound(`Session ${id}`)
    accounts.forgetSessions([id])
    return { status: 204 }
  },
})
