import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresPart, postgresUrl } from '../../deploy/local/postgres.ts'
import { applyTopics } from '../../ops/topics.ts'
import { createDaprInbox, type Delivery } from '../../shared/dapr/inbox.ts'
import type { EventRecord } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'
import { createWitness } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'
import { startTestApi } from '../support/stack-api.ts'

// Kafka is away at first: everything else starts without it.
const sidecars = ['daprd-server', 'daprd-notifier', 'daprd-recurrer']
const stack = await startTestStack({
  start: [['postgres', 'redis'], sidecars],
  extra: ({ home }) => [postgresPart(home)],
})
const { secrets } = stack
const api = await startTestApi({
  ...{
    databaseUrl: postgresUrl(stack.home),
    sidecar: stack.sidecar('server'),
    apiToken: secrets.daprApiToken,
  },
})
stack.atEnd(api.stop)

const arrived = createWitness<EventRecord>()
const deliveries = createWitness<Delivery>()
const handler = async (event: EventRecord) => {
  arrived.add(event)
  return 'ok' as const
}
const log = createLog('test', { level: 'silent' })
const inbox = { appToken: secrets.appApiToken, log, observe: deliveries.add }
await stack.serveApp('notifier', createDaprInbox({ ...inbox, handlers: { 'task-events': handler } }))

/** Every event in the log, in the order of commit. */
const committed = () => api.db<{ event_id: string; task_id: number; version: number }[]>`
  select event_id, task_id, version from events order by id`

/** Waits until everything committed has arrived, then checks that each task's events came in their order. */
async function allArriveInOrder(ms = 30_000) {
  const events = await committed()
  const has = (seen: EventRecord[]) => {
    const ids = new Set(seen.map((event) => event.eventId))
    return events.every((event) => ids.has(event.event_id))
  }
  await arrived.until('everything committed', has, ms)
  const firsts = new Map<string, EventRecord>()
  for (const event of arrived.seen) if (!firsts.has(event.eventId)) firsts.set(event.eventId, event)
  for (const [subject, ofTask] of Map.groupBy(firsts.values(), (event) => event.subject)) {
    const versions = ofTask.map((event) => Number(event.data.version))
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
      `task ${subject}`,
    )
  }
  return { events: events.length, repeats: arrived.seen.length - firsts.size }
}

/** Changes tasks at about the given rate until told to stop; the number of changes. Every one of them must succeed. */
async function changing(perSecond: number, during: () => Promise<void>) {
  const tasks = await Promise.all(
    Array.from({ length: 10 }, (_, i) => api.request('POST', '/tasks', { title: `busy ${i}` })),
  )
  let made = 0
  let going = true
  const load = (async () => {
    while (going) {
      const task = tasks[made % tasks.length]!
      await api.request('PATCH', `/tasks/${task.id}`, { title: `change ${made}` })
      made += 1
      await sleep(1000 / perSecond)
    }
  })()
  await during()
  going = false
  await load
  return made
}

test('Kafka away at boot: changes succeed and wait, and go out in order when it comes', async () => {
  const task = await api.request('POST', '/tasks', { title: 'before Kafka' })
  for (let i = 0; i < 5; i++) await api.request('PATCH', `/tasks/${task.id}`, { title: `version ${i}` })
  assert.equal(await api.pending(), 6)
  assert.equal(arrived.seen.length, 0)
  await stack.stack.start('kafka')
  await stack.withAdmin((admin) => applyTopics(admin, { replicationFactor: 1 }))
  assert.equal((await allArriveInOrder()).events, 6)
})

test('create, edit, complete, reopen, delete: each is one event, with its trace, and the outbox is empty', async () => {
  const task = await api.request('POST', '/tasks', { title: 'whole life' })
  await api.request('PATCH', `/tasks/${task.id}`, { title: 'whole long life' })
  await api.request('PATCH', `/tasks/${task.id}/complete`, {})
  await api.request('PATCH', `/tasks/${task.id}/complete`, { completed: false })
  await api.request('DELETE', `/tasks/${task.id}`)
  await allArriveInOrder()
  const mine = arrived.seen.filter((event) => event.subject === String(task.id))
  assert.deepEqual(
    [...new Map(mine.map((event) => [event.eventId, event.type])).values()],
    ['task.created', 'task.updated', 'task.completed', 'task.reopened', 'task.deleted'],
  )
  for (const end = Date.now() + 5_000; (await api.pending()) > 0 && Date.now() < end; ) await sleep(20)
  assert.equal(await api.pending(), 0)
})

test('commit to handler takes milliseconds', async (t) => {
  const from = deliveries.seen.length
  await changing(50, () => sleep(4_000))
  await allArriveInOrder()
  const ms = deliveries.seen.slice(from).map((delivery) => delivery.latencyMs ?? 0)
  const sorted = ms.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]
  t.diagnostic(`n ${sorted.length}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`)
  assert.ok(sorted.length > 100)
})

test('Kafka killed under load: no change fails, nothing is lost, each task keeps its order', async (t) => {
  const made = await changing(50, async () => {
    await sleep(1_000)
    await stack.stack.kill('kafka')
    await sleep(4_000)
    await stack.stack.start('kafka')
    await sleep(1_000)
  })
  const { repeats } = await allArriveInOrder()
  t.diagnostic(`${made} changes, ${repeats} repeats`)
})

test('the sidecars killed under load: no change fails, nothing is lost, each task keeps its order', async (t) => {
  const made = await changing(50, async () => {
    for (const name of ['daprd-server', 'daprd-notifier']) {
      await sleep(1_000)
      await stack.stack.kill(name)
      await sleep(1_000)
      await stack.stack.start(name)
    }
  })
  const { repeats } = await allArriveInOrder()
  t.diagnostic(`${made} changes, ${repeats} repeats`)
})

test('Redis killed: events go on', async () => {
  await stack.stack.kill('redis')
  const task = await api.request('POST', '/tasks', { title: 'without Redis' })
  await arrived.until('the event', (seen) => seen.some((event) => event.subject === String(task.id)), 5_000)
  await stack.stack.start('redis')
})

test('Postgres killed: what was committed goes out, and changes succeed again', async () => {
  await changing(50, () => sleep(500))
  await stack.stack.kill('postgres')
  await assert.rejects(api.request('POST', '/tasks', { title: 'no database' }))
  await stack.stack.start('postgres')
  await api.request('POST', '/tasks', { title: 'back again' })
  await allArriveInOrder()
})
