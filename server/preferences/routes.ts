import { defaultPreferences, Preferences, type preferencesRoutes } from '../../shared/api/preferences.ts'
import { changeOf, transact } from '../change.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { requireVersion } from '../precondition.ts'
import { findPreferences, storePreferences } from './repository.ts'

export const preferencesHandlers = (deps: Deps): Handlers<typeof preferencesRoutes> => ({
  'GET /api/{user_id}/preferences': async ({ userId }) => {
    const stored = await findPreferences(deps.db, userId)
    const preferences = stored ? Preferences.parse(stored.preferences) : defaultPreferences
    return { status: 200, json: JSON.stringify(preferences), version: stored?.version ?? 0 }
  },

  'PUT /api/{user_id}/preferences': async (request) => {
    const change = changeOf(request)
    const version = await transact(deps, change, async (sql) => {
      const stored = await findPreferences(sql, change.userId)
      requireVersion(change.ifMatch, stored?.version ?? 0)
      return storePreferences(sql, change.userId, request.body)
    })
    return { status: 200, version, json: JSON.stringify(request.body) }
  },
})
