import { randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { createApp } from '../../server/app.ts'
import type { Deps, Principal } from '../../server/deps.ts'
import { connect, type DatabaseTarget, type Db } from '../../shared/db/connect.ts'
import { createWake } from '../../shared/db/wake.ts'
import { AppError } from '../../shared/errors.ts'
import { createLog, type Log } from '../../shared/log.ts'
import { contractOf } from './contract.ts'
import { createDatabase } from './postgres.ts'

/** A person of the tests; `token` is the person's id, since sign-in has tests of its own. */
export type Person = { id: string; headers: Record<string, string> }

export type Call = {
  as?: Person
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
  headers?: Record<string, string | undefined>
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer; what it expects is in its assertions.
export type Answer = { status: number; headers: Headers; text: string; json: any }

export type TestApi = {
  app: Hono
  target: DatabaseTarget
  db: Db
  deps: Deps
  ann: Person
  bob: Person
  /** Paths start below `/api/{user_id}` of the person who calls, or with `/` for the whole path. */
  call: (method: string, path: string, options?: Call) => Promise<Answer>
  /** Another server process on the same database. */
  another: () => TestApi
  person: () => Promise<Person>
  close: () => Promise<void>
}

/** The API in this process on a database of its own, signed in by a header; closed when the file ends. */
export async function createTestApi(options: { max?: number; log?: Log } = {}): Promise<TestApi> {
  const database = await createDatabase({ max: options.max ?? 4 })
  const person = async (): Promise<Person> => {
    const id = randomUUID()
    await database.db`insert into users (id, email) values (${id}, ${`${id}@example.org`})`
    return { id, headers: { authorization: `Bearer ${id}` } }
  }
  const [ann, bob] = [await person(), await person()]
  const closing: (() => Promise<void>)[] = []
  const open = (db: Db): TestApi => {
    const stop = new AbortController()
    const log = options.log ?? createLog('test', { level: 'silent' })
    const wake = createWake(db, log, stop.signal)
    const deps: Deps = {
      db,
      log,
      version: '0.0.0',
      authenticate: testAuthenticate,
      onCommit: wake.notify,
      onWake: wake.onWake,
      signal: stop.signal,
    }
    const app = createApp(deps)
    closing.push(async () => stop.abort())
    return {
      app,
      target: database.target,
      db,
      deps,
      ann,
      bob,
      person,
      call: callOn(app, ann),
      another,
      close,
    }
  }
  const another = () => {
    const db = connect(database.target, { max: 4, name: 'todo-test-another' })
    closing.push(() => db.end({ timeout: 1 }))
    return open(db)
  }
  const close = async () => {
    for (const one of closing.splice(0)) await one()
  }
  // Whoever is still connected would hold the database's end up.
  const { drop } = database
  database.drop = async () => {
    await close()
    await drop()
  }
  return open(database.db)
}

/** `Bearer <user id>` is a session; with `;<token id>;<scopes>` an API token; `;expires=<ms>` ends it. */
async function testAuthenticate(c: Context): Promise<Principal> {
  const given = c.req.header('authorization')?.replace('Bearer ', '') ?? ''
  const [userId = '', ...rest] = given.split(';')
  if (!/^[0-9a-f-]{36}$/.test(userId)) throw new AppError('unauthenticated', 'You are not signed in.')
  const expires = rest.find((part) => part.startsWith('expires='))
  const expiresAt = expires === undefined ? {} : { expiresAt: Number(expires.slice(8)) }
  const [tokenId, scopes] = rest.filter((part) => part !== expires)
  if (tokenId === undefined) return { userId, kind: 'session', scopes: 'all', ...expiresAt }
  return { userId, kind: 'api_token', tokenId, scopes: (scopes ?? '').split(',') as never, ...expiresAt }
}

/** A script of this person, with a token and all scopes of tasks and tags. */
export const scriptOf = (person: Person, tokenId = 'script'): Person => ({
  id: person.id,
  headers: {
    authorization: `Bearer ${person.id};${tokenId};tasks:read,tasks:write,tags:read,tags:write`,
  },
})

const callOn =
  (app: Hono, ann: Person): TestApi['call'] =>
  async (method, path, { as = ann, body, headers = {} } = {}) => {
    const url = path.startsWith('/') ? path : `/api/${as.id}/${path}`
    const sent = new Headers(as.headers)
    if (body !== undefined) sent.set('content-type', 'application/json')
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) sent.delete(name)
      else sent.set(name, value)
    }
    const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await app.request(url, { method, headers: sent, body: payload })
    const text = await response.text()
    const answer = { status: response.status, headers: response.headers, text }
    const contract = await contractOf(app)
    contract.check(method, url, answer)
    return { ...answer, json: parsed(text) }
  }

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
