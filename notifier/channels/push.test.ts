import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { fcmError, startFcm } from '../../test/support/fakes/fcm.ts'
import type { Behaviour } from '../../test/support/fakes/http-server.ts'
import { outgoing, within } from '../../test/support/outgoing.ts'
import { createPush } from './push.ts'
import { readServiceAccount } from './service-account.ts'

const fake = await startFcm()
beforeEach(() => {
  fake.received.length = 0
})

const account = readServiceAccount(fake.serviceAccount)
const push = createPush({ account, baseUrl: fake.url })
after(() => Promise.all([fake.stop(), push.close()]))
const device = (changes = {}) => outgoing({ ...changes, channel: { target: 'device-token' } })
const sent = () => JSON.parse(fake.sends().at(-1)!.body).message

test('a push is signed in with the service account, and one token serves many', async () => {
  const outcomes = await Promise.all([1, 2, 3].map(() => push.send(device(), within())))
  assert.deepEqual(
    outcomes.map((one) => one.class),
    ['sent', 'sent', 'sent'],
  )
  assert.equal(fake.granted(), 1)
})

test('a push collapses by task and lives as long as it is worth something', async () => {
  await push.send(device({ expiresAt: new Date(Date.now() + 3_600_500) }), within())
  const { android, apns, webpush, token } = sent()
  assert.equal(token, 'device-token')
  assert.equal(android.collapse_key, 'task-42')
  assert.equal(apns.headers['apns-collapse-id'], 'task-42')
  assert.equal(webpush.headers.Topic, 'task-42')
  assert.match(android.ttl, /^3(600|599)s$/)
  assert.equal(`${webpush.headers.TTL}s`, android.ttl)
})

test('a long text is shortened between characters until 4,096 bytes hold it', async () => {
  for (const long of [{ body: '🙂'.repeat(5_000) }, { title: 'é"\\'.repeat(4_000), body: 'x' }]) {
    assert.equal((await push.send(device(long), within())).class, 'sent')
    const { token: _token, ...rest } = sent()
    assert.ok(Buffer.byteLength(JSON.stringify(rest)) <= 4096)
    assert.ok(rest.notification.title.isWellFormed() && (rest.notification.body ?? '').isWellFormed())
  }
})

test('a token that was withdrawn early is renewed once, and the push arrives', async () => {
  await push.send(device(), within())
  const before = fake.granted()
  fake.revoke()
  assert.equal((await push.send(device(), within())).class, 'sent')
  assert.equal(fake.granted(), before + 1)
})

const classes: [string, Behaviour, object][] = [
  ['UNREGISTERED', fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' }), { class: 'gone', status: 404 }],
  [
    'SENDER_ID_MISMATCH',
    fcmError(403, 'PERMISSION_DENIED', { errorCode: 'SENDER_ID_MISMATCH' }),
    { class: 'gone' },
  ],
  ['a bad token', fcmError(400, 'INVALID_ARGUMENT', { errorCode: 'INVALID_ARGUMENT' }), { class: 'gone' }],
  [
    'a bad token by its words',
    fcmError(400, 'INVALID_ARGUMENT', {
      message: 'The registration token is not a valid FCM registration token',
    }),
    { class: 'gone' },
  ],
  [
    'a bad field',
    fcmError(400, 'INVALID_ARGUMENT', { fields: ['message.android.ttl'] }),
    { class: 'permanent' },
  ],
  [
    'a bad field beside an FcmError',
    fcmError(400, 'INVALID_ARGUMENT', { errorCode: 'INVALID_ARGUMENT', fields: ['message.data'] }),
    { class: 'permanent' },
  ],
  [
    'THIRD_PARTY_AUTH_ERROR',
    fcmError(401, 'UNAUTHENTICATED', { errorCode: 'THIRD_PARTY_AUTH_ERROR' }),
    { class: 'credential' },
  ],
  ['PERMISSION_DENIED', fcmError(403, 'PERMISSION_DENIED'), { class: 'credential', status: 403 }],
  [
    'QUOTA_EXCEEDED',
    fcmError(429, 'RESOURCE_EXHAUSTED', { errorCode: 'QUOTA_EXCEEDED' }),
    { class: 'throttled', retryAfterMs: 60_000 },
  ],
  [
    'QUOTA_EXCEEDED with Retry-After',
    fcmError(429, 'RESOURCE_EXHAUSTED', { errorCode: 'QUOTA_EXCEEDED', headers: { 'retry-after': '90' } }),
    { class: 'throttled', retryAfterMs: 90_000 },
  ],
  [
    'UNAVAILABLE',
    fcmError(503, 'UNAVAILABLE', { errorCode: 'UNAVAILABLE', headers: { 'retry-after': '10' } }),
    { class: 'transient', outage: true, retryAfterMs: 10_000 },
  ],
  ['INTERNAL', fcmError(500, 'INTERNAL', { errorCode: 'INTERNAL' }), { class: 'transient', outage: true }],
  ['UNSPECIFIED_ERROR', fcmError(418, 'UNKNOWN', { errorCode: 'UNSPECIFIED_ERROR' }), { class: 'transient' }],
  ['a reset', 'reset', { class: 'transient', uncertain: true }],
]
for (const [what, behaviour, expected] of classes) {
  test(`${what} is classified as ${JSON.stringify(expected)}`, async () => {
    fake.next.push(behaviour)
    assert.partialDeepStrictEqual(await push.send(device(), within()), expected)
  })
}

test('an account that the OAuth server refuses is a matter of the operator', async () => {
  const stranger = readServiceAccount(
    JSON.stringify({ ...JSON.parse(fake.serviceAccount), client_email: 'x@y' }),
  )
  const other = createPush({ account: stranger, baseUrl: fake.url })
  after(other.close)
  const outcome = await other.send(device(), within())
  assert.partialDeepStrictEqual(outcome, { class: 'credential', status: 400 })
})

test('a setting that is no service account is refused by its name and not quoted', () => {
  for (const bad of ['{"private_key":"SECRET"}', '/nowhere/account.json', '{']) {
    assert.throws(
      () => readServiceAccount(bad),
      (error: Error) => /^FCM_SERVICE_ACCOUNT /.test(error.message) && !error.message.includes('SECRET'),
    )
  }
})
