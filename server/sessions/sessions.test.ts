import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type AccountsApi, createAccountsApi } from '../../test/support/accounts.ts'

let api: AccountsApi
before(async () => {
  api = await createAccountsApi()
})

const refresh = (token: string) => api.call('POST', '/api/auth/refresh', { body: { refresh_token: token } })
const me = (token: string) => api.call('GET', '/api/auth/me', { token })

/** Lets the grace of the last exchange pass. */
const age = (userId: string) =>
  api.db`update sessions set rotated_at = rotated_at - interval '31 seconds' where user_id = ${userId}`

test('a refresh token gives a new pair, and tokens are stored as hashes only', async () => {
  const person = await api.join()
  const { status, json } = await refresh(person.refresh_token)
  assert.equal(status, 200)
  assert.deepEqual(json.user, person.user)
  assert.notEqual(json.refresh_token, person.refresh_token)
  assert.equal(Buffer.from(json.refresh_token, 'base64url').length, 32)
  assert.equal((await me(json.access_token)).status, 200)
  const stored = JSON.stringify(
    await api.db`select encode(token_hash, 'escape') as hash, * from refresh_tokens`,
  )
  assert.ok(!stored.includes(json.refresh_token) && !stored.includes(person.refresh_token))
})

test('a repeat within the grace gets a new pair while the successor is unused', async () => {
  const person = await api.join()
  const first = await refresh(person.refresh_token)
  const again = await refresh(person.refresh_token)
  assert.equal(again.status, 200)
  assert.notEqual(again.json.refresh_token, first.json.refresh_token)
  assert.equal((await refresh(again.json.refresh_token)).status, 200)
})

test('a repeat after the successor was used ends the whole family at once', async () => {
  const person = await api.join()
  const second = (await refresh(person.refresh_token)).json
  const third = (await refresh(second.refresh_token)).json
  assert.equal((await me(third.access_token)).status, 200)
  const stolen = await refresh(person.refresh_token)
  assert.equal(stolen.status, 401)
  assert.equal(stolen.headers.get('www-authenticate'), 'Bearer')
  assert.equal((await refresh(third.refresh_token)).status, 401)
  for (const { access_token } of [person, second, third]) assert.equal((await me(access_token)).status, 401)
})

test('a repeat after the grace ends the family although the successor is unused', async () => {
  const person = await api.join()
  const second = (await refresh(person.refresh_token)).json
  await age(person.id)
  assert.equal((await refresh(person.refresh_token)).status, 401)
  assert.equal((await refresh(second.refresh_token)).status, 401)
})

test('of many exchanges of one token at once one rotates, and the session goes on with any of the answers', async () => {
  const person = await api.join()
  const answers = await Promise.all(Array.from({ length: 12 }, () => refresh(person.refresh_token)))
  assert.ok(answers.every(({ status }) => status === 200))
  const [row] = await api.db`select generation from sessions where user_id = ${person.id}`
  assert.equal(row!.generation, 2)
  assert.equal((await refresh(answers[7]!.json.refresh_token)).status, 200)
  await age(person.id)
  assert.equal((await refresh(answers[3]!.json.refresh_token)).status, 401)
})

test('another session of the same person goes on when one family ends', async () => {
  const person = await api.join()
  const { email, password } = person
  const other = (await api.call('POST', '/api/auth/login', { body: { email, password } })).json
  const second = (await refresh(person.refresh_token)).json
  await refresh(second.refresh_token)
  assert.equal((await refresh(person.refresh_token)).status, 401)
  assert.equal((await refresh(other.refresh_token)).status, 200)
})

test('refresh and access tokens cannot stand in for each other, and what was never issued is refused', async () => {
  const person = await api.join()
  assert.equal((await me(person.refresh_token)).status, 401)
  assert.equal((await refresh(person.access_token)).status, 401)
  assert.equal((await refresh('A'.repeat(43))).status, 401)
  assert.equal((await refresh(person.refresh_token)).status, 200)
})

test('a session ends a month after its last renewal, and half a year after its start however often it is renewed', async () => {
  const idle = await api.join()
  await api.db`update sessions set rotated_at = now() - interval '31 days' where user_id = ${idle.id}`
  assert.equal((await refresh(idle.refresh_token)).status, 401)
  const old = await api.join()
  const [row] = await api.db`select expires_at - created_at = interval '180 days' as is_half_a_year
    from sessions where user_id = ${old.id}`
  assert.equal(row!.is_half_a_year, true)
  await api.db`update sessions set expires_at = now() where user_id = ${old.id}`
  assert.equal((await refresh(old.refresh_token)).status, 401)
})

