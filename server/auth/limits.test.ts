import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Db } from '../../shared/db/connect.ts'
import { type AccountsApi, createAccountsApi } from '../../test/support/accounts.ts'
import { createDatabase } from '../../test/support/postgres.ts'

let db: Db
let time = Date.now()
const now = () => time
before(async () => {
  db = (await createDatabase()).db
})

const signIn = (api: AccountsApi, email: string, password: string, address: string) =>
  api.call('POST', '/api/auth/login', { body: { email, password }, address })

const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
  const all: number[] = []
  for (let n = 0; n < count; n += 1) all.push((await call()).status)
  return all
}

test('a user has so many requests a minute and is told how many are left', async () => {
  const api = await createAccountsApi({ db, now, rateLimit: 3 })
  const [one, two] = [await api.join('rate'), await api.join('rate')]
  const read = (token: string) => api.call('GET', '/api/me/tasks', { token })
  const first = await read(one.access_token)
  assert.equal(first.headers.get('ratelimit-policy'), '"user";q=3;w=60')
  assert.equal(first.headers.get('ratelimit'), '"user";r=2;t=60')
  assert.deepEqual(await statuses(3, () => read(one.access_token)), [200, 200, 429])
  const refused = await read(one.access_token)
  assert.equal(refused.headers.get('retry-after'), '60')
  assert.equal(refused.json.code, 'rate_limited')
  assert.equal((await read(two.access_token)).status, 200)
  time += 60_000
  assert.equal((await read(one.access_token)).status, 200)
})

test('0 turns a limit off', async () => {
  const api = await createAccountsApi({ db, now, rateLimit: 0, authRateLimit: 0 })
  const person = await api.join('free')
  const all = await statuses(30, () => api.call('GET', '/api/auth/me', { token: person.access_token }))
  assert.deepEqual([...new Set(all)], [200])
  assert.deepEqual(
    [...new Set(await statuses(15, () => signIn(api, person.email, 'wrong', '198.51.100.1')))],
    [401],
  )
})

test('after so many wrong passwords an address must wait, while the owner signs in from another', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 3 })
  const person = await api.join('owner', { address: '203.0.113.1' })
  const attack = () => signIn(api, person.email, 'a wrong password', '198.51.100.66')
  assert.deepEqual(await statuses(4, attack), [401, 401, 401, 429])
  const refused = await attack()
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.equal((await signIn(api, person.email, person.password, '198.51.100.66')).status, 429)
  assert.equal((await signIn(api, person.email.toUpperCase(), person.password, '198.51.100.66')).status, 429)
  assert.equal((await signIn(api, person.email, person.password, '203.0.113.1')).status, 200)
  time += 60_000
  assert.equal((await signIn(api, person.email, person.password, '198.51.100.66')).status, 200)
})

test('an account that does not exist is limited in the same way', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 2 })
  const attack = () => signIn(api, 'nobody@example.org', 'a wrong password', '198.51.100.67')
  assert.deepEqual(await statuses(3, attack), [401, 401, 429])
})

test('a parallel burst of wrong passwords gets no more tries than one after another', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 3 })
  const person = await api.join('burst', { address: '203.0.113.2' })
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => signIn(api, person.email, 'a wrong password', '198.51.100.68')),
  )
  assert.equal(answers.filter(({ status }) => status === 401).length, 3)
  assert.equal(answers.filter(({ status }) => status === 429).length, 9)
})

test('right passwords at the same time are no failures', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 2 })
  const person = await api.join('family', { address: '203.0.113.3' })
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => signIn(api, person.email, person.password, '203.0.113.3')),
  )
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
})

test('an attack from many addresses meets a limit of the account, which the owner’s own address does not', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 1 })
  const person = await api.join('target', { address: '203.0.113.4' })
  const from = (n: number) => signIn(api, person.email, 'a wrong password', `198.18.0.${n}`)
  for (let n = 1; n <= 10; n += 1) assert.equal((await from(n)).status, 401)
  assert.equal((await from(11)).status, 429)
  assert.equal((await signIn(api, person.email, person.password, '203.0.113.4')).status, 200)
  await api.call('POST', '/api/auth/logout', { token: person.access_token })
  assert.equal((await signIn(api, person.email, person.password, '203.0.113.4')).status, 200)
})

test('an address has ten times as many sign-ins and registrations together', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 1 })
  const address = '198.51.100.70'
  const register = (n: number) =>
    api.call('POST', '/api/auth/register', {
      body: { email: `many-${n}@example.org`, password: 'one of many herons' },
      address,
    })
  for (let n = 0; n < 5; n += 1) assert.equal((await register(n)).status, 201)
  const in5 = await statuses(5, () => signIn(api, 'many-1@example.org', 'one of many herons', address))
  assert.deepEqual([...new Set(in5)], [200])
  const refused = await register(9)
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  assert.equal((await signIn(api, 'many-1@example.org', 'one of many herons', address)).status, 429)
})

test('guessing refresh tokens and the current password is limited too', async () => {
  const api = await createAccountsApi({ db, now, authRateLimit: 1 })
  const address = '198.51.100.71'
  const guess = () =>
    api.call('POST', '/api/auth/refresh', { body: { refresh_token: crypto.randomUUID() }, address })
  assert.deepEqual([...new Set(await statuses(10, guess))], [401])
  assert.equal((await guess()).status, 429)
  const { access_token: token } = await api.join('borrowed')
  const body = { current_password: 'a guess', new_password: 'another password' }
  const change = () => api.call('POST', '/api/auth/password', { token, body, address })
  assert.deepEqual(await statuses(2, change), [403, 429])
})

test('an address in X-Forwarded-For counts only when a configured proxy says it', async () => {
  const direct = await createAccountsApi({ db, now, authRateLimit: 1 })
  const behind = await createAccountsApi({ db, now, authRateLimit: 1, trustedProxies: ['10.0.0.0/8'] })
  const from = (api: AccountsApi, forwarded: string, address: string) =>
    api.call('POST', '/api/auth/login', {
      body: { email: 'proxied@example.org', password: 'wrong' },
      headers: { 'x-forwarded-for': forwarded },
      address,
    })
  assert.equal((await from(direct, '192.0.2.1', '198.51.100.72')).status, 401)
  assert.equal((await from(direct, '192.0.2.2', '198.51.100.72')).status, 429)
  assert.equal((await from(behind, '192.0.2.1', '10.0.0.1')).status, 401)
  assert.equal((await from(behind, '192.0.2.2', '10.0.0.1')).status, 401)
  assert.equal((await from(behind, '192.0.2.9, 192.0.2.2', '10.0.0.2')).status, 429)
})
