import assert from 'node:assert/strict'
import { test } from 'node:test'
import { taskEvent } from '../../test/support/events.ts'
import type { EventRecord } from '../events.ts'
import { createLog } from '../log.ts'
import type { Verdict } from '../ports.ts'
import { toCloudEvent } from './bus.ts'
import { createDaprInbox, type Delivery } from './inbox.ts'

const token = 'a-token-of-some-length'
const written: string[] = []
const log = createLog('test', { destination: { write: (line: string) => void written.push(line) } })

function build(
  handle: (event: EventRecord) => Promise<Verdict> = async () => 'ok',
  onTick?: () => Promise<void>,
) {
  const deliveries: Delivery[] = []
  const observe = (delivery: Delivery) => void deliveries.push(delivery)
  const handlers = { 'task-events': handle }
  const app = createDaprInbox({ appToken: token, handlers, log, observe, ...(onTick ? { onTick } : {}) })
  const post = async (body: unknown, path = '/events/task-events') => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const headers = { 'dapr-api-token': token, 'content-type': 'application/cloudevents+json' }
    const response = await app.request(path, { method: 'POST', headers, body: text })
    const status = response.status === 200 ? ((await response.json()) as { status?: string }).status : null
    return { http: response.status, status }
  }
  return { app, post, deliveries }
}

test('the handler gets the event as it was published, and its verdict becomes the answer', async () => {
  const seen: EventRecord[] = []
  for (const [verdict, answer] of [
    ['ok', 'SUCCESS'],
    ['retry', 'RETRY'],
    ['drop', 'DROP'],
  ] as const) {
    const { post, deliveries } = build(async (event) => {
      seen.push(event)
      return verdict
    })
    const event = taskEvent(1, 1, { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' })
    assert.deepEqual(await post(toCloudEvent(event)), { http: 200, status: answer })
    assert.deepEqual(seen.at(-1), event)
    assert.equal(deliveries[0]?.outcome, verdict)
  }
})

test('a handler that throws is answered RETRY, never SUCCESS', async () => {
  const { post } = build(async () => {
    throw new Error('the database is away')
  })
  assert.equal((await post(toCloudEvent(taskEvent(1, 1)))).status, 'RETRY')
})

test('an unknown type is acknowledged and counted without the handler', async () => {
  const { post, deliveries } = build(async () => assert.fail('not called'))
  assert.equal((await post(toCloudEvent(taskEvent(1, 1, { type: 'task.teleported' })))).status, 'SUCCESS')
  assert.deepEqual(
    deliveries.map(({ type, outcome }) => [type, outcome]),
    [['task.teleported', 'foreign']],
  )
})

test('a name that every object has is an unknown type too', async () => {
  const { post } = build(async () => assert.fail('not called'))
  assert.equal((await post(toCloudEvent(taskEvent(1, 1, { type: 'toString' })))).status, 'SUCCESS')
})

test('unknown fields are handed on and counted', async () => {
  const { post, deliveries } = build()
  const event = taskEvent(1, 1)
  event.data.mood = 'good'
  assert.equal((await post({ ...toCloudEvent(event), topic: 'task-events', extra: [1] })).status, 'SUCCESS')
  assert.equal(deliveries[0]?.unknownFields, 1)
})

test('what can never be read is dropped, and its content is not logged', async () => {
  const { post, deliveries } = build(async () => assert.fail('not called'))
  const good = toCloudEvent(taskEvent(1, 1))
  const secret = 'buy a ring for Ann'
  const bad = [
    'no json',
    '[]',
    'null',
    { ...good, specversion: '0.3' },
    { ...good, id: '' },
    { ...good, id: 7 },
    { ...good, time: 'yesterday' },
    { ...good, data: secret },
    { ...good, data: { title: secret } },
    { ...good, id: 'x'.repeat(300) },
  ]
  for (const body of bad) assert.equal((await post(body)).status, 'DROP', JSON.stringify(body))
  assert.ok(deliveries.every(({ outcome }) => outcome === 'invalid'))
  assert.ok(!written.join('').includes(secret))
})

test('a trace that is none does not cost the event', async () => {
  const { post } = build(async (event) => (event.traceparent === null ? 'ok' : 'drop'))
  assert.equal((await post({ ...toCloudEvent(taskEvent(1, 1)), traceparent: '../etc' })).status, 'SUCCESS')
})

test('without the right token every route answers 401 and does nothing', async () => {
  const { app } = build(
    async () => assert.fail('not called'),
    async () => assert.fail('not called'),
  )
  const body = JSON.stringify(toCloudEvent(taskEvent(1, 1)))
  for (const given of ['', 'wrong', `${token}x`, token.toUpperCase()]) {
    const headers = { 'dapr-api-token': given }
    for (const [method, path] of [
      ['GET', '/dapr/subscribe'],
      ['POST', '/events/task-events'],
      ['POST', '/recurring-task-cron'],
      ['OPTIONS', '/recurring-task-cron'],
    ] as const) {
      const response = await app.request(path, { method, headers, ...(method === 'POST' ? { body } : {}) })
      assert.equal(response.status, 401, `${method} ${path}`)
    }
  }
})

test('an empty token is refused at the start, as it would let everybody in', () => {
  assert.throws(() => createDaprInbox({ appToken: '', handlers: {}, log }))
})

test('subscriptions are declared elsewhere, so the sidecar is given an empty list', async () => {
  const response = await build().app.request('/dapr/subscribe', { headers: { 'dapr-api-token': token } })
  assert.equal(response.status, 200)
  assert.deepEqual(await response.json(), [])
})

test('a tick is answered with exactly 200, a failed one with 500, and the probe is welcome', async () => {
  let fails = false
  const { app, post } = build(undefined, async () => {
    if (fails) throw new Error('no database')
  })
  assert.equal((await post('', '/recurring-task-cron')).http, 200)
  fails = true
  assert.equal((await post('', '/recurring-task-cron')).http, 500)
  const probe = { method: 'OPTIONS', headers: { 'dapr-api-token': token } }
  assert.equal((await app.request('/recurring-task-cron', probe)).status, 204)
})
