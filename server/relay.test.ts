import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { connect } from '../shared/db/connect.ts'
import { createWake } from '../shared/db/wake.ts'
import type { EventRecord } from '../shared/events.ts'
import { createLog } from '../shared/log.ts'
import type { EventBus } from '../shared/ports.ts'
import { createDatabase, type TestDatabase } from '../test/support/postgres.ts'
import type { WriteDeps } from './change.ts'
import { relayConnection, startRelay } from './relay.ts'
import { changeTask, createTask, patching } from './tasks/service.ts'

let database: TestDatabase
let userId: string
const log = createLog('test', { level: 'silent' })

before(async () => {
  database = await createDatabase({ max: 8 })
  const [user] = await database.db<
    { id: string }[]
  >`insert into users (email) values ('relay@test') returning id`
  userId = user!.id
})
after(() => database.drop())
beforeEach(() => database.db`delete from outbox`)

const change = () => ({
  userId,
  changeId: crypto.randomUUID(),
  traceparent: null,
  dryRun: false,
  actor: null,
  ifMatch: null,
  within: null,
})

const patchTask = (deps: WriteDeps, id: number, title: string) =>
  changeTask(deps, change(), id, patching({ title }))

/** A bus that remembers what it took; `take` decides about each event. */
function recordingBus(take: (event: EventRecord) => boolean | Promise<boolean> = () => true) {
  const taken: EventRecord[] = []
  const waiting: { count: number; resolve: () => void }[] = []
  const bus: EventBus = {
    publish: async (events) => {
      const results = []
      for (const event of events) {
        const ok = await take(event)
        if (ok) taken.push(event)
        results.push(
          ok ? { eventId: event.eventId, ok } : { eventId: event.eventId, ok, error: 'refused by the test' },
        )
      }
      for (const one of waiting) if (taken.length >= one.count) one.resolve()
      return results
    },
  }
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      if (taken.length >= count) resolve()
      else waiting.push({ count, resolve })
    })
  return { bus, taken, until }
}

function relayWith(bus: EventBus, idleSessionMs: number = relayConnection.idleSessionMs) {
  const stop = new AbortController()
  const wake = createWake(database.db, log, stop.signal)
  const own = connect(database.target, { ...relayConnection, idleSessionMs })
  const relay = startRelay({ db: own, bus, wake, log }, stop.signal)
  const end = async () => {
    stop.abort()
    await relay.stopped
    await own.end()
  }
  return { deps: { db: database.db, onCommit: wake.notify }, state: relay.state, end }
}

const pendingCount = async () => (await database.db<{ n: number }[]>`select count(*) as n from outbox`)[0]!.n
const emptied = async () => {
  while ((await pendingCount()) > 0) await new Promise((resolve) => setImmediate(resolve))
}

