import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { scopes } from '../../shared/api/route.ts'
import { type AccountsApi, createAccountsApi } from '../../test/support/accounts.ts'

let api: AccountsApi
let time = Date.now()
before(async () => {
  api = await createAccountsApi({ now: () => time })
})

const expires_at = '2999-01-01T00:00:00.000Z'

test('an API token is shown once, has a prefix, and only its hash is stored', async () => {
  const { access_token: token } = await api.join()
  const body = { name: ' backup ', scopes: ['tasks:write', 'tasks:read', 'tasks:read'], expires_at }
  const made = await api.call('POST', '/api/me/tokens', { token, body })
  assert.equal(made.status, 201)
  const { token: secret, ...shown } = made.json
  assert.match(secret, /^todo_[A-Za-z0-9_-]{43}$/)
  assert.deepEqual(Object.keys(shown).sort(), [
    'created_at',
    'expires_at',
    'id',
    'last_used_at',
    'name',
    'scopes',
  ])
  assert.deepEqual(
    [shown.name, shown.scopes, shown.expires_at, shown.last_used_at],
    ['backup', ['tasks:read', 'tasks:write'], expires_at, null],
  )
  assert.match(made.headers.get('location')!, new RegExp(`/tokens/${shown.id}$`))
  const list = await api.call('GET', '/api/me/tokens', { token })
  assert.deepEqual(list.json, { items: [shown], next_cursor: null })
  const stored = JSON.stringify(await api.db`select *, encode(token_hash, 'escape') as hash from api_tokens`)
  assert.ok(!stored.includes(secret) && !stored.includes(secret.slice(5)))
})

test('a token may do what its scopes say and nothing else', async () => {
  const person = await api.join()
  const reader = (await api.tokenFor(person, ['tasks:read'])).token
  const title = { title: 'Water the plants' }
  assert.equal((await api.call('GET', '/api/me/tasks', { token: reader })).status, 200)
  const refused = await api.call('POST', '/api/me/tasks', { token: reader, body: title })
  assert.equal(refused.status, 403)
  assert.match(refused.json.hint, /tasks:write/)
  assert.equal((await api.call('GET', '/api/me/tags', { token: reader })).status, 403)
  const writer = (await api.tokenFor(person, ['tasks:write'])).token
  assert.equal(
    (await api.call('POST', `/api/${person.id}/tasks`, { token: writer, body: title })).status,
    201,
  )
  assert.equal((await api.call('GET', '/api/me/tasks', { token: writer })).status, 403)
})

test('the use of a token is noted', async () => {
  const person = await api.join()
  const { token } = await api.tokenFor(person, ['tasks:read'])
  await api.call('GET', '/api/me/tasks', { token })
  const { json } = await api.call('GET', '/api/me/tokens', { token: person.access_token })
  assert.match(json.items[0].last_used_at, /Z$/)
})

test('a revoked token is refused at once, also one that was just used', async () => {
  const person = await api.join()
  const { token, id } = await api.tokenFor(person, ['tasks:read'])
  assert.equal((await api.call('GET', '/api/me/tasks', { token })).status, 200)
  const revoke = () => api.call('DELETE', `/api/me/tokens/${id}`, { token: person.access_token })
  assert.equal((await revoke()).status, 204)
  const refused = await api.call('GET', '/api/me/tasks', { token })
  assert.equal(refused.status, 401)
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer')
  assert.equal((await revoke()).status, 404)
})

test('a token ends when it expires, even while it is remembered', async () => {
  const person = await api.join()
  const soon = new Date(Date.now() + 60_000).toISOString()
  const body = { name: 'short', scopes: ['tasks:read'], expires_at: soon }
  const { token } = (await api.call('POST', '/api/me/tokens', { token: person.access_token, body })).json
  assert.equal((await api.call('GET', '/api/me/tasks', { token })).status, 200)
  await api.db`update api_tokens set expires_at = now() - interval '1 second' where user_id = ${person.id}`
  time += 5_001
  assert.equal((await api.call('GET', '/api/me/tasks', { token })).status, 401)
  time -= 5_001
})

test('a token needs a name, known scopes and an end in the future', async () => {
  const { access_token: token } = await api.join()
  const good = { name: 'x', scopes: ['tasks:read'], expires_at }
  const faulty: [object, string][] = [
    [{ ...good, name: ' ' }, '/name'],
    [{ ...good, name: 'x'.repeat(101) }, '/name'],
    [{ ...good, scopes: [] }, '/scopes'],
    [{ ...good, scopes: ['tasks:read', 'everything'] }, '/scopes/1'],
    [{ ...good, expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    [{ ...good, expires_at: null }, '/expires_at'],
    [{ name: 'x', scopes: ['tasks:read'] }, '/expires_at'],
    [{ ...good, token: 'todo_mine' }, '/token'],
    [{ ...good, user_id: 'x' }, '/user_id'],
    [{ ...good, last_used_at: expires_at }, '/last_used_at'],
  ]
  for (const [body, pointer] of faulty) {
    const { status, json } = await api.call('POST', '/api/me/tokens', { token, body })
    assert.equal(status, 422, JSON.stringify(body))
    assert.deepEqual(
      json.errors.map((error: { pointer: string }) => error.pointer),
      [pointer],
    )
  }
  assert.equal((await api.call('POST', '/api/me/tokens', { token, body: { ...good, scopes } })).status, 201)
})

test('nobody has more than a hundred tokens, and the list has pages', async () => {
  const { access_token: token, id } = await api.join()
  await api.db`insert into api_tokens (user_id, name, token_hash, scopes, expires_at)
    select ${id}, 'n' || n, sha256(n::text::bytea), '{tasks:read}', ${expires_at} from generate_series(1, 100) n`
  const body = { name: 'x', scopes: ['tasks:read'], expires_at }
  const refused = await api.call('POST', '/api/me/tokens', { token, body })
  assert.equal(refused.status, 409)
  assert.equal(refused.json.code, 'too_many_tokens')
  const first = await api.call('GET', '/api/me/tokens?limit=60', { token })
  const second = await api.call('GET', `/api/me/tokens?limit=60&cursor=${first.json.next_cursor}`, { token })
  assert.deepEqual([first.json.items.length, second.json.items.length], [60, 40])
  assert.equal(second.json.next_cursor, null)
  assert.match(first.headers.get('link')!, /rel="next"/)
})

test('a repeat with the same Idempotency-Key gets the same token, and neither it nor a password is kept readable', async () => {
  const { access_token: token, id, password } = await api.join()
  const headers = { 'idempotency-key': 'a-key-of-my-own' }
  const body = { name: 'x', scopes: ['tasks:read'], expires_at }
  const first = await api.call('POST', '/api/me/tokens', { token, body, headers })
  const again = await api.call('POST', '/api/me/tokens', { token, body, headers })
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(again.json, first.json)
  assert.equal((await api.call('GET', '/api/me/tokens', { token })).json.items.length, 1)
  const change = { current_password: password, new_password: 'geese over the marsh' }
  assert.equal((await api.call('POST', '/api/auth/password', { token, body: change, headers })).status, 204)
  const kept =
    await api.db`select route, encode(sealed, 'escape') as text from idempotency_keys where user_id = ${id}`
  assert.deepEqual(
    kept.map(({ route }) => route),
    ['POST /api/{user_id}/tokens'],
  )
  assert.ok(!kept[0]!.text.includes(first.json.token))
})
