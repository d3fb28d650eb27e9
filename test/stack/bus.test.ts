import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { createDaprInbox, type Delivery } from '../../shared/dapr/inbox.ts'
import { AppError } from '../../shared/errors.ts'
import type { EventRecord } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'
import { createWitness, publishAll, taskEvent } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'

const stack = await startTestStack()
const { secrets } = stack
const silent = createLog('test', { level: 'silent' })
const never = new AbortController().signal
const bus = createDaprBus({ sidecar: stack.sidecar('server'), apiToken: secrets.daprApiToken })
const arrived = createWitness<EventRecord>()
const deliveries = createWitness<Delivery>()
const handler = async (event: EventRecord) => {
  arrived.add(event)
  return 'ok' as const
}
const inbox = createDaprInbox({
  appToken: secrets.appApiToken,
  log: silent,
  observe: deliveries.add,
  handlers: { 'task-events': handler, 'notification-events': handler },
})
await stack.serveApp('notifier', inbox)
stack.atEnd(bus.close)

test('what is published arrives as it was, and the events of one task in their order', async () => {
  const waves = 20
  const tasks = 40
  for (let version = 1; version <= waves; version++) {
    await publishAll(
      bus,
      Array.from({ length: tasks }, (_, task) => taskEvent(1000 + task, version)),
    )
  }
  const firsts = () => new Map(arrived.seen.map((event) => [event.eventId, event]))
  await arrived.until('all events', () => firsts().size >= waves * tasks)
  const byTask = Map.groupBy(firsts().values(), (event) => event.subject)
  assert.equal(byTask.size, tasks)
  const wanted = Array.from({ length: waves }, (_, i) => i + 1)
  for (const events of byTask.values()) {
    const versions = events.map((event) => event.data.version)
    assert.deepEqual(versions, wanted)
  }
})

test('an event keeps its id, time, source, trace and data on the way', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const event = taskEvent(2000, 1, {
    traceparent,
    source: '/todo/recurrer',
    time: '2026-11-21T09:00:00.123Z',
  })
  await bus.publish([event], never)
  await arrived.until('the event', (seen) => seen.some((one) => one.eventId === event.eventId))
  const got = arrived.seen.find((one) => one.eventId === event.eventId)
  assert.deepEqual(got, event)
})

test('on the broker the key is the task id and the value a CloudEvent', async () => {
  const event = taskEvent(2100, 1)
  await bus.publish([event], never)
  const found = createWitness<{ key: string; value: Record<string, unknown> }>()
  const consumer = stack.kafka.consumer({ groupId: 'test-look' })
  await consumer.connect()
  await consumer.subscribe({ topic: 'task-events', fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) =>
      found.add({ key: String(message.key), value: JSON.parse(String(message.value)) }),
  })
  await found.until('the record', (seen) => seen.some(({ value }) => value.id === event.eventId))
  await consumer.disconnect()
  const record = found.seen.find(({ value }) => value.id === event.eventId)!
  assert.equal(record.key, '2100')
  assert.equal(record.value.specversion, '1.0')
  assert.equal(record.value.subject, '2100')
  assert.deepEqual(record.value.data, event.data)
})

test('an event that the broker refuses fails alone, the others of its call arrive', async () => {
  const tooLarge = taskEvent(2200, 1)
  tooLarge.data.ballast = 'x'.repeat(1_200_000)
  const fine = [taskEvent(2201, 1), taskEvent(2202, 1)]
  const results = await bus.publish([fine[0]!, tooLarge, fine[1]!], never)
  const failed = results.filter((result) => !result.ok)
  assert.deepEqual(
    failed.map((result) => result.eventId),
    [tooLarge.eventId],
  )
  for (const { eventId } of fine) {
    await arrived.until('the others', (seen) => seen.some((one) => one.eventId === eventId))
  }
})

test('more than one call can hold is sent in several', async () => {
  const events = Array.from({ length: 12 }, (_, i) => {
    const event = taskEvent(2300 + i, 1)
    event.data.ballast = 'x'.repeat(600_000)
    return event
  })
  const results = await bus.publish(events, never)
  assert.ok(results.every((result) => result.ok))
  assert.equal(results.length, 12)
})

test('a call that is refused as a whole is sent event by event, and only the bad one fails', async () => {
  const bad = taskEvent(2400, 1, { eventId: '' })
  const good = taskEvent(2401, 1)
  const results = await bus.publish([bad, good], never)
  assert.equal(results.find((result) => result.eventId === good.eventId)?.ok, true)
  await arrived.until('the good one', (seen) => seen.some((one) => one.eventId === good.eventId))
})

test('when the bus takes none of two hundred events, that is told of the bus and not of the sidecar', async () => {
  await stack.withAdmin((admin) => admin.deleteTopics({ topics: ['notification-events'] }))
  const events = Array.from({ length: 200 }, (_, i) => taskEvent(2500 + i, 1, { type: 'notification.send' }))
  // The answer carries all two hundred failures in one header of some 40 KB.
  await assert.rejects(
    bus.publish(events, never),
    (error) => error instanceof AppError && error.reason === 'publish_failed',
  )
})

test('an event that the broker refuses fails by itself, also when it is alone', async () => {
  const tooLarge = taskEvent(2700, 1)
  tooLarge.data.ballast = 'x'.repeat(1_200_000)
  assert.deepEqual(
    (await bus.publish([tooLarge], never)).map((result) => result.ok),
    [false],
  )
})

test('an app may not publish where it has no business', async () => {
  const stranger = createDaprBus({ sidecar: stack.sidecar('notifier'), apiToken: secrets.daprApiToken })
  await assert.rejects(stranger.publish([taskEvent(2800, 1)], never), AppError)
  await stranger.close()
})

test('without the sidecar a publication throws', async () => {
  await stack.stack.stop('daprd-recurrer')
  const nobody = createDaprBus({ sidecar: stack.sidecar('recurrer') })
  const isUnreachable = (error: unknown) =>
    error instanceof AppError && error.reason === 'sidecar_unreachable'
  await assert.rejects(nobody.publish([taskEvent(2900, 1)], never), isUnreachable)
  await nobody.close()
})
