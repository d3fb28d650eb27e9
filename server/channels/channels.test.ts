import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi, scriptOf } from '../../test/support/api.ts'

const { call, bob, ann, db, person } = await createTestApi()
const webhook = { kind: 'webhook', target: 'https://example.org/hook' }

const add = (body: object, as = ann) => call('POST', 'channels', { as, body })

test('a new webhook is answered with its secret, which nothing else ever shows', async () => {
  const made = await add({ ...webhook, name: 'CI' })
  assert.equal(made.status, 201)
  const { secret, ...shown } = made.json
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.deepEqual(Object.keys(shown).sort(), [
    'created_at',
    'disabled_reason',
    'events',
    'id',
    'is_active',
    'kind',
    'name',
    'target',
    'updated_at',
    'version',
  ])
  assert.equal(made.headers.get('location'), `/api/${ann.id}/channels/${shown.id}`)
  assert.equal(made.headers.get('etag'), `"${shown.version}"`)
  const read = await call('GET', `channels/${shown.id}`)
  assert.deepEqual(read.json, shown)
  const list = await call('GET', 'channels')
  const patched = await call('PATCH', `channels/${shown.id}`, { body: { name: 'Other' } })
  for (const answer of [read, list, patched]) assert.ok(!answer.text.includes('whsec_'))
})

test('programs get every change by default, people what concerns them', async () => {
  const changes = ['task.created', 'task.updated', 'task.completed', 'task.reopened', 'task.deleted']
  assert.deepEqual((await add(webhook)).json.events, [...changes, 'task.due.approaching'])
  for (const channel of [
    { kind: 'email', target: 'ann@example.org' },
    { kind: 'push', target: 'a-device-token-of-some-length' },
    { kind: 'desktop' },
  ]) {
    assert.deepEqual((await add(channel)).json.events, ['task.due.approaching', 'notification.send'])
  }
})

test('the token of a device is masked from the first answer on', async () => {
  const made = await add({ kind: 'push', target: 'abcdefghijklmnopqrstuvwxyz' })
  assert.equal(made.json.target, 'abcdef…wxyz')
})

test('a device that another user registers is theirs from then on', async () => {
  const device = { kind: 'push', target: 'token-of-a-shared-tablet' }
  const mine = await add(device)
  await add(device, bob)
  const read = await call('GET', `channels/${mine.json.id}`)
  assert.equal(read.json.is_active, false)
  assert.match(read.json.disabled_reason, /another user/)
})

for (const target of [
  'http://example.org/',
  'https://user:pw@example.org/',
  'https://127.0.0.1/',
  'https://0x7f000001/',
  'https://[::ffff:10.0.0.1]/',
  'https://169.254.169.254/',
  'ftp://example.org/',
]) {
  test(`a webhook to ${target} is refused when it is made and when it is changed`, async () => {
    const made = await add({ ...webhook, target })
    assert.equal(made.status, 422)
    assert.equal(made.json.errors[0].pointer, '/target')
    const { id } = (await add(webhook)).json
    const patched = await call('PATCH', `channels/${id}`, { body: { target } })
    assert.equal(patched.status, 422)
    assert.equal(patched.json.errors[0].pointer, '/target')
  })
}

test('targets that cannot be of their kind are refused, with all other faults at once', async () => {
  const answer = await add({ kind: 'email', target: 'a@b.org\r\nBcc: c@d.org', events: ['task.eaten'], x: 1 })
  assert.equal(answer.status, 422)
  const pointers = answer.json.errors.map((one: { pointer: string }) => one.pointer)
  assert.ok(pointers.includes('/events/0') && pointers.includes('/x'), pointers.join())
  for (const body of [
    { kind: 'email', target: 'nobody' },
    { kind: 'push', target: 'x' },
    { kind: 'webhook' },
    { kind: 'fax', target: 'x' },
  ]) {
    assert.equal((await add(body)).status, 422, JSON.stringify(body))
  }
})

