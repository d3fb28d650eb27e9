import type { statsRoutes } from '../../shared/api/stats.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { readStats } from './repository.ts'

const usualDays = 30

export const statsHandlers = (deps: Deps): Handlers<typeof statsRoutes> => ({
  'GET /api/{user_id}/stats': async ({ userId, query }) => {
    const { days = usualDays, time_zone: zone = 'UTC', project } = query
    return { status: 200, json: await readStats(deps.db, userId, { days, zone, project }) }
  },
})
