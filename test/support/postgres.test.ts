import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '../../shared/db/connect.ts'
import { migrationStatus } from '../../shared/db/migrate.ts'
import { createDatabase } from './postgres.ts'

test('databases made at the same time are migrated, and none sees what is written to another', async () => {
  const databases = await Promise.all([createDatabase(), createDatabase(), createDatabase()])
  for (const [index, { db }] of databases.entries()) {
    const status = await migrationStatus(db)
    assert.ok(status.length > 0 && status.every(({ applied_at }) => applied_at !== null))
    await db`insert into users (id, email, password_hash, name)
             values (gen_random_uuid(), ${`person-${index}@example.org`}, 'none', 'A person')`
  }
  for (const { db } of databases) assert.equal((await db`select * from users`).length, 1)
})

test('a dropped database is gone although somebody is still connected to it', async () => {
  const { target, drop } = await createDatabase({ migrated: false })
  const other = connect(target, { max: 1, name: 'other' })
  await other`select 1`
  await drop()
  await assert.rejects(async () => other`select 1`)
  await assert.rejects(async () => other`select 1`, { code: '3D000' })
  await other.end({ timeout: 1 })
})
