import type { BlockList } from 'node:net'
import type { Context } from 'hono'
import type { Db } from '../shared/db/connect.ts'
import { AppError } from '../shared/errors.ts'
import { type AccessTokens, createAccessTokens } from './auth/access-token.ts'
import { addressOf, proxyList } from './auth/address.ts'
import { createLimits, type Limits } from './auth/limits.ts'
import { createMemo } from './auth/memo.ts'
import { createPasswords, type Passwords } from './auth/password.ts'
import { hashToken } from './auth/random-token.ts'
import type { Principal } from './deps.ts'
import { isSessionAlive } from './sessions/repository.ts'
import { type UsedToken, useToken } from './tokens/repository.ts'
import { doesUserExist } from './users/repository.ts'

export const apiTokenPrefix = 'todo_'

export type AccountSettings = {
  jwtSecret: string
  jwtSecretPrevious: string | null
  /** Requests a minute of one user; 0 = off. */
  rateLimit: number
  /** Failed sign-ins a minute of one account from one address; 0 = off. */
  authRateLimit: number
  /** Addresses and networks whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[]
}

/** Everything that knows how people sign in over TCP. */
export type Accounts = {
  /** The caller by their bearer token. Throws `unauthenticated` or `rate_limited`. */
  authenticate: (c: Context) => Promise<Principal>
  accessTokens: AccessTokens
  passwords: Passwords
  limits: Limits
  addressOf: (c: Context) => string | null
  /** Their access tokens are looked up again at once in this process, within five seconds in others. */
  forgetSessions: (ids: number[]) => void
  forgetToken: (hash: Buffer) => void
  /** Somebody has deleted their account: everybody is looked up again. */
  forgetAll: () => void
}

/** How long a session or token that was alive is believed to be. */
const believedMs = 5_000

export function createAccounts(settings: AccountSettings & { db: Db; now?: () => number }): Accounts {
  const { db, now } = settings
  const clock = now ? { now } : {}
  const proxies: BlockList = proxyList(settings.trustedProxies)
  const accessTokens = createAccessTokens({
    secret: settings.jwtSecret,
    previous: settings.jwtSecretPrevious,
    ...clock,
  })
  const limits = createLimits({ requests: settings.rateLimit, signIns: settings.authRateLimit, ...clock })
  const sessions = createMemo<true>(believedMs, now)
  const tokens = createMemo<UsedToken>(believedMs, now)

  const bySession = async (token: string): Promise<Principal | null> => {
    const claims = accessTokens.read(token)
    if (claims === null) return null
    const { userId, sessionId, expiresAt } = claims
    const isThere = () =>
      sessionId === null ? doesUserExist(db, userId) : isSessionAlive(db, userId, sessionId)
    const key = sessionId === null ? userId : String(sessionId)
    if (!(await sessions.get(key, async () => (await isThere()) || undefined))) return null
    return {
      userId,
      kind: 'session',
      scopes: 'all',
      expiresAt: expiresAt * 1000,
      ...(sessionId !== null && { sessionId }),
    }
  }

  const byApiToken = async (token: string): Promise<Principal | null> => {
    const hash = hashToken(token)
    const found = await tokens.get(hash.toString('base64'), () => useToken(db, hash))
    if (found === undefined || found.expires_at.getTime() <= (now ?? Date.now)()) return null
    const { id, user_id: userId, scopes, expires_at } = found
    return { userId, kind: 'api_token', scopes, tokenId: id, expiresAt: expires_at.getTime() }
  }

  return {
    authenticate: async (c) => {
      const token = bearerOf(c)
      const principal = await (token.startsWith(apiTokenPrefix) ? byApiToken(token) : bySession(token))
      if (principal === null) throw signedOut()
      const rate = limits.request(principal.userId)
      if (rate !== null) c.set('rate', rate)
      return principal
    },
    accessTokens,
    passwords: createPasswords(),
    limits,
    addressOf: (c) => addressOf(c, proxies),
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

function bearerOf(c: Context): string {
  const given = c.req.header('authorization')
  if (given === undefined) {
    throw new AppError('unauthenticated', 'You are not signed in.', {
      hint: 'Send `Authorization: Bearer` with a token; `todo login` gets one.',
    })
  }
  const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(given)?.[1]
  if (token === undefined) throw signedOut()
  return token
}

/** One answer for forged, ended, revoked and unknown: the difference is the owner's to know. */
const signedOut = () =>
  new AppError('unauthenticated', 'This token is not valid, or no longer.', {
    hint: 'Sign in again with `todo login`.',
  })
