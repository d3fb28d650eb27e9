import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Db } from '../../shared/db/connect.ts'
import { createAccountsApi } from '../../test/support/accounts.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import { ensureSigningKey } from './signing-key.ts'

let db: Db
before(async () => {
  db = (await createDatabase()).db
})

test('servers on one database without a secret of their own agree on one, also when they start together', async () => {
  const keys = await Promise.all(Array.from({ length: 6 }, () => ensureSigningKey(db)))
  assert.equal(new Set(keys).size, 1)
  assert.equal(Buffer.from(keys[0]!, 'base64url').length, 32)
  assert.equal(await ensureSigningKey(db), keys[0])
})

test('a sign-in at one replica counts at another, and its end is seen there within five seconds', async () => {
  let time = Date.now()
  const now = () => time
  const one = await createAccountsApi({ db, now })
  const two = await createAccountsApi({ db, now })
  const person = await one.join('replica')
  const token = person.access_token
  const me = (api: typeof one) => api.call('GET', '/api/auth/me', { token })
  assert.equal((await me(two)).status, 200)
  assert.equal((await one.call('POST', '/api/auth/logout', { token })).status, 204)
  assert.equal((await me(one)).status, 401)
  time += 5_000
  assert.equal((await me(two)).status, 401)
})

test('during a rotation of the key old and new access tokens work, and afterwards the new ones', async () => {
  const [before, after] = ['Bm4Qx7Nt2Vc9Kd5Hs1Rw8Zp3Lg6Yj0Fa', 'Yt5Lp8Wc2Nq9Xk4Jv7Rd1Hg6Zb3Mf0Se']
  const old = await createAccountsApi({ db, jwtSecret: before })
  const rotating = await createAccountsApi({ db, jwtSecret: after, jwtSecretPrevious: before })
  const done = await createAccountsApi({ db, jwtSecret: after })
  const person = await old.join('rotating')
  const status = async (api: typeof old, token: string) =>
    (await api.call('GET', '/api/auth/me', { token })).status
  assert.equal(await status(rotating, person.access_token), 200)
  assert.equal(await status(done, person.access_token), 401)
  const body = { refresh_token: person.refresh_token }
  const renewed = (await rotating.call('POST', '/api/auth/refresh', { body })).json
  assert.equal(await status(done, renewed.access_token), 200)
})
