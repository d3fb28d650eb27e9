import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { app, call, db, ann, bob, person } = await createTestApi()

/** A mail channel of the person, and the path that its mails link to. */
async function subscribe(as = ann, target = 'Reader@example.org') {
  const { json } = await call('POST', 'channels', { as, body: { kind: 'email', target } })
  const [row] = await db`
    select token from unsubscribe_tokens where user_id = ${as.id} and address = ${target.toLowerCase()}`
  return { id: json.id as number, path: `/unsubscribe/${row!.token}` }
}

const isActive = async (as: typeof ann, id: number) =>
  (await call('GET', `channels/${id}`, { as })).json.is_active

test('opening the link shows a page and changes nothing', async () => {
  const { id, path } = await subscribe()
  const page = await app.request(path)
  assert.equal(page.status, 200)
  assert.match(page.headers.get('content-type')!, /text\/html/)
  assert.match(await page.text(), /<form method="post">/)
  assert.match(page.headers.get('content-security-policy')!, /default-src 'none'/)
  assert.equal(await isActive(ann, id), true)
})

test('the POST of a mail program works without login, at once and again', async () => {
  const cat = await person()
  const { id, path } = await subscribe(cat)
  const post = () =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
  for (const answer of [await post(), await post()]) {
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('location'), null)
    assert.equal(answer.headers.get('set-cookie'), null)
  }
  assert.equal(await isActive(cat, id), false)
  const [row] = await db`select reason from mail_suppressions where user_id = ${cat.id}`
  assert.equal(row!.reason, 'unsubscribed')
  assert.match(await (await app.request(path)).text(), /Unsubscribed/)
})

test('it stops the mails of one account and no other', async () => {
  const [mine, theirs] = [await subscribe(ann), await subscribe(bob)]
  await app.request(mine.path, { method: 'POST' })
  assert.equal(await isActive(ann, mine.id), false)
  assert.equal(await isActive(bob, theirs.id), true)
})

test('a link that is not known is 404, and tells nothing', async () => {
  const { path } = await subscribe()
  for (const bad of [`${path}x`, '/unsubscribe/1', '/unsubscribe/%27%3b']) {
    assert.equal((await app.request(bad)).status, 404)
    assert.equal((await app.request(bad, { method: 'POST' })).status, 404)
  }
})

test('a token opens nothing else', async () => {
  const { path } = await subscribe()
  const token = path.split('/').at(-1)!
  const answer = await app.request(`/api/${ann.id}/tasks`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.status, 401)
})

test("only the account's own address takes mail up again by switching the channel on", async () => {
  const cat = await person()
  const [own, other] = [
    await subscribe(cat, `${cat.id}@example.org`),
    await subscribe(cat, 'friend@example.org'),
  ]
  for (const { path, id } of [own, other]) {
    await app.request(path, { method: 'POST' })
    await call('PATCH', `channels/${id}`, { as: cat, body: { is_active: true } })
  }
  const rows = await db`select address from mail_suppressions where user_id = ${cat.id}`
  assert.deepEqual(
    rows.map(({ address }) => address),
    ['friend@example.org'],
  )
})
