import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { after, describe, test } from 'node:test'
import { createHome, gone, type Home, processesWith } from '../test/support/daemon.ts'
import { daemonStatus, readDaemonState, stopDaemon } from './daemon.ts'

const homes: Home[] = []
after(() => Promise.all(homes.map((home) => home.remove())))

const newHome = async (): Promise<Home> => {
  const home = await createHome()
  homes.push(home)
  return home
}

const add = async (home: Home, title: string): Promise<void> => {
  const answer = await home.request('POST', '/api/me/tasks', { title })
  assert.equal(answer.status, 201, JSON.stringify(answer))
}

const titles = async (home: Home): Promise<string[]> => {
  const { body } = await home.request('GET', '/api/me/tasks?limit=200')
  return body!.items.map(({ title }) => title)
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('a start that takes too long is not said to have failed, and serves the next command', async () => {
  const home = await newHome()
  const { error } = await home.request('GET', '/healthz', undefined, 10)
  assert.equal(error, 'The local service did not start in time.')
  await add(home, 'Later')
  assert.deepEqual(await titles(home), ['Later'])
})

describe('a first start by twenty commands at once', () => {
  let home: Home
  test('leaves one daemon, one Postgres and twenty tasks', async () => {
    home = await newHome()
    const names = Array.from({ length: 20 }, (_, n) => `task ${n}`)
    await Promise.all(names.map((name) => add(home, name)))
    assert.deepEqual((await titles(home)).sort(), names.sort())
    const starts = readFileSync(home.paths.daemonLog, 'utf8').match(/the local service runs/g)
    assert.equal(starts?.length, 1)
    if (process.platform === 'linux') {
      assert.deepEqual(processesWith(home.paths.postgresData), [home.postgresPid()])
    }
  })

  test('lets nobody else in: folders 0700, socket and state 0600', async () => {
    const { paths } = home
    for (const folder of [paths.data, paths.state, paths.run]) assert.equal(modeOf(folder), '700')
    for (const file of [paths.daemonState, paths.daemonLog, paths.lock]) assert.equal(modeOf(file), '600')
    assert.equal(modeOf(readDaemonState(paths)!.socket), '600')
  })

  test('says what runs, and after a stop that nothing does', async () => {
    const status = await daemonStatus(home.paths)
    assert.equal(status?.pid, await home.daemonPid())
    assert.ok(Date.parse(status!.started_at) <= Date.now())
    const postgres = home.postgresPid()
    assert.equal(await stopDaemon(home.paths), true)
    assert.equal(await daemonStatus(home.paths), null)
    assert.deepEqual(processesWith(home.paths.postgresData), [])
    await gone(postgres)
    assert.equal(await stopDaemon(home.paths), false)
  })

  test('is followed by ten cold ones that find all of it again', async () => {
    const lists = await Promise.all(Array.from({ length: 10 }, () => titles(home)))
    for (const list of lists) assert.equal(list.length, 20)
    assert.equal(processesWith(home.paths.postgresData).length, 1)
  })
})

describe('kill -9', () => {
  const acknowledged: string[] = []
  let home: Home
  const addAndRemember = async (title: string) => {
    await add(home, title)
    acknowledged.push(title)
  }

  test('of Postgres: the next command works, in the same daemon', async () => {
    home = await newHome()
    await addAndRemember('before')
    const daemon = await home.daemonPid()
    for (const round of [1, 2, 3]) {
      process.kill(home.postgresPid(), 'SIGKILL')
      await addAndRemember(`postgres ${round}`)
    }
    assert.equal(await home.daemonPid(), daemon)
  })

  test('of the daemon: the next one adopts its Postgres', async () => {
    const postgres = home.postgresPid()
    for (const round of [1, 2]) {
      process.kill((await home.daemonPid())!, 'SIGKILL')
      await addAndRemember(`daemon ${round}`)
    }
    assert.equal(home.postgresPid(), postgres)
  })

  test('of an adopted Postgres: the next command works', async () => {
    process.kill(home.postgresPid(), 'SIGKILL')
    await addAndRemember('adopted')
  })

  test('of both: the next command works', async () => {
    for (const round of [1, 2]) {
      process.kill((await home.daemonPid())!, 'SIGKILL')
      process.kill(home.postgresPid(), 'SIGKILL')
      await addAndRemember(`both ${round}`)
    }
  })

  test('of the daemon, and then a stop: its Postgres is stopped too', async () => {
    process.kill((await home.daemonPid())!, 'SIGKILL')
    const postgres = home.postgresPid()
    assert.equal(await stopDaemon(home.paths), true)
    await gone(postgres)
  })

  test('has lost no acknowledged task and made none twice', async () => {
    assert.deepEqual((await titles(home)).sort(), acknowledged.sort())
  })
})
