import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'
import { createApp } from '../app.ts'

const { deps, db, ann, call } = await createTestApi()
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const sendgridPublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const app = createApp({ ...deps, notifications: { sendgridPublicKey } })

/** What SendGrid sends: the time stamp and the very bytes of the body are signed. */
function report(reports: unknown, changes: { body?: string } = {}) {
  const body = JSON.stringify(reports)
  const stamp = '1800000000'
  const signature = sign('sha256', Buffer.from(stamp + body), privateKey).toString('base64')
  return app.request('/hooks/sendgrid', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': stamp,
    },
    body: changes.body ?? body,
  })
}

const suppressed = async (address: string) =>
  (await db`select reason, user_id from mail_suppressions where address = ${address}`).map((row) => ({
    ...row,
  }))

/** A mail of Ann's that SendGrid has accepted. */
async function accepted(address: string) {
  const { json } = await call('POST', 'channels', { body: { kind: 'email', target: address } })
  const [row] = await db`
    insert into deliveries (user_id, channel_id, kind, target, event_id, event_type, payload, status, next_attempt_at)
    values (${ann.id}, ${json.id}, 'email', ${address}, gen_random_uuid(), 'notification.send', '{}', 'sent', null)
    returning id`
  return { channelId: json.id as number, deliveryId: row!.id as number }
}

test('a bounce puts the address on the list for everybody and shows in the log', async () => {
  const { deliveryId } = await accepted('gone@example.org')
  const answer = await report([
    {
      sg_event_id: 'b1',
      event: 'bounce',
      email: 'Gone@example.org',
      reason: '550 no such user',
      delivery_id: String(deliveryId),
    },
  ])
  assert.equal(answer.status, 204)
  assert.deepEqual(await suppressed('gone@example.org'), [{ reason: 'bounced', user_id: null }])
  const { json } = await call('GET', `deliveries/${deliveryId}`)
  assert.equal(json.reason, 'bounce: 550 no such user')
})

test('a complaint stops all mail, an unsubscription that of one account and its channel', async () => {
  await report([{ sg_event_id: 's1', event: 'spamreport', email: 'angry@example.org' }])
  assert.deepEqual(await suppressed('angry@example.org'), [{ reason: 'spam_report', user_id: null }])
  const { deliveryId, channelId } = await accepted('leaver@example.org')
  await report([
    { sg_event_id: 'u1', event: 'unsubscribe', email: 'leaver@example.org', delivery_id: deliveryId },
  ])
  assert.deepEqual(await suppressed('leaver@example.org'), [{ reason: 'unsubscribed', user_id: ann.id }])
  assert.equal((await call('GET', `channels/${channelId}`)).json.is_active, false)
})

test('what is passing or good news suppresses nothing', async () => {
  await report(
    ['delivered', 'deferred', 'processed', 'open'].map((event, n) => ({
      sg_event_id: `d${n}`,
      event,
      email: 'fine@example.org',
    })),
  )
  await report([{ sg_event_id: 'd9', event: 'bounce', type: 'blocked', email: 'fine@example.org' }])
  assert.deepEqual(await suppressed('fine@example.org'), [])
})

test('a repeated report, and ones that are not understood, change nothing and are taken', async () => {
  const odd = [
    { sg_event_id: 'r1', event: 'bounce', email: 'twice@example.org' },
    null,
    7,
    { event: 'bounce' },
  ]
  assert.equal((await report(odd)).status, 204)
  assert.equal((await report(odd)).status, 204)
  assert.equal((await suppressed('twice@example.org')).length, 1)
})

test('a report with a wrong signature, or a changed body, does nothing', async () => {
  const forged = [{ sg_event_id: 'f1', event: 'bounce', email: 'victim@example.org' }]
  assert.equal((await report([], { body: JSON.stringify(forged) })).status, 401)
  const bare = await app.request('/hooks/sendgrid', { method: 'POST', body: JSON.stringify(forged) })
  assert.equal(bare.status, 401)
  assert.deepEqual(await suppressed('victim@example.org'), [])
})

test('without a key there is no such address', async () => {
  const answer = await createApp(deps).request('/hooks/sendgrid', { method: 'POST', body: '[]' })
  assert.equal(answer.status, 404)
})
