import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'
import type { Db, Sql } from './connect.ts'

export type Migration = { id: string; up: string; down: string; checksum: string }
export type MigrationStatus = { id: string; applied_at: Date | null }

/** Any number that no other part of the product uses as an advisory lock. */
const migrationLock = 7_203_401

/** Source and bundle lie equally deep, so one relative path serves both. */
export const migrationsDir = join(import.meta.dirname, '../../migrations')

/** The migrations in `dir` in their order. Each has an up and a down file; a gap or a lone file is an error. */
export async function readMigrations(dir = migrationsDir): Promise<Migration[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql')).sort()
  const ids = [...new Set(files.map((file) => file.replace(/\.(up|down)\.sql$/, '')))]
  return Promise.all(
    ids.map(async (id, index) => {
      if (Number(id.slice(0, 4)) !== index + 1) throw new Error(`migration ${id} is out of sequence`)
      const [up, down] = await Promise.all(
        ['up', 'down'].map((way) => readFile(join(dir, `${id}.${way}.sql`), 'utf8')),
      )
      return { id, up: up!, down: down!, checksum: createHash('sha256').update(up!).digest('hex') }
    }),
  )
}

/**
 * Applies what is missing, up to and including `to` (default: everything), one transaction a file, under a lock that
 * makes a second migrator wait. Returns the ids that were applied.
 */
export async function migrateUp(db: Db, options: { dir?: string; to?: string } = {}): Promise<string[]> {
  const migrations = await readMigrations(options.dir)
  return locked(db, async (sql) => {
    const applied = await appliedMigrations(sql, migrations)
    const done: string[] = []
    for (const migration of migrations) {
      if (options.to !== undefined && migration.id > options.to) break
      if (applied.has(migration.id)) continue
      await inTransaction(sql, async () => {
        await sql.unsafe(migration.up)
        await sql`insert into migrations (id, checksum) values (${migration.id}, ${migration.checksum})`
      })
      done.push(migration.id)
    }
    return done
  })
}

/** Takes back the newest `steps` migrations, newest first. Returns their ids. */
export async function migrateDown(db: Db, steps = 1, dir = migrationsDir): Promise<string[]> {
  const migrations = await readMigrations(dir)
  return locked(db, async (sql) => {
    const applied = await appliedMigrations(sql, migrations)
    const newest = migrations.filter((migration) => applied.has(migration.id)).reverse()
    const undone: string[] = []
    for (const migration of newest.slice(0, steps)) {
      await inTransaction(sql, async () => {
        await sql.unsafe(migration.down)
        await sql`delete from migrations where id = ${migration.id}`
      })
      undone.push(migration.id)
    }
    return undone
  })
}

/** Every known migration with the time it was applied, or null. */
export async function migrationStatus(db: Db, dir = migrationsDir): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(dir)
  return locked(db, async (sql) => {
    const applied = await appliedMigrations(sql, migrations)
    return migrations.map(({ id }) => ({ id, applied_at: applied.get(id) ?? null }))
  })
}

/** The lock belongs to a session, so everything happens on one reserved connection. */
async function locked<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = await db.reserve()
  try {
    await sql`select pg_advisory_lock(${migrationLock})`
    await sql`set client_min_messages = warning`
    await sql`create table if not exists migrations (
      id text primary key, checksum text not null, applied_at timestamptz not null default now()
    )`
    return await work(sql)
  } finally {
    await sql`select pg_advisory_unlock(${migrationLock})`.catch(() => undefined)
    sql.release()
  }
}

async function inTransaction(sql: Sql, work: () => Promise<unknown>): Promise<void> {
  await sql`begin`
  try {
    await work()
    await sql`commit`
  } catch (error) {
    await sql`rollback`
    throw error
  }
}

async function appliedMigrations(sql: Sql, known: Migration[]): Promise<Map<string, Date>> {
  const rows = await sql<{ id: string; checksum: string; applied_at: Date }[]>`
    select id, checksum, applied_at from migrations order by id`
  const checksums = new Map(known.map((migration) => [migration.id, migration.checksum]))
  for (const row of rows) {
    const checksum = checksums.get(row.id)
    if (checksum === undefined) {
      throw new AppError(
        'conflict',
        `The database has migration ${row.id}, which this version does not know.`,
        {
          hint: 'Run the newer version, or take its migrations back with it first.',
        },
      )
    }
    if (checksum !== row.checksum) {
      throw new AppError('conflict', `Migration ${row.id} was changed after it had been applied.`, {
        hint: 'Restore the file and put the change into a new migration.',
      })
    }
  }
  return new Map(rows.map((row) => [row.id, row.applied_at]))
}
