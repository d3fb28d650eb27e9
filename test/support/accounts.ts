import type { Hono } from 'hono'
import { createApp } from '../../server/app.ts'
import { type AccountSettings, type Accounts, createAccounts } from '../../server/auth.ts'
import type { SignedIn } from '../../shared/api/auth.ts'
import type { Scope } from '../../shared/api/route.ts'
import type { MadeApiToken } from '../../shared/api/token.ts'
import type { Db } from '../../shared/db/connect.ts'
import { createLog, type Log } from '../../shared/log.ts'
import { contractOf } from './contract.ts'
import { createDatabase } from './postgres.ts'

export type Call = {
  token?: string
  body?: unknown
  headers?: Record<string, string>
  /** The peer's; each test has its own, so that none uses up the limits of another. */
  address?: string
}

export type Answer = {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of every shape.
  json: any
}

export type Person = SignedIn & { id: string; email: string; password: string }

export type AccountsApi = {
  app: Hono
  db: Db
  accounts: Accounts
  call: (method: string, path: string, call?: Call) => Promise<Answer>
  /** A new account with a session. */
  join: (name?: string, call?: Call) => Promise<Person>
  tokenFor: (person: Person, scopes: Scope[]) => Promise<MadeApiToken>
}

export const testSecret = 'kq8Zt1n4Yw7Rb2Xs5Vd9Lf3Hj6Gm0Pc+'

/** The API with sign-in over a database of its own, called without a socket. Limits are off unless a test sets them. */
export async function createAccountsApi(
  settings: Partial<AccountSettings & { now: () => number; db: Db; isHttps: boolean; log: Log }> = {},
): Promise<AccountsApi> {
  const db = settings.db ?? (await createDatabase()).db
  const accounts = createAccounts({
    jwtSecret: testSecret,
    jwtSecretPrevious: null,
    rateLimit: 0,
    authRateLimit: 0,
    trustedProxies: [],
    ...settings,
    db,
  })
  const app = createApp({
    db,
    accounts,
    authenticate: accounts.authenticate,
    version: '0.0.0',
    log: settings.log ?? createLog('test', { level: 'silent' }),
    onCommit: () => {},
    onWake: () => () => {},
    signal: new AbortController().signal,
    ...(settings.isHttps !== undefined && { isHttps: settings.isHttps }),
  })
  const call: AccountsApi['call'] = async (method, path, { token, body, headers, address } = {}) => {
    const response = await app.request(
      path,
      {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      { incoming: { socket: { remoteAddress: address ?? '127.0.0.1' } } },
    )
    const text = await response.text()
    const answer = { status: response.status, headers: response.headers, text }
    const contract = await contractOf(app)
    contract.check(method, path, answer)
    return {
      ...answer,
      json: parsed(text),
    }
  }
  let joined = 0
  const join: AccountsApi['join'] = async (name = 'person', options = {}) => {
    joined += 1
    const email = `${name}-${joined}@example.org`
    const password = `a quiet ${name} walks ${joined} miles`
    const answer = await call('POST', '/api/auth/register', { ...options, body: { email, password } })
    if (answer.status !== 201) throw new Error(`registration answered ${answer.status}: ${answer.text}`)
    return { ...answer.json, id: answer.json.user.id, email, password }
  }
  const tokenFor: AccountsApi['tokenFor'] = async (person, scopes) => {
    const answer = await call('POST', '/api/me/tokens', {
      token: person.access_token,
      body: { name: 'for a test', scopes, expires_at: '2999-01-01T00:00:00Z' },
    })
    if (answer.status !== 201) throw new Error(`the token was refused: ${answer.text}`)
    return answer.json
  }
  return { app, db, accounts, call, join, tokenFor }
}

const parsed = (text: string) => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
