import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { request as ask } from 'undici'
import { postgresPart, postgresUrl } from '../../deploy/local/postgres.ts'
import { migrateDatabase, servicePart } from '../../deploy/local/service.ts'
import type { App, Ports, Secrets } from '../../deploy/local/settings.ts'
import { connect, type Db } from '../../shared/db/connect.ts'
import type { TestStack } from './stack.ts'

type Place = { home: string; ports: Ports; secrets: Secrets }

/** Nothing here is about limits, and the services say what they do only when it goes wrong. */
const extra = { RATE_LIMIT: '0', AUTH_RATE_LIMIT: '0', LOG_LEVEL: 'info', WEBHOOK_ALLOW_PRIVATE: '1' }

const servicesFrom =
  (from: 'dist' | 'source', services: App[], more: Record<string, string> = {}) =>
  ({ home, ports, secrets }: Place) => [
    postgresPart(home),
    ...services.map((app) =>
      servicePart({
        app,
        ports,
        secrets,
        databaseUrl: postgresUrl(home),
        from,
        extra: { ...extra, ...more },
      }),
    ),
  ]

/** Postgres and the named services, as parts of a test's stack, run from their sources. */
export const servicesOf = (...services: App[]) => servicesFrom('source', services)

/** The same with more settings than the stack's. */
export const servicesWith = (settings: Record<string, string>, ...services: App[]) =>
  servicesFrom('source', services, settings)

/** The same from the built files, as they are run in earnest. */
export const builtServices = (settings: Record<string, string>, ...services: App[]) =>
  servicesFrom('dist', services, settings)

/** More processes of the server beside the first, on ports of their own and with the same sidecar. */
export const moreServers =
  (ports: number[]) =>
  ({ home, ports: own, secrets }: Place) =>
    ports.map((port, i) => ({
      ...servicePart({
        app: 'server',
        ports: { ...own, server: port },
        secrets,
        from: 'source',
        extra,
        databaseUrl: postgresUrl(home),
      }),
      name: `server-${i + 2}`,
    }))

/** A second recurrer beside the first, whose clock is wrong by so many minutes. Its own timer is its only clock. */
export const skewedRecurrer =
  (port: number, minutes: number) =>
  ({ home, ports, secrets }: Place) => {
    const clock = `${new URL('skewed-clock.ts', import.meta.url)}?minutes=${minutes}`
    const part = servicePart({
      app: 'recurrer',
      ports: { ...ports, recurrer: port },
      secrets,
      from: 'source',
      databaseUrl: postgresUrl(home),
      extra: { ...extra, NODE_OPTIONS: `--import "${clock}"` },
    })
    return { ...part, name: 'recurrer-2' }
  }

/** The stack's database: migrated, and open for looking until the end of the file. */
export async function openDatabase(stack: TestStack): Promise<Db> {
  await migrateDatabase(postgresUrl(stack.home))
  const db = connect(postgresUrl(stack.home), { max: 2, name: 'todo-test' })
  stack.atEnd(() => db.end({ timeout: 1 }))
  return db
}

export type Person = {
  id: string
  token: string
  /** Asks as this person, below their own path; throws unless the answer is a 2xx. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into any answer; what it expects is in its assertions.
type Answer = any

/** A new account at a server. With several addresses the requests go to them in turn. */
export async function registerPerson(...urls: string[]): Promise<Person> {
  const account = { email: `${randomUUID()}@example.org`, password: randomUUID() }
  const { user, access_token: token } = await send(`${urls[0]}/api/auth/register`, 'POST', account, {})
  let turn = 0
  return {
    id: user.id,
    token,
    request: (method, path, body, headers = {}) => {
      turn += 1
      const url = `${urls[turn % urls.length]}/api/${user.id}${path}`
      return send(url, method, body, { authorization: `Bearer ${token}`, ...headers })
    },
  }
}

async function send(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const response = await ask(url, {
    method: method as 'GET',
    headers: { ...type, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    headersTimeout: 15_000,
  })
  const text = await response.body.text()
  if (response.statusCode >= 300) throw new Error(`${method} ${url}: ${response.statusCode} ${text}`)
  return text === '' ? {} : JSON.parse(text)
}

export type Load = { acknowledged: number; failed: number }

/**
 * Changes ten tasks at about the given rate while `during` runs, and counts what was acknowledged and what was not.
 * Each change names its number in the title, so that the log tells what became of it.
 */
export async function changeDuring(
  person: Person,
  perSecond: number,
  during: () => Promise<unknown>,
): Promise<Load> {
  const titles = Array.from({ length: 10 }, (_, i) => ({ title: `busy ${i}` }))
  const tasks = await Promise.all(titles.map((task) => person.request('POST', '/tasks', task)))
  const load: Load = { acknowledged: 0, failed: 0 }
  const going = new AbortController()
  const running = new Set<Promise<void>>()
  const work = (async () => {
    for (let i = 0; !going.signal.aborted; i++) {
      const change = person
        .request('PATCH', `/tasks/${tasks[i % tasks.length].id}`, { title: `change ${i}` })
        .then(
          () => void (load.acknowledged += 1),
          () => void (load.failed += 1),
        )
      running.add(change)
      void change.finally(() => running.delete(change))
      await sleep(1000 / perSecond)
    }
  })()
  try {
    await during()
  } finally {
    going.abort()
    await work
    await Promise.all(running)
  }
  return load
}
