import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createDatabase } from '../../test/support/postgres.ts'
import { connect, type Db } from './connect.ts'
import { migrateDown, migrateUp, migrationStatus, migrationsDir, readMigrations } from './migrate.ts'

const all = (await readMigrations()).map(({ id }) => id)
const baseline = all[1]!

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

/** A copy of the migrations to spoil. */
async function copyMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'todo-migrations-'))
  folders.push(folder)
  await cp(migrationsDir, folder, { recursive: true })
  return folder
}

/** Two users with 5,000 tasks each, of every status and both kinds of due, as the baseline knows them. */
const fillBaseline = (db: Db) => db`
  with person as (
    insert into users (email, name) values ('anna@example.org', 'Anna'), ('ben@example.org', 'Ben') returning id
  )
  insert into tasks (user_id, title, description, status, project, due_date, due_at, completed_at)
  select p.id, 'Task ' || n, repeat('note ', n % 7), (array['todo', 'doing', 'done'])[n % 3 + 1],
         case when n % 5 = 0 then 'home.garden' end,
         case when n % 4 = 1 then date '2026-01-01' + n end,
         case when n % 4 = 2 then timestamptz '2026-01-01 12:00Z' + n * interval '1 hour' end,
         case when n % 3 = 2 then now() end
  from person p, generate_series(1, 5000) n`

const columns =
  'id, user_id, title, description, status, project, due_date, due_at, position, version, created_at, completed_at'

/** One value that stands for every row and cell of the baseline's columns. */
async function fingerprint(db: Db): Promise<{ count: number; hash: string }> {
  const [row] = await db<{ count: number; hash: string }[]>`
    select count(*) as count, md5(string_agg(t::text, '|' order by t.id)) as hash
    from (select ${db.unsafe(columns)} from tasks) t`
  return row!
}

const tables = async (db: Db) =>
  (
    await db<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`
  ).map(({ name }) => name)

/** Everything that makes up the schema, in one comparable text. */
async function schema(db: Db): Promise<string[]> {
  const rows = await db<{ line: string }[]>`
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace order by 1`
  return rows.map(({ line }) => line)
}

test('10,000 tasks of the baseline are kept all the way up, down to the baseline and up again', async () => {
  const { db } = await createDatabase({ migrated: false })
  assert.deepEqual(await migrateUp(db, { to: baseline }), all.slice(0, 2))
  await fillBaseline(db)
  const before = await fingerprint(db)
  assert.equal(before.count, 10_000)

  assert.deepEqual(await migrateUp(db), all.slice(2))
  assert.deepEqual(await fingerprint(db), before)
  const [medium] = await db`select count(*) as count from tasks where priority_id = 2 and reminders = '{1d}'`
  assert.equal(medium!.count, 10_000)
  const newest = await schema(db)

  assert.deepEqual(await migrateDown(db, all.length - 2), all.slice(2).reverse())
  assert.deepEqual(await fingerprint(db), before)
  assert.deepEqual(await tables(db), ['migrations', 'tasks', 'users'])

  assert.deepEqual(await migrateUp(db), all.slice(2))
  assert.deepEqual(await fingerprint(db), before)
  assert.deepEqual(await schema(db), newest)
})

test('each step down and up again gives the same schema, to the last one and back', async () => {
  const { db } = await createDatabase({ migrated: false })
  await migrateUp(db)
  for (const id of [...all].reverse()) {
    const before = await schema(db)
    assert.deepEqual(await migrateDown(db), [id])
    assert.deepEqual(await migrateUp(db, { to: id }), [id])
    assert.deepEqual(await schema(db), before, id)
    await migrateDown(db)
  }
  assert.deepEqual(await tables(db), ['migrations'])
  assert.deepEqual(await migrateDown(db), [])
})

test('status tells what was applied and when, and running up again does nothing', async () => {
  const { db } = await createDatabase({ migrated: false })
  await migrateUp(db, { to: baseline })
  const status = await migrationStatus(db)
  assert.deepEqual(
    status.map(({ id, applied_at }) => [id, applied_at instanceof Date]),
    all.map((id, n) => [id, n < 2]),
  )
  await migrateUp(db)
  assert.deepEqual(await migrateUp(db), [])
  assert.ok((await migrationStatus(db)).every(({ applied_at }) => applied_at !== null))
})

test('of two migrators at once one does the work and the other waits for it', async () => {
  const { db, target } = await createDatabase({ migrated: false })
  const other = connect(target, { max: 2, name: 'other-migrator' })
  const done = await Promise.all([migrateUp(db), migrateUp(other), migrateUp(db), migrateUp(other)])
  assert.deepEqual(done.flat(), all)
  assert.deepEqual(
    done.map(({ length }) => length).sort((a, b) => a - b),
    [0, 0, 0, all.length],
  )
  await other.end({ timeout: 1 })
})

test('a migration that fails leaves nothing of itself, and what was before it stays applied', async () => {
  const { db } = await createDatabase({ migrated: false })
  const dir = await copyMigrations()
  const file = join(dir, `${all[3]}.up.sql`)
  const good = await readFile(file, 'utf8')
  await writeFile(file, `create table half (id int);\n${good}\nselect 1 / 0;\n`)
  await assert.rejects(migrateUp(db, { dir }), { code: '22012' })
  const applied = (await migrationStatus(db, dir)).filter(({ applied_at }) => applied_at !== null)
  assert.deepEqual(
    applied.map(({ id }) => id),
    all.slice(0, 3),
  )
  assert.ok(!(await tables(db)).includes('half') && !(await tables(db)).includes('tags'))
  await writeFile(file, good)
  assert.deepEqual(await migrateUp(db, { dir }), all.slice(3))
})

test('a migration that was changed after it had been applied is refused, and so is an unknown one', async () => {
  const { db } = await createDatabase({ migrated: false })
  const dir = await copyMigrations()
  await migrateUp(db, { dir })
  const file = join(dir, `${all[2]}.up.sql`)
  await writeFile(file, `${await readFile(file, 'utf8')}-- a late thought\n`)
  for (const act of [
    () => migrateUp(db, { dir }),
    () => migrateDown(db, 1, dir),
    () => migrationStatus(db, dir),
  ]) {
    await assert.rejects(act, { code: 'conflict', message: new RegExp(`${all[2]} was changed`) })
  }
  await rm(file)
  await rm(join(dir, `${all[2]}.down.sql`))
  await assert.rejects(migrateUp(db, { dir }), /out of sequence/)

  const older = await copyMigrations()
  for (const way of ['up', 'down']) await rm(join(older, `${all.at(-1)}.${way}.sql`))
  await assert.rejects(migrateUp(db, { dir: older }), {
    code: 'conflict',
    message: /which this version does not know/,
  })
})

test('a migration without its way down, or a gap in the numbers, is found before anything runs', async () => {
  const lone = await copyMigrations()
  await rm(join(lone, `${all.at(-1)}.down.sql`))
  await assert.rejects(readMigrations(lone), { code: 'ENOENT' })
  const gap = await copyMigrations()
  for (const way of ['up', 'down']) await rm(join(gap, `${all[1]}.${way}.sql`))
  await assert.rejects(readMigrations(gap), /out of sequence/)
})
