import { defaultPreferences, Preferences, type preferencesRoutes } from '../../shared/api/preferences.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import { findPreferences, storePreferences } from './repository.ts'

export const preferencesHandlers = (deps: Deps): Handlers<typeof preferencesRoutes> => ({
  'GET /api/{user_id}/preferences': async ({ userId }) => {
    const stored = await findPreferences(deps.db, userId)
    const preferences = stored ? Preferences.parse(stored.preferences) : defaultPreferences
    return { status: 200, json: JSON.stringify(preferences), version: stored?.version ?? 0 }
  },

  'PUT /api/{user_id}/preferences': async ({ userId, body }) => ({
    status: 200,
    version: await storePreferences(deps.db, userId, body),
    json: JSON.stringify(body),
  }),
})
