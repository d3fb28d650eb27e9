import type { Tag, tagRoutes } from '../../shared/api/tag.ts'
import { changeOf } from '../change.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply, type Reply } from '../reply.ts'
import { findTag, listTags } from './repository.ts'
import { createTag, removeTag, replaceTag } from './service.ts'

export const tagHandlers = (deps: Deps): Handlers<typeof tagRoutes> => ({
  'GET /api/{user_id}/tags': async ({ c, userId, query }) => {
    const bind = bindOf('tags')
    const limit = query.limit ?? 50
    const after = readCursor(query.cursor, bind)?.key ?? ''
    const found = await listTags(deps.db, userId, after, limit + 1)
    const items = found.slice(0, limit)
    const last = items.at(-1)
    const next = found.length > limit && last ? writeCursor(bind, { key: last.name, id: last.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },

  'POST /api/{user_id}/tags': async (request) => {
    const tag = await createTag(deps, changeOf(request), request.body)
    return { ...tagReply(tag), status: 201, location: `/api/${request.userId}/tags/${tag.id}` }
  },

  'GET /api/{user_id}/tags/{id}': async ({ userId, id }) => {
    const tag = await findTag(deps.db, userId, id)
    if (tag === undefined) throw notFound(`Tag ${id}`)
    return tagReply(tag)
  },

  'PUT /api/{user_id}/tags/{id}': async (request) =>
    tagReply(await replaceTag(deps, changeOf(request), request.id, request.body)),

  'DELETE /api/{user_id}/tags/{id}': async (request) => {
    await removeTag(deps, changeOf(request), request.id)
    return { status: 204 }
  },
})

/** The count is part of what a reader sees, though no part of what a writer changes (see `requireTagVersion`). */
const tagReply = (tag: Tag): Reply => ({
  status: 200,
  json: JSON.stringify(tag),
  etag: `"${tag.version}-${tag.task_count}"`,
})
