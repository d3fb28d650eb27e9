import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { socketFolder } from '../../shared/config.ts'
import { connect } from '../../shared/db/connect.ts'
import { startPostgres } from '../../shared/db/embedded.ts'
import type { Part } from './part.ts'

/** The Postgres that npm installed, on a Unix socket in the stack's folder. */
export function postgresPart(home: string): Part {
  const url = postgresUrl(home)
  return {
    name: 'postgres',
    ground: true,
    launch: async (logFile) => {
      const places = { dataDir: join(home, 'postgres/data'), socketDir: join(home, 'postgres/run'), logFile }
      const { pid } = await startPostgres({ ...places, settings: { max_connections: '100' } })
      return pid
    },
    ready: () => answersSql(url),
    // The fast way to stop: sessions are ended, nothing is waited for but a checkpoint.
    stopSignal: 'SIGINT',
    graceMs: 15_000,
    address: url,
  }
}

/** What the services get as DATABASE_URL. Its socket lies elsewhere when the stack's folder has a long name. */
export function postgresUrl(home: string): string {
  const folder = socketFolder(join(home, 'postgres/run'), tmpdir())
  return `postgres://todo@localhost/postgres?host=${encodeURIComponent(folder)}`
}

async function answersSql(url: string): Promise<boolean> {
  const db = connect(url, { max: 1, name: 'todo-stack' })
  try {
    await db`select 1`
    return true
  } catch {
    return false
  } finally {
    await db.end({ timeout: 1 })
  }
}
