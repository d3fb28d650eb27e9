import type { ChannelWithSecret, channelRoutes } from '../../shared/api/channel.ts'
import { changeOf } from '../change.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply, type Reply } from '../reply.ts'
import { findChannel, listChannels } from './repository.ts'
import { createChannel, patchChannel, removeChannel, rotateSecret, testChannel } from './service.ts'

export const channelHandlers = (deps: Deps): Handlers<typeof channelRoutes> => ({
  'GET /api/{user_id}/channels': async ({ c, userId, query }) => {
    const bind = bindOf('channels')
    const limit = query.limit ?? 50
    const found = await listChannels(deps.db, userId, readCursor(query.cursor, bind)?.id ?? 0, limit + 1)
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },

  'POST /api/{user_id}/channels': async (request) => {
    const channel = await createChannel(deps, changeOf(request), request.body)
    return {
      ...channelReply(channel),
      status: 201,
      location: `/api/${request.userId}/channels/${channel.id}`,
    }
  },

  'GET /api/{user_id}/channels/{id}': async ({ userId, id }) => {
    const channel = await findChannel(deps.db, userId, id)
    if (channel === undefined) throw notFound(`Channel ${id}`)
    return channelReply(channel)
  },

  'PATCH /api/{user_id}/channels/{id}': async (request) =>
    channelReply(await patchChannel(deps, changeOf(request), request.id, request.body)),

  'DELETE /api/{user_id}/channels/{id}': async (request) => {
    await removeChannel(deps, changeOf(request), request.id)
    return { status: 204 }
  },

  'POST /api/{user_id}/channels/{id}/test': async (request) => ({
    status: 202,
    json: JSON.stringify(await testChannel(deps, changeOf(request), request.id)),
  }),

  'POST /api/{user_id}/channels/{id}/secret': async (request) =>
    channelReply(await rotateSecret(deps, changeOf(request), request.id)),
})

const channelReply = (channel: ChannelWithSecret): Reply => ({
  status: 200,
  json: JSON.stringify(channel),
  version: channel.version,
})
