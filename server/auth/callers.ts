import type { Db } from '../../shared/db/connect.ts'
import type { Principal } from '../deps.ts'
import { isSessionAlive } from '../sessions/repository.ts'
import { type UsedToken, useToken } from '../tokens/repository.ts'
import { doesUserExist } from '../users/repository.ts'
import type { AccessTokens } from './access-token.ts'
import { createMemo } from './memo.ts'
import { hashToken } from './random-token.ts'

/** How long a session or token that was alive is believed to be. */
const believedMs = 5_000

/** Who a token stands for; null when it is not valid, or no longer. */
type Caller = Principal | null

/** A promise only where the database is asked. */
export type Callers = {
  byAccessToken(token: string): Caller | Promise<Caller>
  byApiToken(token: string): Caller | Promise<Caller>
  /** Their access tokens are looked up again at once in this process, within five seconds in others. */
  forgetSessions(ids: number[]): void
  forgetToken(hash: Buffer): void
  /** Somebody has deleted their account: everybody is looked up again. */
  forgetAll(): void
}

/** `now` in milliseconds. */
export function createCallers(db: Db, accessTokens: AccessTokens, now: () => number = Date.now): Callers {
  const sessions = createMemo<true>(believedMs, now)
  const tokens = createMemo<UsedToken>(believedMs, now)
  return {
    byAccessToken: (token) => {
      const claims = accessTokens.read(token)
      if (claims === null) return null
      const { userId, sessionId, expiresAt } = claims
      const isThere = () =>
        sessionId === null ? doesUserExist(db, userId) : isSessionAlive(db, userId, sessionId)
      const key = sessionId === null ? userId : String(sessionId)
      const session = sessionId === null ? {} : { sessionId }
      const caller: Caller = {
        userId,
        kind: 'session',
        scopes: 'all',
        expiresAt: expiresAt * 1000,
        ...session,
      }
      const alive = sessions.get(key, async () => (await isThere()) || undefined)
      return alive instanceof Promise ? alive.then((is) => (is ? caller : null)) : caller
    },
    byApiToken: (token) => {
      const hash = hashToken(token)
      const callerOf = (found: UsedToken | undefined): Caller => {
        if (found === undefined || found.expires_at.getTime() <= now()) return null
        const { id, user_id: userId, scopes, expires_at } = found
        return { userId, kind: 'api_token', scopes, tokenId: id, expiresAt: expires_at.getTime() }
      }
      const found = tokens.get(hash.toString('base64'), () => useToken(db, hash))
      return found instanceof Promise ? found.then(callerOf) : callerOf(found)
    },
    forgetSessions: (ids) => {
      for (const id of ids) sessions.forget(String(id))
    },
    forgetToken: (hash) => tokens.forget(hash.toString('base64')),
    forgetAll: () => {
      sessions.clear()
      tokens.clear()
    },
  }
}
