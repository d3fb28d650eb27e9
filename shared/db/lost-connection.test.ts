import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase } from '../../test/support/postgres.ts'
import type { Sql } from './connect.ts'

// The driver's own faults are mended by scripts/patch-packages.ts; these fail without it.

const { db } = await createDatabase({ max: 2 })
await db`create table notes (text text)`

/** Ends the session that `sql` has, and waits until it has gone. */
async function cut(sql: Sql): Promise<void> {
  const [session] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  await db`select pg_terminate_backend(${session!.pid}, 5000)`
  while ((await db`select 1 from pg_stat_activity where pid = ${session!.pid}`).length > 0);
  await new Promise((resolve) => setTimeout(resolve, 20))
}

const isLost = (error: { code?: string }) => /^(CONNECTION_|57P01)/.test(error.code ?? '')

test('a transaction whose connection is lost fails, and nothing that it goes on to write arrives', async () => {
  const over = Promise.withResolvers<void>()
  const broken = db.begin(async (sql) => {
    await sql`insert into notes values ('before')`
    await cut(sql)
    // Others use the pool meanwhile, so that its connections are open again.
    await Promise.all(Array.from({ length: 9 }, () => db`select pg_sleep(0.01)`))
    await sql`insert into notes values ('after')`.catch(() => {})
    over.resolve()
  })
  await assert.rejects(broken, isLost)
  await over.promise
  assert.deepEqual([...(await db`select text from notes`)], [])
})

test('a reserved connection that is lost refuses what follows, and giving it back harms nobody', async () => {
  const own = await db.reserve()
  await cut(own)
  await assert.rejects(async () => own`select 1`, isLost)
  own.release()
  const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => db`select ${n}::int as n`))
  assert.deepEqual(
    answers.map(([row]) => row!.n),
    Array.from({ length: 30 }, (_, n) => n),
  )
})
