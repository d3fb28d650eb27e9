import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from '../../test/support/postgres.ts'
import { createLog } from '../log.ts'
import { connect } from './connect.ts'
import { createLoneWake, createWake } from './wake.ts'

const log = createLog('test', { level: 'silent' })

/** Two server processes on one database, as far as waking is concerned. */
async function twoProcesses() {
  const database = await createDatabase()
  const stop = new AbortController()
  const second = connect(database.target, { max: 2, name: 'second' })
  const close = async () => {
    stop.abort()
    await second.end({ timeout: 1 })
    await database.drop()
  }
  return {
    db: database.db,
    here: createWake(database.db, log, stop.signal),
    there: createWake(second, log, stop.signal),
    stop,
    close,
  }
}

/** Resolves with the n-th call from now on. */
function calls(subscribe: (listener: () => void) => () => void) {
  let count = 0
  const waiting: { at: number; done: () => void }[] = []
  const off = subscribe(() => {
    count += 1
    for (const one of waiting.filter(({ at }) => at <= count)) one.done()
  })
  return {
    off,
    count: () => count,
    next: () => new Promise<void>((done) => waiting.push({ at: count + 1, done })),
  }
}

const listenersIn = async (db: Awaited<ReturnType<typeof twoProcesses>>['db']) => {
  const rows = await db`select pid from pg_stat_activity
    where datname = current_database() and query like 'listen %'`
  return rows.map((row) => row.pid as number)
}

test('a commit wakes the listeners of this process and of another one', async () => {
  const { here, there, close } = await twoProcesses()
  const [near, far] = [calls(here.onWake), calls(there.onWake)]
  await Promise.all([near.next(), far.next()])
  const woken = Promise.all([near.next(), far.next()])
  here.notify()
  await woken
  await close()
})

test('a burst of commits becomes a handful of wake-ups', async () => {
  const { here, there, close } = await twoProcesses()
  const far = calls(there.onWake)
  await far.next()
  const before = far.count()
  for (let i = 0; i < 1000; i += 1) {
    here.notify()
    if (i % 100 === 0) await new Promise(setImmediate)
  }
  await far.next()
  assert.ok(far.count() - before < 20, `${far.count() - before} wake-ups`)
  await close()
})

test('listeners are woken again after the connection that listens was lost', async () => {
  const { db, here, there, close } = await twoProcesses()
  const far = calls(there.onWake)
  await far.next()
  for (const pid of await listenersIn(db)) await db`select pg_terminate_backend(${pid})`
  // Listening again is itself a wake-up, for what was missed meanwhile.
  await far.next()
  while ((await listenersIn(db)).length === 0) await far.next()
  here.notify()
  await far.next()
  await close()
})

test('nobody is called after taking the listener off, nor after the process was told to stop', async () => {
  const { here, stop, close } = await twoProcesses()
  const [gone, kept] = [calls(here.onWake), calls(here.onWake)]
  await kept.next()
  gone.off()
  const before = gone.count()
  here.notify()
  await kept.next()
  assert.equal(gone.count(), before)
  stop.abort()
  const atStop = kept.count()
  here.notify()
  await new Promise(setImmediate)
  assert.equal(kept.count(), atStop)
  await close()
})

test('alone on its database, a process wakes its own listeners, once for many commits', async () => {
  const stop = new AbortController()
  const wake = createLoneWake(stop.signal)
  const [gone, kept] = [calls(wake.onWake), calls(wake.onWake)]
  gone.off()
  const woken = kept.next()
  for (let i = 0; i < 10; i += 1) wake.notify()
  await woken
  assert.deepEqual([gone.count(), kept.count()], [0, 1])
  stop.abort()
  wake.notify()
  await sleep(50)
  assert.equal(kept.count(), 1)
})
