import type { deliveryRoutes } from '../../shared/api/delivery.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { findDelivery, listDeliveries, requestReplay } from './repository.ts'

export const deliveryHandlers = (deps: Deps): Handlers<typeof deliveryRoutes> => ({
  'GET /api/{user_id}/deliveries': async ({ c, userId, query }) => {
    const { limit = 50, cursor, ...filter } = query
    const bind = bindOf('deliveries', filter)
    const before = readCursor(cursor, bind)?.id ?? null
    const found = await listDeliveries(deps.db, userId, query, before, limit + 1)
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },

  'GET /api/{user_id}/deliveries/{id}': async ({ userId, id }) => {
    const delivery = await findDelivery(deps.db, userId, id)
    if (delivery === undefined) throw notFound(`Delivery ${id}`)
    return { status: 200, json: JSON.stringify(delivery) }
  },

  'POST /api/{user_id}/deliveries/{id}/replay': async ({ userId, id, within }) => {
    const sql = within ?? deps.db
    const delivery = await findDelivery(deps.db, userId, id)
    if (delivery === undefined) throw notFound(`Delivery ${id}`)
    await requestReplay(sql, userId, delivery)
    deps.notifications?.onRequest?.()
    return { status: 202, json: JSON.stringify((await findDelivery(sql, userId, id))!) }
  },
})
