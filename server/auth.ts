import type { Context } from 'hono'
import type { Db } from '../shared/db/connect.ts'
import { AppError } from '../shared/errors.ts'
import { type AccessTokens, createAccessTokens } from './auth/access-token.ts'
import { addressOf, proxyList } from './auth/address.ts'
import { type Callers, createCallers } from './auth/callers.ts'
import { createLimits, type Limits } from './auth/limits.ts'
import { createPasswords, type Passwords } from './auth/password.ts'
import type { Principal } from './deps.ts'

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
export type Accounts = Omit<Callers, 'byAccessToken' | 'byApiToken'> & {
  /** The caller by their bearer token. Throws `unauthenticated` or `rate_limited`. */
  authenticate: (c: Context) => Principal | Promise<Principal>
  accessTokens: AccessTokens
  passwords: Passwords
  limits: Limits
  addressOf: (c: Context) => string | null
}

/** `now` in milliseconds. */
export function createAccounts(settings: AccountSettings & { db: Db; now?: () => number }): Accounts {
  const { db, now } = settings
  const clock = now ? { now } : {}
  const proxies = proxyList(settings.trustedProxies)
  const accessTokens = createAccessTokens({
    secret: settings.jwtSecret,
    previous: settings.jwtSecretPrevious,
    ...clock,
  })
  const limits = createLimits({ requests: settings.rateLimit, signIns: settings.authRateLimit, ...clock })
  const { byAccessToken, byApiToken, ...memory } = createCallers(db, accessTokens, now)
  const admit = (c: Context, caller: Principal | null): Principal => {
    if (caller === null) throw signedOut()
    const rate = limits.request(caller.userId)
    if (rate !== null) c.set('rate', rate)
    return caller
  }
  return {
    ...memory,
    authenticate: (c) => {
      const token = bearerOf(c)
      const found = token.startsWith(apiTokenPrefix) ? byApiToken(token) : byAccessToken(token)
      return found instanceof Promise ? found.then((caller) => admit(c, caller)) : admit(c, found)
    },
    accessTokens,
    passwords: createPasswords(),
    limits,
    addressOf: (c) => addressOf(c, proxies),
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
