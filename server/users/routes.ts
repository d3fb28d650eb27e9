import type { User, userRoutes } from '../../shared/api/auth.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import type { Reply } from '../reply.ts'
import { findUser, updateUser } from './repository.ts'

export const userHandlers = (deps: Deps): Handlers<typeof userRoutes> => ({
  'GET /api/auth/me': async ({ userId }) => userReply(await findUser(deps.db, userId)),

  'PATCH /api/auth/me': async ({ userId, body }) => {
    const patch = {
      ...(body.name !== undefined && { name: body.name ?? '' }),
      ...(body.time_zone !== undefined && { time_zone: body.time_zone }),
    }
    return userReply(await updateUser(deps.db, userId, patch))
  },
})

function userReply(user: User | undefined): Reply {
  if (user === undefined) throw notFound('This user')
  return { status: 200, json: JSON.stringify(user) }
}
