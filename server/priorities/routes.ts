import type { priorityRoutes } from '../../shared/api/priority.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { listPriorities } from './repository.ts'

export const priorityHandlers = (deps: Deps): Handlers<typeof priorityRoutes> => ({
  'GET /api/priorities': async ({ c, query }) => {
    const bind = bindOf('priorities')
    const limit = query.limit ?? 50
    const found = await listPriorities(deps.db, readCursor(query.cursor, bind)?.id, limit + 1)
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },
})
