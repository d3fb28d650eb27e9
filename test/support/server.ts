import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseTarget } from '../../shared/db/connect.ts'
import { isRunning } from '../../shared/db/embedded/process.ts'
import { type EmbeddedPostgres, startPostgres, stopLeftPostgres } from '../../shared/db/embedded.ts'

/** Many test files share one server, and its data lives for one run only. */
const settings = { max_connections: '100', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

export type TestServer = Pick<EmbeddedPostgres, 'socketDir' | 'port' | 'stop'>

/** An embedded Postgres in a temp folder of its own; `stop` removes both. */
export async function startTestServer(): Promise<TestServer> {
  await removeLeftServers()
  const folder = await mkdtemp(join(tmpdir(), `todo-test-${process.pid}-`))
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    socketDir: join(folder, 'run'),
    logFile: join(folder, 'postgres.log'),
    settings,
  })
  const stop = async () => {
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { socketDir: postgres.socketDir, port: postgres.port, stop }
}

/** Of runs that were killed: the folder's name says whose it was. */
async function removeLeftServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(/^todo-test-(\d+)-\w+$/.exec(name)?.[1])
    if (!(owner > 0) || isRunning(owner)) continue
    const folder = join(tmpdir(), name)
    if ((await lstat(folder).catch(() => null))?.uid !== process.getuid?.()) continue
    await stopLeftPostgres(join(folder, 'data')).catch(() => {})
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same server, another database. */
export function withDatabase(server: DatabaseTarget, database: string): DatabaseTarget {
  if (typeof server !== 'string') return { ...server, database }
  const url = new URL(server.replace('@/', '@localhost/'))
  url.pathname = `/${database}`
  return url.href
}

/** As DATABASE_URL has it. */
export const urlOf = (target: DatabaseTarget): string =>
  typeof target === 'string'
    ? target
    : `postgres://todo@/${target.database}?host=${encodeURIComponent(target.socketDir)}&port=${target.port}`