test('a committed change reaches the bus as the contract’s payload and leaves the outbox', async () => {
  const { bus, taken, until } = recordingBus()
  const { deps, end } = relayWith(bus)
  const stored = await createTask(deps, change(), { title: 'Pay rent' })
  await until(1)
  await emptied()
  await end()
  const [event] = taken
  assert.equal(event!.type, 'task.created')
  assert.equal(event!.subject, String(stored.id))
  assert.equal(event!.source, '/todo/server')
  assert.deepEqual(event!.data.data, JSON.parse(stored.data))
  assert.equal(event!.data.previous, null)
  assert.match(event!.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('the events of one task are published in the order of their versions, whatever came before them', async () => {
  const deps = { db: database.db, onCommit: () => {} }
  const tasks = await Promise.all([1, 2, 3].map((n) => createTask(deps, change(), { title: `task ${n}` })))
  for (const title of ['b', 'c', 'd', 'e']) {
    for (const { id } of tasks) await patchTask(deps, id, title)
  }
  const { bus, taken, until } = recordingBus()
  const { end } = relayWith(bus)
  await until(15)
  await end()
  for (const { id } of tasks) {
    const versions = taken.filter(({ subject }) => subject === String(id)).map(({ data }) => data.version)
    assert.deepEqual(versions, [1, 2, 3, 4, 5])
  }
})

test('a refused event holds back its own task only, and comes again', async () => {
  let refusals = 1
  const deps = { db: database.db, onCommit: () => {} }
  const stuck = await createTask(deps, change(), { title: 'stuck' })
  await patchTask(deps, stuck.id, 'stuck still')
  const free = await createTask(deps, change(), { title: 'free' })
  const { bus, taken, until } = recordingBus(({ subject }) => subject !== String(stuck.id) || refusals-- <= 0)
  const { end } = relayWith(bus)
  await until(1)
  assert.deepEqual(
    taken.map(({ subject }) => subject),
    [String(free.id)],
  )
  await until(3)
  await end()
  const versions = taken.filter(({ subject }) => subject === String(stuck.id)).map(({ data }) => data.version)
  assert.deepEqual(versions, [1, 2])
})

test('while the bus is down one event at a time is tried, and everything drains in order when it is back', async () => {
  const waves: number[] = []
  let isDown = true
  const { bus: good, taken, until } = recordingBus()
  let tried: () => void = () => {}
  const triedTwice = new Promise<void>((resolve) => {
    tried = () => waves.length >= 2 && resolve()
  })
  const bus: EventBus = {
    publish: async (events, signal) => {
      waves.push(events.length)
      tried()
      if (isDown) throw new Error('the broker is away')
      return good.publish(events, signal)
    },
  }
  const { deps, state, end } = relayWith(bus)
  const task = await createTask(deps, change(), { title: 'a' })
  for (const title of ['b', 'c']) await patchTask(deps, task.id, title)
  await Promise.all([1, 2, 3].map((n) => createTask(deps, change(), { title: `other ${n}` })))
  await triedTwice
  assert.equal(state.isBusDown, true)
  assert.equal(await pendingCount(), 6)
  isDown = false
  await until(6)
  await end()
  assert.equal(waves[1], 1, 'a probe carries one event')
  const versions = taken.filter(({ subject }) => subject === String(task.id)).map(({ data }) => data.version)
  assert.deepEqual(versions, [1, 2, 3])
})

test('of two relays one publishes, and the other takes over when it stops', async () => {
  const first = recordingBus()
  const second = recordingBus()
  const one = relayWith(first.bus)
  await createTask(one.deps, change(), { title: 'first' })
  await first.until(1)
  const two = relayWith(second.bus)
  assert.equal(one.state.isLeader, true)
  assert.equal(two.state.isLeader, false)
  await one.end()
  await createTask(two.deps, change(), { title: 'second' })
  await second.until(1)
  assert.equal(two.state.isLeader, true)
  await two.end()
  assert.equal(first.taken.length, 1)
})

test('a relay whose database session is cut off gives up the lead and wins it again', async () => {
  const { bus, until } = recordingBus()
  const { deps, state, end } = relayWith(bus)
  await createTask(deps, change(), { title: 'before' })
  await until(1)
  await database.db`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objid = 7203402 and pid <> pg_backend_pid()`
  await createTask(deps, change(), { title: 'after' })
  await until(2)
  assert.equal(state.isLeader, true)
  await end()
})

test('a leader of which nothing is heard loses the lead to another, and a late answer changes nothing', async () => {
  const { promise: late, resolve: answer } = Promise.withResolvers<void>()
  const { promise: asked, resolve: hang } = Promise.withResolvers<void>()
  const hanging = recordingBus(async () => {
    hang()
    await late
    return true
  })
  const one = relayWith(hanging.bus, 300)
  const task = await createTask(one.deps, change(), { title: 'first' })
  await asked
  const { bus, taken, until } = recordingBus()
  const two = relayWith(bus)
  await until(1)
  await patchTask(two.deps, task.id, 'second')
  await until(2)
  answer()
  await patchTask(two.deps, task.id, 'third')
  await until(3)
  await Promise.all([one.end(), two.end()])
  assert.deepEqual(
    taken.map(({ data }) => data.version),
    [1, 2, 3],
  )
  assert.equal(hanging.taken.length, 1, 'what the old one published is a repeat')
})

test('a relay counts what it published, what was refused, what failed, and how long it took', async () => {
  const answers = [() => Promise.reject(new Error('away')), () => false, () => true]
  const { bus: last, until } = recordingBus(() => answers[0]!())
  const bus: EventBus = {
    publish: (events, signal) =>
      last.publish(events, signal).finally(() => answers.length > 1 && answers.shift()),
  }
  const { deps, state, end } = relayWith(bus)
  await createTask(deps, change(), { title: 'a' })
  await until(1)
  await emptied()
  await end()
  assert.deepEqual(
    [state.published, state.refused, state.failures, state.isBusDown, state.fault],
    [1, 1, 1, false, null],
  )
  assert.equal(
    state.delays.counts.reduce((all, one) => all + one),
    1,
  )
})
