import assert from 'node:assert/strict'
import { accessSync, chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { createHome, gone, type Home, type HomeOptions, processesWith } from '../test/support/daemon.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { readDaemonState } from './daemon.ts'

const homes: Home[] = []
after(() => Promise.all(homes.map((home) => home.remove())))

const newHome = async (options?: HomeOptions): Promise<Home> => {
  const home = await createHome(options)
  homes.push(home)
  return home
}

const add = async (home: Home): Promise<void> => {
  const answer = await home.request('POST', '/api/me/tasks', { title: 'a task' })
  assert.equal(answer.status, 201, JSON.stringify(answer))
}

const configure = (home: Home, settings: unknown) => {
  mkdirSync(home.paths.config, { recursive: true })
  writeFileSync(join(home.paths.config, 'config.json'), JSON.stringify(settings))
}

test('a daemon of another build stops in order and makes room', async () => {
  const home = await newHome()
  await add(home)
  const old = (await home.daemonPid())!
  const state = readDaemonState(home.paths)!
  // What a command of another build finds: no socket of its own name, and a state that is not its build's.
  writeFileSync(home.paths.daemonState, JSON.stringify({ ...state, build: 'another' }))
  rmSync(state.socket)
  const { body } = await home.request('GET', '/api/me/tasks')
  assert.equal(body?.items.length, 1)
  await gone(old)
  assert.notEqual(await home.daemonPid(), old)
  // It may notice the missing socket itself before it is told to go; it leaves in order either way.
  assert.match(readFileSync(home.paths.daemonLog, 'utf8'), /the local service has stopped/)
})

test('a command finds the daemon that another one started with a different runtime folder', async () => {
  const home = await newHome({ env: (folder) => ({ TODO_HOME: undefined, HOME: folder, TMPDIR: folder }) })
  const cron = await newHome({
    env: () => ({
      TODO_HOME: undefined,
      HOME: home.folder,
      TMPDIR: home.folder,
      XDG_RUNTIME_DIR: home.folder,
    }),
  })
  await add(home)
  const daemon = await home.daemonPid()
  assert.notEqual(cron.paths.run, home.paths.run)
  await add(cron)
  assert.equal(await home.daemonPid(), daemon)
})

test('a TODO_HOME too long for sockets works', async () => {
  const home = await newHome({ env: (folder) => ({ TODO_HOME: join(folder, 'l'.repeat(150)) }) })
  await add(home)
  assert.equal((statSync(dirname(readDaemonState(home.paths)!.socket)).mode & 0o777).toString(8), '700')
})

const cannotBeNobody = (): string | false => {
  if (process.getuid?.() !== 0) return 'only root can become another user'
  try {
    for (let path = import.meta.dirname; path !== '/'; path = dirname(path)) {
      if ((statSync(path).mode & 0o001) === 0) return `nobody cannot enter ${path}`
    }
    accessSync('/usr/bin/setpriv')
    return false
  } catch {
    return 'setpriv is not installed'
  }
}

test('an ordinary user without any XDG variable has all below HOME and the temp folder', {
  skip: cannotBeNobody(),
}, async () => {
  const env = (folder: string) => ({
    TODO_HOME: undefined,
    HOME: folder,
    TMPDIR: folder,
    XDG_RUNTIME_DIR: undefined,
    XDG_DATA_HOME: undefined,
    XDG_STATE_HOME: undefined,
  })
  const home = await newHome({ uid: 65534, env })
  await add(home)
  assert.equal(statSync(join(home.folder, '.local/share/todo/postgres')).uid, 65534)
  assert.equal(readDaemonState(home.paths)?.socket.startsWith(join(home.folder, 'todo-65534-')), true)
})

test('TODO_DATABASE_URL uses the database that is there and starts no other', async (t) => {
  const { target, db } = await createDatabase({ migrated: false })
  if (typeof target === 'string') return t.skip('the given server may have no socket')
  const url = `postgres://todo@/${target.database}?host=${encodeURIComponent(target.socketDir)}`
  const home = await newHome({ env: () => ({ TODO_DATABASE_URL: url }) })
  await add(home)
  assert.equal((await db`select from tasks`).length, 1)
  assert.deepEqual(processesWith(home.paths.postgresData), [])
})

test('a start that fails tells the command why and how to mend it, without the password', async () => {
  const home = await newHome({ env: () => ({ TODO_DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/db' }) })
  const answer = await home.request('GET', '/healthz')
  assert.match(answer.error!, /TODO_DATABASE_URL: .*ECONNREFUSED/)
  assert.match(answer.hint!, /unset/)
  assert.doesNotMatch(JSON.stringify(answer), /secret/)
})

test('a runtime folder that others can write to is not used', async () => {
  const home = await newHome()
  mkdirSync(home.paths.run)
  chmodSync(home.paths.run, 0o777)
  const answer = await home.request('GET', '/healthz')
  assert.match(answer.error!, /not safe/)
})

test('the daemon ends with its Postgres after the idle time that the settings give', async () => {
  const home = await newHome()
  configure(home, { daemon: { idle_minutes: 0.005 } })
  await add(home)
  const [daemon, postgres] = [readDaemonState(home.paths)!.pid, home.postgresPid()]
  await Promise.all([gone(daemon), gone(postgres)])
  await add(home)
})

test('the daemon ends with its Postgres when its folder is removed', async () => {
  const home = await newHome()
  await add(home)
  const [daemon, postgres] = [readDaemonState(home.paths)!.pid, home.postgresPid()]
  rmSync(home.folder, { recursive: true })
  await Promise.all([gone(daemon), gone(postgres)])
})
