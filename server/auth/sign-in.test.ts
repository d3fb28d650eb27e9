import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type AccountsApi, createAccountsApi } from '../../test/support/accounts.ts'

let api: AccountsApi
before(async () => {
  api = await createAccountsApi()
})

const password = 'three herons over the weir'

test('registering makes an account and signs in', async () => {
  const body = { email: ' Anna@Example.org ', password, name: 'Anna', time_zone: 'Europe/Berlin' }
  const { status, json, headers } = await api.call('POST', '/api/auth/register', { body })
  assert.equal(status, 201)
  assert.deepEqual(Object.keys(json).sort(), [
    'access_token',
    'expires_in',
    'refresh_token',
    'token_type',
    'user',
  ])
  assert.equal(json.token_type, 'Bearer')
  assert.equal(json.expires_in, 900)
  assert.deepEqual(Object.keys(json.user).sort(), ['created_at', 'email', 'id', 'name', 'time_zone'])
  assert.equal(json.user.email, 'Anna@Example.org')
  assert.equal(json.user.time_zone, 'Europe/Berlin')
  assert.match(json.user.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  assert.equal(headers.get('location'), '/api/auth/me')
  assert.equal(headers.get('cache-control'), 'no-store')
  const me = await api.call('GET', '/api/auth/me', { token: json.access_token })
  assert.deepEqual(me.json, json.user)
})

test('an e-mail address is compared without case, and a taken one is a conflict', async () => {
  const body = { email: 'taken@example.org', password }
  assert.equal((await api.call('POST', '/api/auth/register', { body })).status, 201)
  const again = await api.call('POST', '/api/auth/register', {
    body: { ...body, email: 'TAKEN@example.ORG' },
  })
  assert.equal(again.status, 409)
  assert.equal(again.json.code, 'email_taken')
  const login = await api.call('POST', '/api/auth/login', { body: { ...body, email: 'Taken@Example.Org' } })
  assert.equal(login.status, 200)
  assert.equal(login.json.user.email, 'taken@example.org')
})

test('of many registrations of one address at once exactly one succeeds', async () => {
  const body = { email: 'race@example.org', password }
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => api.call('POST', '/api/auth/register', { body })),
  )
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409])
})

test('a registration with several faults is told all of them', async () => {
  const { status, json } = await api.call('POST', '/api/auth/register', {
    body: {
      email: 'nobody',
      password: 'short',
      time_zone: 'Mars/Olympus',
      name: 'x'.repeat(201),
      role: 'admin',
    },
  })
  assert.equal(status, 422)
  const pointers = json.errors.map((error: { pointer: string }) => error.pointer).sort()
  assert.deepEqual(pointers, ['/email', '/name', '/password', '/role', '/time_zone'])
})

test('a time zone is a name, not an offset', async () => {
  for (const [time_zone, status] of [
    ['+01:00', 422],
    ['Europe/Atlantis', 422],
    ['America/St_Johns', 200],
    ['UTC', 200],
  ] as const) {
    const person = await api.join('zone')
    const { status: given } = await api.call('PATCH', '/api/auth/me', {
      token: person.access_token,
      body: { time_zone },
    })
    assert.equal(given, status, time_zone)
  }
})

test('signing in with a wrong password or an unknown address gives one and the same answer', async () => {
  const person = await api.join()
  const wrong = await api.call('POST', '/api/auth/login', { body: { email: person.email, password } })
  const unknown = await api.call('POST', '/api/auth/login', {
    body: { email: 'nobody@example.org', password },
  })
  const odd = await api.call('POST', '/api/auth/login', { body: { email: 'no address at all', password } })
  const short = await api.call('POST', '/api/auth/login', { body: { email: person.email, password: 'x' } })
  for (const answer of [wrong, unknown, odd, short]) {
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    assert.deepEqual({ ...answer.json, request_id: '' }, { ...wrong.json, request_id: '' })
  }
})

test('your name and time zone can be changed, and nothing else of you', async () => {
  const person = await api.join()
  const token = person.access_token
  const changed = await api.call('PATCH', '/api/auth/me', {
    token,
    body: { name: 'Zoë', time_zone: 'Asia/Tokyo' },
  })
  assert.equal(changed.status, 200)
  assert.deepEqual(changed.json, { ...person.user, name: 'Zoë', time_zone: 'Asia/Tokyo' })
  assert.equal((await api.call('PATCH', '/api/auth/me', { token, body: { name: null } })).json.name, '')
  for (const field of ['id', 'email', 'created_at', 'password_hash', 'password']) {
    const { status, json } = await api.call('PATCH', '/api/auth/me', { token, body: { [field]: 'x' } })
    assert.equal(status, 422, field)
    assert.equal(json.errors[0].pointer, `/${field}`)
  }
})

test('an API token reaches nothing below /auth and no tokens or sessions', async () => {
  const person = await api.join()
  const { token } = await api.tokenFor(person, ['tasks:read', 'tasks:write'])
  const routes = [
    ['GET', '/api/auth/me'],
    ['PATCH', '/api/auth/me', {}],
    ['POST', '/api/auth/logout', {}],
    ['POST', '/api/auth/password', { current_password: 'x', new_password: 'a new password' }],
    ['POST', '/api/auth/delete', { current_password: 'x' }],
    ['GET', '/api/me/tokens'],
    ['POST', '/api/me/tokens', { name: 'x', scopes: ['tasks:read'], expires_at: '2999-01-01T00:00:00Z' }],
    ['DELETE', '/api/me/tokens/1'],
    ['GET', '/api/me/sessions'],
    ['DELETE', '/api/me/sessions/1'],
  ] as const
  for (const [method, path, body] of routes) {
    const { status, json } = await api.call(method, path, { token, ...(body && { body }) })
    assert.equal(status, 403, `${method} ${path}`)
    assert.equal(json.code, 'forbidden')
  }
})

test('deleting the account needs the password and removes everything that is the person’s', async () => {
  const person = await api.join()
  const token = person.access_token
  await api.call('POST', '/api/me/tasks', { token, body: { title: 'Feed the cat', tags: ['home'] } })
  await api.tokenFor(person, ['tasks:read'])
  const refused = await api.call('POST', '/api/auth/delete', {
    token,
    body: { current_password: 'not this' },
  })
  assert.equal(refused.status, 403)
  const { status } = await api.call('POST', '/api/auth/delete', {
    token,
    body: { current_password: person.password },
  })
  assert.equal(status, 204)
  assert.equal((await api.call('GET', '/api/auth/me', { token })).status, 401)
  const tables = await api.db<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'user_id'`
  assert.ok(tables.length >= 8)
  for (const { name } of tables) {
    assert.equal((await api.db`select from ${api.db(name)} where user_id = ${person.id}`).length, 0, name)
  }
  assert.equal(
    (await api.db`select from outbox o join events e on e.id = o.id where e.user_id = ${person.id}`).length,
    0,
  )
})
