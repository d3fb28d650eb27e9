import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSecretBox } from '../../shared/secret-box.ts'
import { createTestApi } from '../../test/support/api.ts'
import { createApp } from '../app.ts'
import { resealSecrets } from './reseal.ts'

const { deps, ann, db } = await createTestApi()
const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const signal = new AbortController().signal
const webhook = { kind: 'webhook', target: 'https://example.org/hook' }

const appWith = (keys: Parameters<typeof createSecretBox>[0]) =>
  createApp({ ...deps, notifications: { ...deps.notifications, secrets: createSecretBox(keys) } })

async function post(app: ReturnType<typeof appWith>, path: string, body: object) {
  const headers = { ...ann.headers, 'content-type': 'application/json' }
  const answer = await app.request(`/api/me/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return (await answer.json()) as { id: number; secret: string }
}

const stored = async (id: number) => {
  const [row] = await db<{ secret: string; previous_secret: string | null }[]>`
    select secret, previous_secret from notification_channels where id = ${id}`
  return row!
}

test('with a key no secret of a webhook lies readable in the database, neither the new nor the former one', async () => {
  const keys = { current: first, previous: null }
  const [app, box] = [appWith(keys), createSecretBox(keys)]
  const made = await post(app, 'channels', webhook)
  assert.match(made.secret, /^whsec_/)
  assert.equal(box.open((await stored(made.id)).secret, ann.id), made.secret)
  const changed = await post(app, `channels/${made.id}/secret`, {})
  const { secret, previous_secret } = await stored(made.id)
  assert.equal(box.open(secret, ann.id), changed.secret)
  assert.equal(box.open(previous_secret!, ann.id), made.secret)
  assert.ok(![secret, previous_secret].some((text) => text!.includes('whsec')))
})

test('a new key: everything is sealed anew while both are set, and the former one is needed no more', async () => {
  const plain = await post(appWith({ current: null, previous: null }), 'channels', webhook)
  const old = await post(appWith({ current: first, previous: null }), 'channels', webhook)
  assert.equal((await stored(plain.id)).secret, plain.secret)
  const during = createSecretBox({ current: second, previous: first })
  const changed = await Promise.all([resealSecrets(db, during, signal), resealSecrets(db, during, signal)])
  assert.ok(changed[0]! + changed[1]! >= 2)
  assert.equal(await resealSecrets(db, during, signal), 0)
  const after = createSecretBox({ current: second, previous: null })
  for (const { id, secret } of [plain, old])
    assert.equal(after.open((await stored(id)).secret, ann.id), secret)
})

test('what no key opens stays as it is', async () => {
  const lost = await post(appWith({ current: Buffer.alloc(32, 9), previous: null }), 'channels', webhook)
  const before = await stored(lost.id)
  assert.equal(await resealSecrets(db, createSecretBox({ current: second, previous: null }), signal), 0)
  assert.deepEqual(await stored(lost.id), before)
})
