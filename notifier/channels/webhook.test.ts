import assert from 'node:assert/strict'
import type { LookupFunction } from 'node:net'
import { after, beforeEach, test } from 'node:test'
import { createSecretBox } from '../../shared/secret-box.ts'
import type { Behaviour } from '../../test/support/fakes/http-server.ts'
import { isSigned, startWebhookReceiver } from '../../test/support/fakes/webhook-receiver.ts'
import { outgoing, webhookSecret, within } from '../../test/support/outgoing.ts'
import { createWebhookAgent } from './guard.ts'
import { createWebhook } from './webhook.ts'

const receiver = await startWebhookReceiver()
const agent = createWebhookAgent({ allowPrivate: true })
const webhook = createWebhook({ agent, allowPrivate: true })
after(() => Promise.all([receiver.stop(), agent.destroy()]))
beforeEach(() => {
  receiver.received.length = 0
})

const hook = (changes = {}) => outgoing({ ...changes, channel: { target: `${receiver.url}/hook?a=1` } })

const answered = async (behaviour: Behaviour) => {
  receiver.answer = () => behaviour
  return webhook.send(hook(), within())
}

test('a webhook is a signed POST of type, time and event, and 2xx is success', async () => {
  assert.deepEqual(await answered({ status: 201 }), { class: 'sent', status: 201 })
  const [request] = receiver.received
  assert.equal(request!.path, '/hook?a=1')
  assert.equal(request!.headers['content-type'], 'application/json')
  assert.equal(request!.headers['webhook-id'], outgoing().eventId)
  assert.ok(isSigned(request!, webhookSecret))
  assert.deepEqual(JSON.parse(request!.body), {
    type: 'task.due.approaching',
    timestamp: '2026-11-21T12:00:00.000Z',
    data: outgoing().payload,
  })
})

test('a body that was changed on its way does not fit its signature', async () => {
  await answered({ status: 204 })
  const [request] = receiver.received
  assert.ok(!isSigned({ ...request!, body: `${request!.body} ` }, webhookSecret))
})

test('while a secret is being changed both the new and the former one sign', async () => {
  const former = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  receiver.answer = () => ({ status: 204 })
  const target = `${receiver.url}/hook`
  await webhook.send(outgoing({ channel: { target, secrets: [webhookSecret, former] } }), within())
  assert.ok(isSigned(receiver.received[0]!, webhookSecret) && isSigned(receiver.received[0]!, former))
})

test('a sealed secret signs once it is opened; what no key opens leaves the queue as it is', async () => {
  receiver.answer = () => ({ status: 204 })
  const box = createSecretBox({ current: Buffer.alloc(32, 1), previous: null })
  const { ownerId } = outgoing().channel
  const channel = {
    target: `${receiver.url}/hook`,
    secrets: [box.seal(webhookSecret, ownerId), 'sealed:1:00:x'],
  }
  const opening = createWebhook({ agent, allowPrivate: true, secrets: box })
  assert.deepEqual(await opening.send(outgoing({ channel }), within()), { class: 'sent', status: 204 })
  assert.ok(isSigned(receiver.received[0]!, webhookSecret))
  const other = createSecretBox({ current: Buffer.alloc(32, 2), previous: null })
  const without = createWebhook({ agent, allowPrivate: true, secrets: other })
  const outcome = await without.send(outgoing({ channel }), within())
  assert.deepEqual(outcome, { class: 'credential', status: null, error: 'its secret cannot be read' })
  assert.equal(receiver.received.length, 1)
})

const classes: [Behaviour, object][] = [
  [{ status: 400 }, { class: 'permanent', status: 400 }],
  [{ status: 401 }, { class: 'permanent', status: 401 }],
  [{ status: 404 }, { class: 'permanent', status: 404 }],
  [{ status: 410 }, { class: 'gone', status: 410 }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { class: 'throttled', status: 429, retryAfterMs: 7000 },
  ],
  [{ status: 500 }, { class: 'transient', status: 500, outage: true }],
  [
    { status: 503, headers: { 'retry-after': '3' } },
    { class: 'transient', status: 503, retryAfterMs: 3000 },
  ],
  ['reset', { class: 'transient', status: null, outage: true, uncertain: true }],
]
for (const [behaviour, expected] of classes) {
  const what = typeof behaviour === 'string' ? behaviour : behaviour.status
  test(`the answer ${what} is classified as ${(expected as { class: string }).class}`, async () => {
    assert.partialDeepStrictEqual(await answered(behaviour), expected)
  })
}

test('a redirect is a failure and is not followed', async () => {
  const outcome = await answered({ status: 302, headers: { location: `${receiver.url}/elsewhere` } })
  assert.partialDeepStrictEqual(outcome, { class: 'permanent', status: 302 })
  assert.equal(receiver.received.length, 1)
})

test('an endpoint that hangs ends with the signal of the sender', async () => {
  receiver.answer = () => 'hang'
  await assert.rejects(webhook.send(hook(), within(50)), { name: 'TimeoutError' })
})

test('an endless answer is cut off and only its status counts', async () => {
  const outcome = await answered({ status: 200, body: 'x'.repeat(1_000_000) })
  assert.deepEqual(outcome, { class: 'sent', status: 200 })
})

test('the words of an answer never reach the log', async () => {
  const outcome = await answered({ status: 500, body: 'root:x:0:0' })
  assert.ok(!JSON.stringify(outcome).includes('root'))
})

test('a port where nobody listens is a passing failure of which nothing can have arrived', async () => {
  const closed = await startWebhookReceiver()
  await closed.stop()
  const outcome = await webhook.send(outgoing({ channel: { target: closed.url } }), within())
  assert.partialDeepStrictEqual(outcome, { class: 'transient', outage: true, uncertain: false })
})

const guarded = (lookup?: LookupFunction) => {
  const strict = createWebhookAgent({ allowPrivate: false, ...(lookup && { lookup }) })
  after(() => strict.destroy())
  return createWebhook({ agent: strict, allowPrivate: false })
}

test('a name that leads to this machine is refused when connecting, before a byte is sent', async () => {
  const port = new URL(receiver.url).port
  const outcome = await guarded().send(
    outgoing({ channel: { target: `https://localhost:${port}/` } }),
    within(),
  )
  assert.partialDeepStrictEqual(outcome, { class: 'permanent', status: null })
  assert.match((outcome as { error: string }).error, /private network/)
  assert.equal(receiver.received.length, 0)
})

test('an address in the URL is refused although names are never looked up for it', async () => {
  for (const target of ['https://127.0.0.1/', 'https://[::1]/', 'https://0x7f.1/', 'http://example.org/']) {
    const outcome = await guarded().send(outgoing({ channel: { target } }), within())
    assert.equal(outcome.class, 'permanent', target)
  }
})