test('logging out ends the session of the access token at once, or the one of the refresh token', async () => {
  const person = await api.join()
  assert.equal((await api.call('POST', '/api/auth/logout', { token: person.access_token })).status, 204)
  assert.equal((await me(person.access_token)).status, 401)
  assert.equal((await refresh(person.refresh_token)).status, 401)
  const other = await api.join()
  const body = { refresh_token: other.refresh_token }
  assert.equal((await api.call('POST', '/api/auth/logout', { body })).status, 204)
  assert.equal((await me(other.access_token)).status, 401)
  assert.equal((await api.call('POST', '/api/auth/logout', { body })).status, 204)
  assert.equal((await api.call('POST', '/api/auth/logout')).status, 401)
  assert.equal((await api.call('POST', '/api/auth/logout', { body: {} })).status, 401)
})

test('changing the password needs the current one and ends every session but this', async () => {
  const person = await api.join()
  const { email, password, access_token: token } = person
  const other = (await api.call('POST', '/api/auth/login', { body: { email, password } })).json
  assert.equal((await me(other.access_token)).status, 200)
  const change = (current_password: string, new_password: string) =>
    api.call('POST', '/api/auth/password', { token, body: { current_password, new_password } })
  const wrong = await change('not this one', 'seven swans a-swimming')
  assert.equal(wrong.status, 403)
  assert.equal(wrong.json.code, 'wrong_password')
  assert.equal((await change(password, 'password1')).status, 422)
  assert.equal((await change(password, 'short')).json.errors[0].pointer, '/new_password')
  assert.equal((await change(password, 'seven swans a-swimming')).status, 204)
  assert.equal((await me(token)).status, 200)
  assert.equal((await me(other.access_token)).status, 401)
  assert.equal((await refresh(other.refresh_token)).status, 401)
  assert.equal((await refresh(person.refresh_token)).status, 200)
  assert.equal((await api.call('POST', '/api/auth/login', { body: { email, password } })).status, 401)
  const renewed = { email, password: 'seven swans a-swimming' }
  assert.equal((await api.call('POST', '/api/auth/login', { body: renewed })).status, 200)
})

test('you see where you are signed in, and can sign out elsewhere', async () => {
  const person = await api.join('lister', {
    headers: { 'user-agent': 'todo/1.0\x1b[31m' },
    address: '203.0.113.5',
  })
  const { email, password, access_token: token } = person
  const other = (
    await api.call('POST', '/api/auth/login', { body: { email, password }, address: '2001:db8::7' })
  ).json
  const { json } = await api.call('GET', '/api/me/sessions', { token })
  assert.equal(json.next_cursor, null)
  assert.deepEqual(
    json.items.map(({ current, address, user_agent }: Record<string, unknown>) => [
      current,
      address,
      user_agent,
    ]),
    [
      [true, '203.0.113.5', 'todo/1.0?[31m'],
      [false, '2001:db8::7', ''],
    ],
  )
  const page = await api.call('GET', '/api/me/sessions?limit=1', { token })
  const next = await api.call('GET', `/api/me/sessions?limit=1&cursor=${page.json.next_cursor}`, { token })
  assert.deepEqual([...page.json.items, ...next.json.items], json.items)
  const path = `/api/${person.id}/sessions/${json.items[1].id}`
  assert.equal((await api.call('DELETE', path, { token })).status, 204)
  assert.equal((await api.call('DELETE', path, { token })).status, 404)
  assert.equal((await me(other.access_token)).status, 401)
  assert.equal((await me(token)).status, 200)
})

test('a better hash replaces an outdated one at the next sign-in', async () => {
  const person = await api.join()
  const { email, password } = person
  const { hash } = await import('@node-rs/argon2')
  const weak = await hash(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  await api.db`update users set password_hash = ${weak} where id = ${person.id}`
  assert.equal((await api.call('POST', '/api/auth/login', { body: { email, password } })).status, 200)
  const [row] = await api.db`select password_hash from users where id = ${person.id}`
  assert.match(row!.password_hash, /m=19456,t=2,p=1/)
  assert.equal((await api.call('POST', '/api/auth/login', { body: { email, password } })).status, 200)
})
