import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, bob } = await createTestApi()

test('without any, everything is allowed and nothing is quiet', async () => {
  const { status, json } = await call('GET', 'preferences', { as: bob })
  assert.equal(status, 200)
  assert.deepEqual([json.quiet_hours, json.digest_at, json.notify_self], [null, null, false])
  assert.deepEqual(json.matrix['task.due.approaching'], {
    webhook: true,
    email: true,
    push: true,
    desktop: true,
  })
})

test('PUT replaces all of them: what is absent has its default', async () => {
  const wanted = {
    quiet_hours: { from: '22:00', to: '07:00', days: ['mon', 'fri'] },
    digest_at: '08:00',
    notify_self: true,
    matrix: { 'task.created': { push: false } },
  }
  const put = await call('PUT', 'preferences', { body: wanted })
  assert.equal(put.status, 200)
  assert.partialDeepStrictEqual(put.json, wanted)
  assert.deepEqual(put.json.matrix['task.created'], {
    webhook: true,
    email: true,
    push: false,
    desktop: true,
  })
  const read = await call('GET', 'preferences')
  assert.deepEqual(read.json, put.json)
  assert.equal(read.headers.get('etag'), put.headers.get('etag'))
  const again = await call('PUT', 'preferences', { body: { quiet_hours: { from: '13:00', to: '14:00' } } })
  assert.partialDeepStrictEqual(again.json, { digest_at: null, notify_self: false })
  assert.equal(again.json.matrix['task.created'].push, true)
})

test('a stale version is refused', async () => {
  const { headers } = await call('GET', 'preferences')
  const ifMatch = { 'if-match': headers.get('etag')! }
  assert.equal((await call('PUT', 'preferences', { body: {}, headers: ifMatch })).status, 200)
  assert.equal((await call('PUT', 'preferences', { body: {}, headers: ifMatch })).status, 412)
})

for (const [what, body] of [
  ['a time that is none', { quiet_hours: { from: '25:00', to: '07:00' } }],
  ['hours without end', { quiet_hours: { from: '22:00' } }],
  ['hours of no length', { quiet_hours: { from: '22:00', to: '22:00' } }],
  ['a day that is none', { quiet_hours: { from: '22:00', to: '07:00', days: ['someday'] } }],
  ['an event that is none', { matrix: { 'task.eaten': { email: true } } }],
  ['a channel that is none', { matrix: { 'task.created': { fax: true } } }],
  ['a digest at no time', { digest_at: 'morning' }],
  ['an unknown field', { loud: true }],
] as const) {
  test(`${what} is refused`, async () => {
    assert.equal((await call('PUT', 'preferences', { body })).status, 422)
  })
}
