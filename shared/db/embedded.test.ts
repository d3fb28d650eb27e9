import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { connect, type Db } from './connect.ts'
import { type EmbeddedPostgres, startPostgres, stopLeftPostgres } from './embedded.ts'

let base: string
let postgres: EmbeddedPostgres
const others: { kill(): void }[] = []
// Waiting for the end of Postgres keeps no process running, and Node 22 would end the tests over it.
const awake = setInterval(() => {}, 60_000)

const options = () => ({
  dataDir: join(base, 'data/postgres'),
  socketDir: join(base, 'run'),
  logFile: join(base, 'state/postgres.log'),
})

const query = async <T>(work: (db: Db) => Promise<T>, server: EmbeddedPostgres = postgres): Promise<T> => {
  const db = connect(server, { max: 1, name: 'test' })
  return work(db).finally(() => db.end({ timeout: 1 }))
}

const pidFile = () => join(base, 'data/postgres/postmaster.pid')

const killHard = async (server: EmbeddedPostgres) => {
  process.kill(server.pid, 'SIGKILL')
  await server.exited
}

before(async () => {
  base = await mkdtemp(join(tmpdir(), 'todo-embedded-'))
  postgres = await startPostgres(options())
  await query((db) => db`create table acknowledged (n int)`)
})

beforeEach(async () => {
  if (!postgres.isAlive()) postgres = await startPostgres(options())
})

after(async () => {
  clearInterval(awake)
  for (const other of others) other.kill()
  await postgres.stop()
  rmSync(base, { recursive: true })
})

test('it listens on a socket that only its user can reach, never on TCP', async () => {
  const [row] = await query(
    (db) => db`select inet_server_addr() as tcp, current_setting('listen_addresses') as on`,
  )
  assert.deepEqual({ ...row }, { tcp: null, on: '' })
  assert.equal((statSync(options().socketDir).mode & 0o777).toString(8), '700')
  assert.equal((statSync(join(options().socketDir, '.s.PGSQL.5432')).mode & 0o777).toString(8), '700')
  assert.equal((statSync(options().dataDir).mode & 0o777).toString(8), '700')
  assert.equal((statSync(options().logFile).mode & 0o777).toString(8), '600')
})

test('a commit is on the disk and sorting does not hang on the machine: nothing recommended weakens that', async () => {
  const [row] = await query(
    (db) => db`select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
      current_setting('full_page_writes') as pages, current_setting('data_checksums') as checksums,
      'Äb' < 'Öa' and lower('ÄÖ') = 'äö' as locale, current_setting('TimeZone') as zone`,
  )
  const expected = { fsync: 'on', commit: 'on', pages: 'on', checksums: 'on', locale: true, zone: 'UTC' }
  assert.deepEqual({ ...row }, expected)
})

test('one that runs already is adopted, and stopping it works as for an own one', async () => {
  const adopted = await startPostgres(options())
  assert.equal(adopted.adopted, true)
  assert.equal(adopted.pid, postgres.pid)
  await adopted.stop()
  await Promise.all([adopted.exited, postgres.exited])
  assert.equal(postgres.isAlive(), false)
})

test('one that a dead starter left behind can be stopped without starting anything', async () => {
  assert.equal(await stopLeftPostgres(options().dataDir), true)
  assert.equal(postgres.isAlive(), false)
  assert.equal(await stopLeftPostgres(options().dataDir), false)
  assert.equal(await stopLeftPostgres(join(base, 'nothing')), false)
})

test('after kill -9 the next one starts with every acknowledged row', async () => {
  for (const n of [1, 2, 3]) {
    await query((db) => db`insert into acknowledged values (${n})`)
    await killHard(postgres)
    postgres = await startPostgres(options())
    assert.equal(postgres.adopted, false)
  }
  assert.equal((await query((db) => db`select from acknowledged where n between 1 and 3`)).length, 3)
})

test("a zombie or a stranger with the old one's number does not keep the next one from starting", async () => {
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' })
  // The shell becomes a sleep that never asks for its child, which so stays a zombie.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  others.push(stranger, parent)
  const [chunk] = await once(parent.stdout, 'data')
  for (const pid of [String(stranger.pid), String(chunk).trim()]) {
    await killHard(postgres)
    const lines = readFileSync(pidFile(), 'utf8').split('\n')
    writeFileSync(pidFile(), [pid, ...lines.slice(1)].join('\n'))
    const lock = join(options().socketDir, '.s.PGSQL.5432.lock')
    const lockLines = readFileSync(lock, 'utf8').split('\n')
    writeFileSync(lock, [pid, ...lockLines.slice(1)].join('\n'))
    postgres = await startPostgres(options())
    assert.equal(postgres.adopted, false)
  }
})

test('one whose socket has been removed is replaced', async () => {
  rmSync(join(options().socketDir, '.s.PGSQL.5432'))
  const next = await startPostgres(options())
  await postgres.exited
  postgres = next
  await query((db) => db`select 1`)
})

test('a start that was killed half-way leaves nothing in the way of the next', async () => {
  await postgres.stop()
  const half = join(base, 'data/postgres.new-1')
  mkdirSync(half)
  writeFileSync(join(half, 'PG_VERSION'), '18\n')
  rmSync(options().dataDir, { recursive: true })
  postgres = await startPostgres(options())
  await query((db) => db`create table acknowledged (n int)`)
  assert.deepEqual(
    readdirSync(join(base, 'data')).filter((name) => name.includes('new')),
    [],
  )
})

test('data of another major version is refused and left as it is', async () => {
  await postgres.stop()
  const file = join(options().dataDir, 'PG_VERSION')
  const right = readFileSync(file, 'utf8')
  writeFileSync(file, '17\n')
  await assert.rejects(startPostgres(options()), { code: 'unavailable', reason: 'database_major' })
  assert.equal(readFileSync(file, 'utf8'), '17\n')
  writeFileSync(file, right)
})

test('a folder with something else in it is refused and left as it is', async () => {
  const dataDir = join(base, 'data/photos')
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'cat.jpg'), 'cat')
  await assert.rejects(startPostgres({ ...options(), dataDir }), { reason: 'not_a_database' })
  assert.deepEqual(readdirSync(dataDir), ['cat.jpg'])
})

test('a socket folder that others can write to is refused', async () => {
  const socketDir = join(base, 'shared')
  mkdirSync(socketDir)
  chmodSync(socketDir, 0o777)
  const dataDir = join(base, 'data/other')
  await assert.rejects(startPostgres({ ...options(), dataDir, socketDir }), { reason: 'unsafe_folder' })
})

test('a setting that Postgres refuses is told with its own words', async () => {
  await postgres.stop()
  const settings = { shared_buffers: 'a lot' }
  await assert.rejects(
    startPostgres({ ...options(), settings }),
    /invalid value for parameter "shared_buffers"/,
  )
})

test('a path too long for a socket works, in a folder of its own', async () => {
  const long = join(base, 'l'.repeat(120))
  const other = await startPostgres({
    dataDir: join(long, 'postgres'),
    socketDir: join(long, 'run'),
    logFile: join(long, 'postgres.log'),
  })
  try {
    assert.notEqual(other.socketDir, join(long, 'run'))
    assert.equal((statSync(other.socketDir).mode & 0o777).toString(8), '700')
    await query((db) => db`select 1`, other)
  } finally {
    await other.stop()
    rmSync(other.socketDir, { recursive: true })
  }
})
