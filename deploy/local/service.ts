import { join } from 'node:path'
import { connect } from '../../shared/db/connect.ts'
import { migrateUp } from '../../shared/db/migrate.ts'
import { answers, type Part } from './part.ts'
import { type App, type Ports, root, type Secrets } from './settings.ts'

export type ServiceOptions = {
  app: App
  ports: Ports
  secrets: Secrets
  databaseUrl: string
  /** The built files, or the sources where a test wants no build. */
  from: 'dist' | 'source'
  /** Variables over those that every service gets. */
  extra?: Record<string, string>
}

/** One service of the product. It is up when it listens; it never waits for its sidecar, which waits for it. */
export function servicePart({ app, ports, secrets, databaseUrl, from, extra }: ServiceOptions): Part {
  const entry = join(root, from === 'dist' ? `dist/${app}/main.js` : `${app}/main.ts`)
  const url = `http://127.0.0.1:${ports[app]}`
  const env = {
    NODE_ENV: 'production',
    PORT: String(ports[app]),
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    JWT_SECRET: secrets.jwt,
    DAPR_HTTP_PORT: String(ports.daprd[app].http),
    DAPR_API_TOKEN: secrets.daprApiToken,
    APP_API_TOKEN: secrets.appApiToken,
    PUBLIC_URL: `http://127.0.0.1:${ports.server}`,
    ...extra,
  }
  return {
    name: app,
    ground: false,
    command: () => ({ file: process.execPath, args: ['--enable-source-maps', entry], env, cwd: root }),
    ready: () => answers(`${url}/healthz`),
    stopSignal: 'SIGTERM',
    graceMs: 12_000,
    address: url,
  }
}

/** Brings the database to the newest migration; returns the ids of those that were applied. */
export async function migrateDatabase(databaseUrl: string): Promise<string[]> {
  const db = connect(databaseUrl, { max: 1, name: 'todo-stack', statementTimeoutMs: 0 })
  return migrateUp(db).finally(() => db.end({ timeout: 1 }))
}
