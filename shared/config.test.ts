import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { cliConfig, daemonEnvironment, homePaths, postgresEnvironment } from './config.ts'

const runtime = mkdtempSync(join(tmpdir(), 'todo-config-'))
after(() => rmSync(runtime, { recursive: true }))

const uid = process.getuid?.() ?? 0
const pathsOf = (env: Record<string, string>) => homePaths(cliConfig(env))

test('TODO_HOME holds everything, also when it is a relative path', () => {
  const paths = pathsOf({ TODO_HOME: '/srv/mine', XDG_DATA_HOME: '/elsewhere' })
  assert.equal(paths.config, '/srv/mine/config')
  assert.equal(paths.postgresData, '/srv/mine/data/postgres')
  assert.equal(paths.lock, '/srv/mine/data/daemon.lock')
  assert.equal(paths.daemonLog, '/srv/mine/state/daemon.log')
  assert.equal(paths.run, '/srv/mine/run')
  assert.equal(pathsOf({ TODO_HOME: 'mine' }).data, join(process.cwd(), 'mine/data'))
})

test('without any variable the XDG defaults count, and the socket goes below the temp folder', () => {
  const paths = pathsOf({ HOME: '/home/ann', TMPDIR: '/tmp' })
  assert.equal(paths.config, '/home/ann/.config/todo')
  assert.equal(paths.data, '/home/ann/.local/share/todo')
  assert.equal(paths.state, '/home/ann/.local/state/todo')
  assert.match(paths.run, new RegExp(`^/tmp/todo-${uid}-[0-9a-f]{16}$`))
})

test('two homes of one user never share a socket', () => {
  for (const shared of [{ TMPDIR: '/tmp' }, { XDG_RUNTIME_DIR: runtime }]) {
    const [one, two] = [pathsOf({ HOME: '/home/ann', ...shared }), pathsOf({ HOME: '/mnt/ann', ...shared })]
    assert.notEqual(one.socket, two.socket)
    assert.equal(one.socket, pathsOf({ HOME: '/home/ann', ...shared }).socket)
  }
})

test('XDG folders are followed when they are absolute', () => {
  const env = { HOME: '/home/ann', XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: 'relative', XDG_STATE_HOME: '/s' }
  const paths = pathsOf({ ...env, XDG_RUNTIME_DIR: runtime })
  assert.equal(paths.config, '/c/todo')
  assert.equal(paths.data, '/home/ann/.local/share/todo')
  assert.equal(paths.state, '/s/todo')
  assert.equal(dirname(paths.run), runtime)
})

test('a runtime folder that does not exist is not used', () => {
  const paths = pathsOf({ HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/does-not-exist', TMPDIR: '/tmp' })
  assert.equal(dirname(paths.run), '/tmp')
})

test('two long homes have two different socket folders that are short enough, each always the same', () => {
  const long = `/srv/${'x'.repeat(150)}`
  const [one, two] = [pathsOf({ TODO_HOME: `${long}1` }).run, pathsOf({ TODO_HOME: `${long}2` }).run]
  assert.notEqual(one, two)
  assert.equal(one, pathsOf({ TODO_HOME: `${long}1` }).run)
  assert.ok(join(one, '.s.PGSQL.5432').length < 104)
  assert.ok(pathsOf({ TODO_HOME: long, TMPDIR: `/${'t'.repeat(100)}` }).run.length < 88)
})

test('an empty variable counts as unset', () => {
  const config = cliConfig({
    HOME: '/h',
    TODO_HOME: '',
    NO_COLOR: '',
    TODO_API_URL: '',
    TODO_DATABASE_URL: '',
  })
  assert.equal(config.todoHome, null)
  assert.equal(config.apiUrl, null)
  assert.equal(config.databaseUrl, null)
  assert.equal(config.color.never, false)
})

test('the daemon does not inherit wishes of the one command that started it', () => {
  const env = {
    HOME: '/h',
    TODO_HOME: '/t',
    TODO_NOW: '2026-01-01T00:00:00Z',
    TODO_TOKEN: 'x',
    NODE_OPTIONS: '-x',
  }
  assert.deepEqual(daemonEnvironment(env), { HOME: '/h', TODO_HOME: '/t' })
})

test("Postgres does not see the caller's PG variables, locale or zone", () => {
  const env = postgresEnvironment({
    PATH: '/bin',
    PGPORT: '1',
    PGDATA: '/x',
    LC_ALL: 'tr_TR',
    TZ: 'Asia/Tokyo',
  })
  assert.deepEqual(env, { PATH: '/bin', LC_ALL: 'C', TZ: 'UTC' })
})
