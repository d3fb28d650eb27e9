import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createArrivalWatch, shutdownSidecar } from '../../shared/dapr/arrivals.ts'
import { createDaprBus, toCloudEvent } from '../../shared/dapr/bus.ts'
import { createDaprInbox } from '../../shared/dapr/inbox.ts'
import { deadLetterTopic } from '../../shared/dapr/names.ts'
import type { Db } from '../../shared/db/connect.ts'
import type { EventRecord } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'
import { memoryState } from '../../shared/memory.ts'
import type { Verdict } from '../../shared/ports.ts'
import { createWitness, publishAll, taskEvent } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'

const stack = await startTestStack()
const { secrets } = stack
const bus = createDaprBus({ sidecar: stack.sidecar('server'), apiToken: secrets.daprApiToken })
const log = createLog('test', { level: 'silent' })

const arrived = createWitness<EventRecord>()
const aborted = createWitness<string>()
const ticks = createWitness<number>()
/** What the handler does with a task's events; any other task is fine. */
const plans = new Map<string, (attempt: number, signal: AbortSignal) => Promise<Verdict>>()

const handler = (event: EventRecord, signal: AbortSignal): Promise<Verdict> => {
  arrived.add(event)
  const attempt = attemptsOf(event)
  return plans.get(event.subject)?.(attempt, signal) ?? Promise.resolve('ok')
}
const attemptsOf = (event: EventRecord) => arrived.seen.filter((one) => one.eventId === event.eventId).length
const inboxOf = (onTick?: () => Promise<void>) =>
  createDaprInbox({
    appToken: secrets.appApiToken,
    log,
    handlers: { 'task-events': handler },
    ...(onTick ? { onTick } : {}),
  })

let notifier = await stack.serveApp('notifier', inboxOf())
await stack.serveApp(
  'recurrer',
  inboxOf(async () => ticks.add(Date.now())),
)

type Dead = { key: string; headers: Record<string, string>; value: Record<string, unknown> }

/** The dead letters of the notifier, as they come. */
const dead = createWitness<Dead>()
const reader = stack.kafka.consumer({ groupId: 'test-dead' })
await reader.connect()
await reader.subscribe({ topic: deadLetterTopic('task-events', 'notifier'), fromBeginning: true })
await reader.run({
  eachMessage: async ({ message }) => {
    const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)])
    const value = JSON.parse(String(message.value))
    dead.add({ key: String(message.key), headers: Object.fromEntries(headers), value })
  },
})
stack.atEnd(() => reader.disconnect())
stack.atEnd(bus.close)

const publish = (...events: EventRecord[]) => publishAll(bus, events)
const deadLetterOf = (event: EventRecord) => dead.seen.find(({ value }) => value.id === event.eventId)

// It is never handled, and its retries last half a minute: it is sent first and looked for last. Its task's partition is
// not that of the tasks 1 to 6, which it would hold up.
const poison = taskEvent(90, 1)
plans.set('90', async () => 'retry')
await publish(poison)

test('a handler that fails gets the event again, until it succeeds', async () => {
  const event = taskEvent(1, 1)
  plans.set('1', async (attempt) => {
    if (attempt < 3) throw new Error('not yet')
    return 'ok'
  })
  await publish(event)
  await arrived.until('the third attempt', () => attemptsOf(event) >= 3)
  const next = taskEvent(1, 2)
  await publish(next)
  await arrived.until('the next event', () => attemptsOf(next) > 0)
  assert.equal(deadLetterOf(event), undefined)
})

test('a hopeless event goes to the dead letters at once, with its key and headers, and the partition goes on', async () => {
  const event = taskEvent(2, 1)
  plans.set('2', async () => 'drop')
  await publish(event, taskEvent(3, 1))
  await dead.until('the dead letter', () => deadLetterOf(event) !== undefined)
  const letter = deadLetterOf(event)!
  assert.equal(letter.key, '2')
  assert.equal(letter.headers.partitionkey ?? letter.headers.partitionKey, '2')
  assert.deepEqual(letter.value.data, event.data)
  assert.ok(attemptsOf(event) <= 2, 'each of the two apps saw it once')
  plans.set('2', async () => 'ok')
  const next = taskEvent(2, 2)
  await publish(next)
  await arrived.until('the next event of the same task', () => attemptsOf(next) > 0)
})

test('an unknown type is acknowledged, one that cannot be read goes to the dead letters', async () => {
  const foreign = taskEvent(4, 1, { type: 'task.teleported' })
  const broken = taskEvent(4, 2, { data: { event_type: 'task.updated', task_id: 'four' } })
  const fine = taskEvent(4, 3)
  for (const event of [foreign, broken, fine]) await publish(event)
  await arrived.until('what comes after them', () => attemptsOf(fine) > 0)
  await dead.until('the broken one', () => deadLetterOf(broken) !== undefined)
  assert.equal(deadLetterOf(foreign), undefined)
  assert.equal(attemptsOf(foreign) + attemptsOf(broken), 0)
})

