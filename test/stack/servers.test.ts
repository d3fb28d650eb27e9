import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startConsumer } from '../support/consumer.ts'
import { freePort } from '../support/ports.ts'
import { startTestStack } from '../support/stack.ts'
import { changeDuring, moreServers, openDatabase, registerPerson, servicesOf } from '../support/stack-api.ts'

const others = [await freePort(), await freePort()]
const servers = ['server', 'server-2', 'server-3']
const stack = await startTestStack({
  start: [['postgres', 'kafka', 'redis']],
  extra: (place) => [...servicesOf('server')(place), ...moreServers(others)(place)],
})
const db = await openDatabase(stack)
await stack.stack.start(...servers, 'daprd-server', 'daprd-notifier')
const urls = [stack.ports.server, ...others].map((port) => `http://127.0.0.1:${port}`)
const ann = await registerPerson(...urls)
const consumer = await startConsumer(stack, 'notifier')

/** The session that publishes; there is never more than one. */
const relays = () => db<{ pid: number }[]>`
  select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid
  where a.application_name = 'todo-relay' and l.locktype = 'advisory' and l.granted`

test('of three servers one publishes, and all their changes go out in order', async (t) => {
  const load = await changeDuring(ann, 50, async () => {
    for (let i = 0; i < 20; i++) {
      assert.equal((await relays()).length, 1)
      await sleep(100)
    }
  })
  assert.equal(load.failed, 0)
  const { repeats } = await consumer.check(db)
  assert.equal(repeats, 0)
  t.diagnostic(`${load.acknowledged} changes`)
})

test('every server killed in turn, so that the relay moves: nothing is lost, each task keeps its order', async (t) => {
  const before = (await db`select from events`).length
  const holders = new Set((await relays()).map(({ pid }) => pid))
  const load = await changeDuring(ann, 50, async () => {
    for (const name of servers) {
      await stack.stack.kill(name)
      // The lock is free as soon as Postgres notices; another server takes it within a second.
      await sleep(1_500)
      for (const { pid } of await relays()) holders.add(pid)
      await stack.stack.start(name)
    }
  })
  const { events, repeats } = await consumer.check(db)
  const written = events - before - 10
  assert.ok(written >= load.acknowledged && written <= load.acknowledged + load.failed, JSON.stringify(load))
  assert.ok(holders.size >= 2, 'the relay has moved')
  t.diagnostic(
    `${load.acknowledged} changes, ${load.failed} without an answer, ${repeats} repeats, ${holders.size} relays`,
  )
})

test('the session of the relay cut by Postgres: another takes over, nothing is lost', async () => {
  const [holder] = await relays()
  const load = await changeDuring(ann, 50, async () => {
    await db`select pg_terminate_backend(${holder!.pid})`
    await sleep(2_500)
  })
  assert.equal(load.failed, 0)
  await consumer.check(db)
  const now = await relays()
  assert.equal(now.length, 1)
  assert.notEqual(now[0]!.pid, holder!.pid)
})
