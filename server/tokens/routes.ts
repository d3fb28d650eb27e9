import type { MadeApiToken, tokenRoutes } from '../../shared/api/token.ts'
import { AppError } from '../../shared/errors.ts'
import { hashToken, randomToken } from '../auth/random-token.ts'
import { type Accounts, apiTokenPrefix } from '../auth.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply } from '../reply.ts'
import { deleteToken, insertToken, listTokens } from './repository.ts'

const mostTokens = 100

export const tokenHandlers = (deps: Deps, accounts: Accounts): Handlers<typeof tokenRoutes> => ({
  'GET /api/{user_id}/tokens': async ({ c, userId, query }) => {
    const bind = bindOf('tokens')
    const limit = query.limit ?? 50
    const found = await listTokens(deps.db, userId, readCursor(query.cursor, bind)?.id ?? 0, limit + 1)
    const items = found.slice(0, limit)
    const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
    return pageReply(c.req.url, JSON.stringify(items), next)
  },

  'POST /api/{user_id}/tokens': async ({ userId, body, within }) => {
    const token = randomToken(apiTokenPrefix)
    const made = await insertToken(within ?? deps.db, userId, { ...body, hash: hashToken(token) }, mostTokens)
    if (made === undefined) throw tooMany()
    const json = JSON.stringify({ ...made, token } satisfies MadeApiToken)
    return { status: 201, json, location: `/api/${userId}/tokens/${made.id}` }
  },

  'DELETE /api/{user_id}/tokens/{id}': async ({ userId, id }) => {
    const hash = await deleteToken(deps.db, userId, id)
    if (hash === undefined) throw notFound(`Token ${id}`)
    accounts.forgetToken(hash)
    return { status: 204 }
  },
})

const tooMany = () =>
  new AppError('conflict', `You have ${mostTokens} tokens already.`, {
    hint: 'Revoke one that you no longer need; `todo token list` shows when each was last used.',
    reason: 'too_many_tokens',
  })