test('an app that restarts makes no dead letters and misses nothing', async () => {
  const events: EventRecord[] = []
  const send = async (from: number, count: number) => {
    for (let version = from; version < from + count; version++) {
      const wave = Array.from({ length: 12 }, (_, task) => taskEvent(100 + task, version))
      events.push(...wave)
      await publish(...wave)
    }
  }
  await send(1, 3)
  await notifier.close()
  await send(4, 3)
  // Away for longer than the first few retries, during which every delivery is refused.
  await new Promise((resolve) => setTimeout(resolve, 5_000))
  notifier = await stack.serveApp('notifier', inboxOf())
  await send(7, 3)
  // Both apps get each event.
  await arrived.until(
    'all events at both apps',
    () => events.every((event) => attemptsOf(event) >= 2),
    40_000,
  )
  assert.deepEqual(
    events.filter((event) => deadLetterOf(event) !== undefined),
    [],
  )
})

test('a hung handler is cut, its signal ends, and other partitions go on meanwhile', async () => {
  const hung = taskEvent(5, 1)
  plans.set('5', async (attempt, signal) => {
    if (attempt > 2) return 'ok'
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    aborted.add(hung.eventId)
    return 'retry'
  })
  await publish(hung)
  await arrived.until('the first attempt', () => attemptsOf(hung) > 0)
  const others = Array.from({ length: 24 }, (_, task) => taskEvent(200 + task, 1))
  await publish(...others)
  // With twelve partitions some of them must be free.
  await arrived.until('others', () => others.some((event) => attemptsOf(event) > 0), 3_000)
  await aborted.until('the end of the signal', (seen) => seen.length > 0, 10_000)
  await arrived.until('the attempt that succeeds', () => attemptsOf(hung) > 2, 30_000)
})

test('the clock ticks at the recurrer only', async () => {
  await ticks.until('ticks', (seen) => seen.length >= 2, 10_000)
})

test('nobody but the sidecar is heard', async () => {
  const url = `http://127.0.0.1:${stack.ports.notifier}/events/task-events`
  const forged = taskEvent(6, 1)
  for (const token of ['', secrets.daprApiToken]) {
    const headers = { 'dapr-api-token': token }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(toCloudEvent(forged)) })
    assert.equal(response.status, 401)
  }
  assert.equal(attemptsOf(forged), 0)
})

test('each app reads in a group of its own name', async () => {
  const { groups } = await stack.withAdmin((admin) =>
    admin.describeGroups(['notifier', 'recurrer', 'server']),
  )
  const state = Object.fromEntries(groups.map((group) => [group.groupId, group.state]))
  assert.equal(state.notifier, 'Stable')
  assert.equal(state.recurrer, 'Stable')
  assert.notEqual(state.server, 'Stable')
})

test('an event that is never handled goes to the dead letters with its key, after half a minute of retries', async () => {
  await dead.until('the dead letter', () => deadLetterOf(poison) !== undefined, 60_000)
  const letter = deadLetterOf(poison)!
  assert.equal(letter.key, '90')
  assert.deepEqual(letter.value.data, poison.data)
  // Eleven deliveries to this app, and eleven to the other one.
  assert.ok(attemptsOf(poison) >= 11 && attemptsOf(poison) <= 22, `${attemptsOf(poison)} attempts`)
  plans.set('90', async () => 'ok')
  const next = taskEvent(90, 2)
  await publish(next)
  await arrived.until('the next event of the same task', () => attemptsOf(next) > 0)
})

test('a sidecar that has stopped to deliver is found and ended, and the next one brings what was missed', async () => {
  const { ports } = stack
  let published = 1
  const watch = createArrivalWatch({
    db: (async () => [{ id: published }]) as unknown as Db,
    state: memoryState(),
    log,
    lookMs: 100,
    graceMs: 1_500,
    restart: () => shutdownSidecar(`http://127.0.0.1:${ports.daprd.notifier.http}`, secrets.daprApiToken),
  })
  const stop = new AbortController()
  const running = watch.run(stop.signal)
  // The subscription is taken away under the sidecar, which otherwise is well.
  rmSync(join(stack.home, 'dapr/resources/subscriptions.yaml'))
  const before = taskEvent(300, 1)
  const deadline = Date.now() + 30_000
  for (let version = 1; stack.stack.pid('daprd-notifier') !== null; version++) {
    assert.ok(Date.now() < deadline, 'the sidecar was ended')
    await publish(version === 1 ? before : taskEvent(301, version))
    published += 1
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  stop.abort()
  await running
  await stack.stack.start('daprd-notifier')
  const after = taskEvent(300, 2)
  await publish(after)
  // At both apps: they share the file of subscriptions.
  const isThere = (event: EventRecord) => attemptsOf(event) >= 2
  await arrived.until('what was published meanwhile', () => isThere(before) && isThere(after), 30_000)
})
