import type { countRoutes } from '../../shared/api/count.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { countTasks } from './repository.ts'

export const countHandlers = (deps: Deps): Handlers<typeof countRoutes> => ({
  'GET /api/{user_id}/counts': async ({ userId, query }) => {
    const { filter: filters, within, time_zone: zone } = query
    const counts = await countTasks(deps.db, userId, { filters, within, zone })
    return { status: 200, json: JSON.stringify({ counts }) }
  },
})
