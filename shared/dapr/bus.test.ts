import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { taskEvent } from '../../test/support/events.ts'
import { AppError } from '../errors.ts'
import type { EventRecord } from '../events.ts'
import { createDaprBus } from './bus.ts'

type Call = { path: string; headers: Record<string, unknown>; body: unknown }
type Reply = { status: number; body?: unknown; hang?: boolean }

const never = new AbortController().signal
const servers: Server[] = []
after(() => {
  for (const server of servers) server.closeAllConnections()
  for (const server of servers) server.close()
})

/** A sidecar that answers as told, for what the real one can hardly be made to say. */
async function fakeSidecar(reply: (call: Call) => Reply) {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const call = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) }
    calls.push(call)
    const { status, body, hang } = reply(call)
    if (hang) return
    response.writeHead(status)
    response.end(body === undefined ? undefined : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(server)
  const sidecar = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { calls, bus: createDaprBus({ sidecar, apiToken: 'token', timeoutMs: 500 }) }
}

const isBulk = ({ path }: Call) => path.startsWith('/v1.0/publish/bulk/')
const reasonIs = (reason: string) => (error: unknown) => error instanceof AppError && error.reason === reason
const wave = (): EventRecord[] => [taskEvent(1, 1), taskEvent(2, 1), taskEvent(3, 1)]

test('a wave is one call to the stable endpoint, with the task id as key of each entry', async () => {
  const { bus, calls } = await fakeSidecar(() => ({ status: 204 }))
  const events = wave()
  const results = await bus.publish(events, never)
  assert.deepEqual(
    results,
    events.map(({ eventId }) => ({ eventId, ok: true })),
  )
  assert.equal(calls.length, 1)
  assert.equal(calls[0]?.path, '/v1.0/publish/bulk/task-pubsub/task-events')
  assert.equal(calls[0]?.headers['dapr-api-token'], 'token')
  const entries = calls[0]?.body as {
    entryId: string
    metadata: { partitionKey: string }
    contentType: string
  }[]
  assert.deepEqual(
    entries.map(({ metadata }) => metadata.partitionKey),
    ['1', '2', '3'],
  )
  assert.ok(entries.every(({ contentType }) => contentType === 'application/cloudevents+json'))
})

test('each topic has its own call', async () => {
  const { bus, calls } = await fakeSidecar(() => ({ status: 204 }))
  await bus.publish([taskEvent(1, 1), taskEvent(2, 1, { type: 'notification.send' })], never)
  assert.deepEqual(
    calls.map(({ path }) => path.split('/').at(-1)),
    ['task-events', 'notification-events'],
  )
})

test('of a call that failed in part only the named entries count as failed', async () => {
  const events = wave()
  const failedEntries = [{ entryId: events[1]!.eventId, error: 'too large' }]
  const { bus } = await fakeSidecar(() => ({
    status: 500,
    body: { failedEntries, errorCode: 'ERR_PUBSUB_PUBLISH_MESSAGE' },
  }))
  assert.deepEqual(
    (await bus.publish(events, never)).map((result) => result.ok),
    [true, false, true],
  )
})

test('a call that failed in every entry is thrown when the bus is away, and not when the events are to blame', async () => {
  const events = wave()
  const failing = (error: string) => ({
    status: 500,
    body: {
      failedEntries: events.map(({ eventId }) => ({ entryId: eventId, error })),
      errorCode: 'ERR_PUBSUB_PUBLISH_MESSAGE',
    },
  })
  const away = await fakeSidecar(() => failing('circuit breaker is open'))
  await assert.rejects(away.bus.publish(events, never), reasonIs('publish_failed'))
  const tooLarge = await fakeSidecar(() => failing('kafka server: Message was too large, server rejected it'))
  const results = await tooLarge.bus.publish(events, never)
  assert.ok(results.every((result) => !result.ok))
})

test('a component that is not loaded yet makes the whole call fail, so that nobody takes it for poison', async () => {
  const { bus } = await fakeSidecar(() => ({ status: 404, body: { errorCode: 'ERR_PUBSUB_NOT_FOUND' } }))
  await assert.rejects(bus.publish(wave(), never), reasonIs('pubsub_not_loaded'))
})

test('a failure that names no entries is thrown, as the events may be on the bus or not', async () => {
  for (const body of [undefined, {}, { errorCode: 'ERR_PUBSUB_PUBLISH_MESSAGE', failedEntries: [] }]) {
    const { bus } = await fakeSidecar(() => ({ status: 500, body }))
    await assert.rejects(bus.publish(wave(), never), reasonIs('publish_failed'))
  }
})

test('a wave that is refused for one of its events is sent one by one', async () => {
  for (const refusal of [
    { status: 400, body: { errorCode: 'ERR_PUBSUB_EVENTS_SER' } },
    { status: 413 },
    { status: 500, body: { errorCode: 'ERR_PUBSUB_CLOUD_EVENTS_SER' } },
  ]) {
    const { bus, calls } = await fakeSidecar((call) =>
      isBulk(call) || call.path.endsWith('=2') ? refusal : { status: 204 },
    )
    const results = await bus.publish(wave(), never)
    assert.deepEqual(
      results.map((result) => result.ok),
      [true, false, true],
    )
    assert.equal(calls.length, 4)
    assert.equal(calls[1]?.path, '/v1.0/publish/task-pubsub/task-events?metadata.partitionKey=1')
  }
})

test('a sidecar that never answers is given up in time, and so is one that the caller no longer waits for', async () => {
  const { bus } = await fakeSidecar(() => ({ status: 204, hang: true }))
  await assert.rejects(bus.publish(wave(), never), reasonIs('sidecar_unreachable'))
  const controller = new AbortController()
  const publishing = bus.publish(wave(), controller.signal)
  controller.abort()
  await assert.rejects(publishing, reasonIs('sidecar_unreachable'))
})
