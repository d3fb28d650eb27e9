import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import type { Behaviour } from '../../test/support/fakes/http-server.ts'
import { sendGridError, startSendGrid } from '../../test/support/fakes/sendgrid.ts'
import { outgoing, within } from '../../test/support/outgoing.ts'
import { createEmail } from './email.ts'
import { createSendGrid } from './sendgrid.ts'

const fake = await startSendGrid()
after(() => fake.stop())
beforeEach(() => {
  fake.received.length = 0
})

const options = { from: 'todo <todo@example.org>', publicUrl: 'https://todo.example' }
const email = (apiKey = fake.apiKey) => {
  const transport = createSendGrid({ apiKey, baseUrl: fake.url })
  after(transport.close)
  return createEmail({ ...options, transport })
}

const answered = async (behaviour: Behaviour) => {
  fake.next.push(behaviour)
  return email().send(outgoing(), within())
}

test('202 is sent, and the mail has text, HTML, one-click unsubscribe and no trackers', async () => {
  assert.deepEqual(await email().send(outgoing(), within()), { class: 'sent', status: 202 })
  const mail = JSON.parse(fake.received[0]!.body)
  assert.deepEqual(mail.from, { email: 'todo@example.org', name: 'todo' })
  assert.deepEqual(mail.personalizations[0].to, [{ email: 'ann@example.org' }])
  assert.deepEqual(mail.personalizations[0].custom_args, { delivery_id: '5' })
  assert.equal(mail.headers['List-Unsubscribe'], '<https://todo.example/unsubscribe/tok>')
  assert.equal(mail.headers['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
  assert.deepEqual(
    mail.content.map((part: { type: string }) => part.type),
    ['text/plain', 'text/html'],
  )
  assert.equal(mail.tracking_settings.click_tracking.enable, false)
  assert.equal(mail.tracking_settings.open_tracking.enable, false)
})

const reset = String(Math.ceil(Date.now() / 1000) + 90)
const classes: [Behaviour, object][] = [
  [{ status: 200 }, { class: 'sent', note: 'sandbox' }],
  [sendGridError(400, 'bad'), { class: 'permanent', status: 400 }],
  [sendGridError(401, 'revoked'), { class: 'credential', status: 401 }],
  [sendGridError(403, 'unverified sender'), { class: 'credential', status: 403 }],
  [sendGridError(404, 'x'), { class: 'permanent', status: 404 }],
  [sendGridError(405, 'x'), { class: 'permanent', status: 405 }],
  [sendGridError(406, 'x'), { class: 'permanent', status: 406 }],
  [sendGridError(413, 'x'), { class: 'permanent', status: 413 }],
  [sendGridError(415, 'x'), { class: 'permanent', status: 415 }],
  [
    sendGridError(429, 'x', { 'retry-after': '120' }),
    { class: 'throttled', status: 429, retryAfterMs: 120_000 },
  ],
  [sendGridError(429, 'x'), { class: 'throttled', retryAfterMs: 60_000 }],
  [sendGridError(451, 'x'), { class: 'permanent', status: 451 }],
  [sendGridError(500, 'x'), { class: 'transient', status: 500, outage: true }],
  [sendGridError(502, 'x'), { class: 'transient', status: 502, outage: true }],
  [sendGridError(503, 'x'), { class: 'transient', status: 503, outage: true }],
  [sendGridError(504, 'x'), { class: 'transient', status: 504, outage: true }],
  ['reset', { class: 'transient', status: null, uncertain: true }],
]
for (const [behaviour, expected] of classes) {
  const what = typeof behaviour === 'string' ? behaviour : behaviour.status
  test(`${what} of SendGrid is classified as ${JSON.stringify(expected)}`, async () => {
    assert.partialDeepStrictEqual(await answered(behaviour), expected)
  })
}

test('X-RateLimit-Reset says until when to wait', async () => {
  const outcome = await answered(sendGridError(429, 'x', { 'x-ratelimit-reset': reset }))
  const { retryAfterMs } = outcome as { retryAfterMs: number }
  assert.ok(retryAfterMs > 60_000 && retryAfterMs <= 91_000, String(retryAfterMs))
})

test('a wrong key is a matter of the operator', async () => {
  assert.partialDeepStrictEqual(await email('SG.wrong').send(outgoing(), within()), {
    class: 'credential',
    status: 401,
  })
})

test("SendGrid's reason is told, without the address that it quotes", async () => {
  const outcome = await answered(sendGridError(400, 'ann@example.org is blocked'))
  assert.match((outcome as { error: string }).error, /is blocked/)
  assert.doesNotMatch((outcome as { error: string }).error, /ann@/)
})

test('a provider that hangs ends with the signal of the sender', async () => {
  fake.next.push('hang')
  await assert.rejects(email().send(outgoing(), within(50)), { name: 'TimeoutError' })
})
