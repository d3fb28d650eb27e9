import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase, type TestDatabase } from '../../test/support/postgres.ts'
import { connect } from './connect.ts'

let database: TestDatabase

before(async () => {
  database = await createDatabase({ migrated: false })
})

after(() => database.drop())

test('a bigint is a number, a date is its text, a time is a Date in UTC', async () => {
  const [row] = await database.db`
    select 9007199254740991::bigint as n, date '2026-03-29' as day, timestamptz '2026-03-29T00:30:00Z' as at,
           ${'2026-12-31'}::date as given, ${[1, 2]}::bigint[] as ids, current_setting('TimeZone') as zone`
  assert.deepEqual(
    { ...row },
    {
      n: 9007199254740991,
      day: '2026-03-29',
      at: new Date('2026-03-29T00:30:00Z'),
      given: '2026-12-31',
      ids: [1, 2],
      zone: 'UTC',
    },
  )
})

test('a statement that takes too long is ended by the server', async () => {
  const db = connect(database.target, { max: 1, name: 'test', statementTimeoutMs: 20 })
  await assert.rejects(async () => db`select pg_sleep(30)`, { code: '57014' })
  await db.end()
})

test('notices of the server do not reach stdout', async (t) => {
  const written = t.mock.method(console, 'log', () => {})
  await database.db`do $$ begin raise notice 'hello'; end $$`
  assert.equal(written.mock.callCount(), 0)
})

test('a connection that was cut is replaced by the next statement, and its end is told', async () => {
  const closed = Promise.withResolvers<void>()
  const db = connect(database.target, { max: 1, name: 'cut', onClose: closed.resolve })
  await db`select 1`
  await database.db`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'`
  await closed.promise
  assert.equal((await db`select 1 as one`)[0]?.one, 1)
  await db.end()
})

const cut = (name: string) =>
  database.db`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`

/** One connection only, so that whatever a lost one leaves behind is met by the next statement. */
const single = async (name: string) => {
  const closed = Promise.withResolvers<void>()
  const db = connect(database.target, { max: 1, name, onClose: closed.resolve })
  return { db, closed: closed.promise }
}

test('one statement at a time stays on one connection, however many there are', async () => {
  const db = connect(database.target, { max: 3, name: 'test' })
  const slow = () => db`select pg_sleep(0.05), pg_backend_pid() as pid`
  const all = await Promise.all([slow(), slow(), slow()])
  assert.equal(new Set(all.map(([row]) => row!.pid)).size, 3)
  const pids = new Set<number>()
  for (let n = 0; n < 9; n += 1) {
    const [row] = await db`select pg_backend_pid() as pid`
    pids.add(row!.pid)
    // The same one again after another one has ended last.
    if (n % 3 === 0) await Promise.all([db`select 1`, db`select pg_sleep(0.02)`])
  }
  assert.equal(pids.size, 1)
  await db.end()
})

test('the first connection outlives the others', async () => {
  const db = connect(database.target, { max: 3, name: 'spare', idleTimeoutSec: 60, spareTimeoutSec: 1 })
  const pidOf = async () => (await db`select pg_sleep(0.02), pg_backend_pid() as pid`)[0]!.pid
  const [first, ...others] = await Promise.all([pidOf(), pidOf(), pidOf()])
  assert.equal(new Set([first, ...others]).size, 3)
  const left = async () =>
    (await database.db`select pid from pg_stat_activity where application_name = 'spare'`).map(
      ({ pid }) => pid,
    )
  while ((await left()).length > 1) await sleep(50)
  assert.deepEqual(await left(), [first])
  const again = await Promise.all([pidOf(), pidOf(), pidOf()])
  assert.equal(again[0], first)
  assert.equal(new Set(again).size, 3)
  await db.end()
})

test('a reserved connection that was cut refuses all further statements, and the pool goes on', async () => {
  const { db, closed } = await single('reserved')
  const session = await db.reserve()
  await session`select 1`
  await cut('reserved')
  await closed
  for (const _ of [1, 2]) {
    await assert.rejects(async () => session`select 1`, { code: 'CONNECTION_CLOSED' })
  }
  session.release()
  assert.equal((await db`select 1 as one`)[0]?.one, 1)
  await assert.rejects(async () => session`select 1`, { code: 'CONNECTION_CLOSED' })
  await db.end()
})

test('what a transaction still does after its connection was cut is refused, not done outside of it', async () => {
  await database.db`create table entries (word text)`
  const { db, closed } = await single('transaction')
  const [begun, wasCut] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const late = Promise.withResolvers<unknown>()
  const work = db.begin(async (sql) => {
    await sql`insert into entries values ('inside')`
    begun.resolve()
    await wasCut.promise
    await db`select 1`
    await sql`insert into entries values ('late')`.then(late.resolve, late.reject)
  })
  await Promise.all([
    assert.rejects(async () => work),
    assert.rejects(late.promise, { code: 'CONNECTION_CLOSED' }),
    begun.promise
      .then(() => cut('transaction'))
      .then(() => closed)
      .then(wasCut.resolve),
  ])
  assert.deepEqual([...(await database.db`select word from entries`)], [])
  await db.end()
})

test('a statement written in the moment of the cut fails, and the next one works', {
  timeout: 8_000,
}, async () => {
  const { db, closed } = await single('moment')
  await db`select 1`
  const [row] = await db<{ pid: number }[]>`select pg_backend_pid() as pid`
  const session = connect(database.target, { max: 1, name: 'killer' })
  await session`select pg_terminate_backend(${row!.pid})`
  // The cut is on its way; statements are written until it has arrived, one of them in its very turn of the loop.
  let arrived = false
  void closed.then(() => {
    arrived = true
  })
  while (!arrived) await db`select 1`.catch(() => {})
  assert.equal((await db`select 1 as one`)[0]?.one, 1)
  await Promise.all([db.end(), session.end()])
})

test('a URL may name a socket folder in the forms that libpq takes', async (t) => {
  if (typeof database.target === 'string') return t.skip('the given server may have no socket')
  const { socketDir, database: name } = database.target
  const urls = [
    `postgres:///${name}?host=${socketDir}&user=todo`,
    `postgres://todo@/${name}?host=${encodeURIComponent(socketDir)}`,
    `postgresql://todo@${encodeURIComponent(socketDir)}:5432/${name}`,
  ]
  for (const url of urls) {
    const db = connect(url, { max: 1, name: 'test' })
    const [row] = await db`select current_database() as name`
    assert.equal(row?.name, name)
    await db.end()
  }
})

test('what is no URL of a Postgres is refused without repeating it, for it may hold a password', () => {
  for (const url of ['mysql://root:secret@localhost/x', 'secret', 'postgres//secret']) {
    assert.throws(
      () => connect(url, { max: 1, name: 'test' }),
      (error: Error) => !error.message.includes('secret'),
    )
  }
})
