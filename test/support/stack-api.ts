import { createApp } from '../../server/app.ts'
import { type RelayState, startRelay } from '../../server/relay.ts'
import { ensureLocalUser } from '../../server/users/local-user.ts'
import { createWake } from '../../server/wake.ts'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { connect, type Db } from '../../shared/db/connect.ts'
import { migrateUp } from '../../shared/db/migrate.ts'
import { createLog } from '../../shared/log.ts'

export type TestApi = {
  db: Db
  relay: RelayState
  /** Asks as the local user; throws unless the answer is a 2xx. */
  request(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  pending(): Promise<number>
  stop(): Promise<void>
}

/** The API and a relay to the real bus in this process, on the stack's database. */
export async function startTestApi(options: {
  databaseUrl: string
  sidecar: string
  apiToken: string
}): Promise<TestApi> {
  const log = createLog('test', { level: 'silent' })
  const db = connect(options.databaseUrl, { max: 4, name: 'todo-test' })
  await migrateUp(db)
  const userId = await ensureLocalUser(db, 'UTC')
  const end = new AbortController()
  const wake = createWake(db, log, end.signal)
  const bus = createDaprBus(options)
  const relayDb = connect(options.databaseUrl, { max: 1, name: 'todo-test-relay' })
  const { state, stopped } = startRelay({ db: relayDb, bus, wake, log }, end.signal)
  const authenticate = async () => ({ userId, kind: 'local' as const, scopes: 'all' as const })
  const app = createApp({ db, log, version: 'test', authenticate, onCommit: wake.notify })
  return {
    db,
    relay: state,
    request: async (method, path, body) => {
      const headers = { 'content-type': 'application/json' }
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
      const response = await app.request(`/api/me${path}`, init)
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    },
    pending: async () => {
      const [row] = await db<{ count: number }[]>`select count(*)::int as count from outbox`
      return row!.count
    },
    stop: async () => {
      end.abort()
      await stopped
      await bus.close()
      await Promise.all([relayDb.end({ timeout: 2 }), db.end({ timeout: 2 })])
    },
  }
}
