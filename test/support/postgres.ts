import { createHash, randomUUID } from 'node:crypto'
import { after } from 'node:test'
import { testConfig } from '../../shared/config.ts'
import { connect, type DatabaseTarget, type Db, type Sql } from '../../shared/db/connect.ts'
import { migrateUp, readMigrations } from '../../shared/db/migrate.ts'
import { startTestServer, type TestServer, withDatabase } from './server.ts'

export type TestDatabase = {
  target: DatabaseTarget
  db: Db
  /** Closes `db` and drops the database with whoever is still connected to it. Done at the file's end at the latest. */
  drop(): Promise<void>
}

/** Any number that the product does not use as an advisory lock. */
const templateLock = 7_203_499

let own: Promise<TestServer> | null = null
const open = new Set<TestDatabase>()

after(async () => {
  for (const database of open) await database.drop()
  if (own !== null) await (await own).stop()
})

/**
 * A database of its own for a test file: a copy of a migrated template (`migrated: false`: an empty one). It lies on
 * the run's server, or on the one that TODO_TEST_DATABASE_URL names, or on one that this file starts for itself.
 */
export async function createDatabase({ migrated = true, max = 4 } = {}): Promise<TestDatabase> {
  const server = await findServer()
  const name = `todo_test_${randomUUID().replaceAll('-', '')}`
  const template = migrated ? await ensureTemplate(server) : 'template0'
  await administer(server, (db) => db`create database ${db(name)} template ${db(template)} encoding 'UTF8'`)
  const target = withDatabase(server, name)
  const db = connect(target, { max, name: 'todo-test' })
  const database = {
    target,
    db,
    drop: async () => {
      if (!open.delete(database)) return
      await db.end({ timeout: 1 })
      await administer(server, (admin) => admin`drop database if exists ${admin(name)} with (force)`)
    },
  }
  open.add(database)
  return database
}

async function findServer(): Promise<DatabaseTarget> {
  const { databaseUrl, socketFolder } = testConfig()
  if (databaseUrl !== null) return databaseUrl
  if (socketFolder !== null) return { socketDir: socketFolder, port: 5432 }
  own ??= startTestServer()
  const { socketDir, port } = await own
  return { socketDir, port }
}

/** Runs one statement in the server's own database. */
async function administer<T>(server: DatabaseTarget, work: (db: Db) => Promise<T>): Promise<T> {
  const db = connect(server, { max: 1, name: 'todo-test-admin', statementTimeoutMs: 60_000 })
  try {
    return await work(db)
  } finally {
    await db.end({ timeout: 1 })
  }
}

/** Named by the migrations' content, so that a server which outlives the run never serves an old one. */
async function ensureTemplate(server: DatabaseTarget): Promise<string> {
  const migrations = await readMigrations()
  const hash = createHash('sha256')
    .update(migrations.map(({ checksum }) => checksum).join())
    .digest('hex')
  const name = `todo_template_${hash.slice(0, 16)}`
  await administer(server, async (db) => {
    const session = await db.reserve()
    try {
      // Test files start together: the first one builds the template, the others wait here and find it.
      await session`select pg_advisory_lock(${templateLock})`
      const [found] = await session`select 1 from pg_database where datname = ${name}`
      if (found === undefined) await buildTemplate(server, session, name)
    } finally {
      session.release()
    }
  })
  return name
}

/** Renamed only when it is complete, so that a run killed in between leaves no half-migrated template. */
async function buildTemplate(server: DatabaseTarget, session: Sql, name: string): Promise<void> {
  const building = `${name}_${randomUUID().slice(0, 8)}`
  await session`create database ${session(building)} template template0 encoding 'UTF8'`
  const db = connect(withDatabase(server, building), {
    max: 1,
    name: 'todo-test-template',
    statementTimeoutMs: 0,
  })
  await migrateUp(db).finally(() => db.end({ timeout: 1 }))
  await session`alter database ${session(building)} rename to ${session(name)}`
}
