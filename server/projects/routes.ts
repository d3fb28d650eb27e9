import type { projectRoutes } from '../../shared/api/project.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { listProjects } from './repository.ts'

const bind = bindOf('projects')

export const projectHandlers = (deps: Deps): Handlers<typeof projectRoutes> => ({
  'GET /api/{user_id}/projects': async ({ c, userId, query }) => {
    const limit = query.limit ?? 50
    const after = readCursor(query.cursor, bind)?.key ?? ''
    const found = await listProjects(deps.db, userId, after, limit + 1)
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: items.at(-1)!.name, id: 0 }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },
})