test('a patch changes what it names, and only for whoever knows the present version', async () => {
  const { id, version } = (await add(webhook)).json
  const patch = { name: 'Build', events: ['task.deleted'], is_active: false }
  const first = await call('PATCH', `channels/${id}`, {
    body: patch,
    headers: { 'if-match': `"${version}"` },
  })
  assert.equal(first.status, 200)
  assert.partialDeepStrictEqual(first.json, { ...patch, target: webhook.target, version: version + 1 })
  const stale = await call('PATCH', `channels/${id}`, {
    body: patch,
    headers: { 'if-match': `"${version}"` },
  })
  assert.equal(stale.status, 412)
  const gone = await call('DELETE', `channels/${id}`, { headers: { 'if-match': `"${version}"` } })
  assert.equal(gone.status, 412)
})

test('a deleted channel is gone, and deleting it again is 404', async () => {
  const { id } = (await add(webhook)).json
  assert.equal((await call('DELETE', `channels/${id}`)).status, 204)
  assert.equal((await call('DELETE', `channels/${id}`)).status, 404)
  assert.equal((await call('GET', `channels/${id}`)).status, 404)
})

test("another user's channel looks like one that does not exist, by every method", async () => {
  const { id } = (await add(webhook, bob)).json
  for (const [method, path, body] of [
    ['GET', `channels/${id}`],
    ['PATCH', `channels/${id}`, { name: 'mine' }],
    ['DELETE', `channels/${id}`],
    ['POST', `channels/${id}/test`],
    ['POST', `channels/${id}/secret`],
  ] as const) {
    const answer = await call(method, path, body === undefined ? {} : { body })
    assert.equal(answer.status, 404, `${method} ${path}`)
  }
  assert.equal((await call('GET', `/api/${bob.id}/channels`)).status, 404)
})

test('a token without the scope for notifications is refused', async () => {
  const script = scriptOf(ann)
  assert.equal((await call('GET', 'channels', { as: script })).status, 403)
  assert.equal((await call('POST', 'channels', { as: script, body: webhook })).status, 403)
})

test('a changed secret is shown once, and the former signs too for a day', async () => {
  const made = (await add(webhook)).json
  const changed = await call('POST', `channels/${made.id}/secret`)
  assert.equal(changed.status, 200)
  assert.notEqual(changed.json.secret, made.secret)
  const [row] = await db`
    select secret, previous_secret, previous_secret_until > now() + interval '23 hours' as signs
    from notification_channels where id = ${made.id}`
  assert.deepEqual(row, { secret: changed.json.secret, previous_secret: made.secret, signs: true })
  const mail = (await add({ kind: 'email', target: 'ann@example.org' })).json
  assert.equal((await call('POST', `channels/${mail.id}/secret`)).status, 409)
})

test('a repeated POST with an Idempotency-Key makes one channel and shows the same secret', async () => {
  const cat = await person()
  const options = { as: cat, body: webhook, headers: { 'idempotency-key': 'k1' } }
  const [first, second] = [await call('POST', 'channels', options), await call('POST', 'channels', options)]
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(second.json, first.json)
  assert.equal((await call('GET', 'channels', { as: cat })).json.items.length, 1)
})

test('a channel that the notifier gave up is shown so, and switching it on overrules that', async () => {
  const { id, version } = (await add(webhook)).json
  await db`
    insert into channel_health (channel_id, disabled_at, disabled_reason) values (${id}, clock_timestamp(), 'Gone.')`
  const given = await call('GET', `channels/${id}`)
  assert.partialDeepStrictEqual(given.json, { is_active: false, disabled_reason: 'Gone.' })
  assert.ok(given.json.version > version)
  const on = await call('PATCH', `channels/${id}`, { body: { is_active: true } })
  assert.partialDeepStrictEqual(on.json, { is_active: true, disabled_reason: null })
})

test('the list is paged by id, and a user has at most 50 channels', async () => {
  const cat = await person()
  for (let n = 0; n < 50; n++) await add({ kind: 'desktop', name: `D${n}` }, cat)
  const full = await add({ kind: 'desktop' }, cat)
  assert.deepEqual([full.status, full.json.code], [409, 'too_many_channels'])
  const first = await call('GET', 'channels?limit=30', { as: cat })
  assert.equal(first.json.items.length, 30)
  const rest = await call('GET', `channels?limit=30&cursor=${first.json.next_cursor}`, { as: cat })
  assert.deepEqual([rest.json.items.length, rest.json.next_cursor], [20, null])
})
