import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../test/support/api.ts'

const { call, another, db, ann, bob } = await createTestApi({ max: 6 })

const keyed = (key: string) => ({ 'idempotency-key': key })
const countTasks = async (title: string) =>
  (await db`select count(*)::int as n from tasks where title = ${title}`)[0]!.n

test('a repeated POST gets the same answer and has no second effect, also at another process', async () => {
  const send = (to: typeof call) => to('POST', 'tasks', { body: { title: 'Once' }, headers: keyed('key-1') })
  const first = await send(call)
  const again = await send(call)
  const elsewhere = await send(another().call)
  assert.equal(first.status, 201)
  assert.equal(first.headers.get('idempotent-replayed'), null)
  for (const repeat of [again, elsewhere]) {
    assert.deepEqual([repeat.status, repeat.text], [201, first.text])
    for (const name of ['location', 'etag', 'content-type']) {
      assert.equal(repeat.headers.get(name), first.headers.get(name), name)
    }
    assert.equal(repeat.headers.get('idempotent-replayed'), 'true')
  }
  assert.equal(await countTasks('Once'), 1)
})

test('the key belongs to its user and its route', async () => {
  const headers = keyed('shared')
  const body = { title: 'Mine' }
  assert.equal((await call('POST', 'tasks', { body, headers })).status, 201)
  assert.equal((await call('POST', 'tasks', { body, headers, as: bob })).json.user_id, bob.id)
  assert.equal((await call('POST', 'tags', { body: { name: 'mine' }, headers })).status, 201)
})

test('the same key with another body is 422, whatever the white space', async () => {
  const headers = keyed('key-2')
  await call('POST', 'tasks', { body: '{"title":"A"}', headers })
  assert.equal((await call('POST', 'tasks', { body: ' { "title" : "A" } ', headers })).status, 201)
  const other = await call('POST', 'tasks', { body: { title: 'B' }, headers })
  assert.deepEqual([other.status, other.json.code], [422, 'idempotency_key_reused'])
  const name = await call('POST', '/api/me/tasks', { body: { title: 'A' }, headers })
  assert.equal(name.headers.get('idempotent-replayed'), 'true', '`me` is the same user')
})

test('of twenty requests with one key at the same time one has the effect; the others get it or 409', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      call('POST', 'tasks', { body: { title: 'Race' }, headers: keyed('race') }),
    ),
  )
  assert.equal(await countTasks('Race'), 1)
  for (const answer of answers) {
    if (answer.status === 409) {
      assert.equal(answer.json.code, 'idempotency_key_in_use')
      assert.match(answer.headers.get('retry-after')!, /^\d+$/)
    } else assert.equal(answer.status, 201)
  }
  assert.equal(new Set(answers.filter(({ status }) => status === 201).map(({ text }) => text)).size, 1)
})

test('what failed is not kept: the same key works once the request is mended', async () => {
  const headers = keyed('key-3')
  assert.equal((await call('POST', 'tasks', { body: { title: '' }, headers })).status, 422)
  assert.equal(
    (await call('POST', 'tasks', { body: { title: 'T', tag_ids: [999999] }, headers })).status,
    422,
  )
  assert.equal((await call('POST', 'tasks', { body: { title: 'Mended' }, headers })).status, 201)
})

test('a key works on batches, undo and redo', async () => {
  const headers = keyed('key-4')
  const body = { operations: [{ op: 'create', body: { title: 'In a batch' } }] }
  const first = await call('POST', 'tasks/batch', { body, headers })
  const again = await call('POST', 'tasks/batch', { body, headers })
  assert.deepEqual([again.status, again.text], [200, first.text])
  assert.equal(await countTasks('In a batch'), 1)
  const undone = await call('POST', 'undo', { headers })
  assert.equal((await call('POST', 'undo', { headers })).text, undone.text)
  assert.equal(undone.json.undone.length, 1)
  const redone = await call('POST', 'redo', { headers })
  assert.equal((await call('POST', 'redo', { headers })).text, redone.text)
})

test('a connection that dies before the commit leaves neither the effect nor the key', async () => {
  const send = () => call('POST', 'tasks', { body: { title: 'Cut off' }, headers: keyed('cut') })
  // Holds the user's lock, so that the request has taken its key and waits in the middle of its transaction.
  const blocker = await db.reserve()
  await blocker`begin`
  await blocker`select pg_advisory_xact_lock(hashtextextended(${ann.id}::text, 7203))`
  const cut = send()
  let waiting: { pid: number }[] = []
  while (waiting.length === 0) {
    waiting = await blocker<{ pid: number }[]>`
      select pid from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`
  }
  assert.equal((await send()).status, 409, 'the first one is still running')
  await blocker`select pg_terminate_backend(${waiting[0]!.pid})`
  assert.equal((await cut).status, 503)
  await blocker`rollback`
  blocker.release()
  assert.equal(await countTasks('Cut off'), 0)
  const again = await send()
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [201, null])
})

test('an answer that was lost after the commit is told again', async () => {
  const send = (to: typeof call) =>
    to('POST', 'tasks', { body: { title: 'Lost answer' }, headers: keyed('lost') })
  const dying = another()
  await send(dying.call)
  await dying.db.end({ timeout: 0 })
  assert.equal((await send(call)).headers.get('idempotent-replayed'), 'true')
  assert.equal(await countTasks('Lost answer'), 1)
})

test('a key is forgotten after a day, and forgotten keys are swept away by new ones', async () => {
  const headers = keyed('old')
  await call('POST', 'tasks', { body: { title: 'Old' }, headers })
  await db`update idempotency_keys set created_at = now() - interval '24 hours 1 second'`
  const late = await call('POST', 'tasks', { body: { title: 'Old' }, headers })
  assert.deepEqual([late.status, late.headers.get('idempotent-replayed')], [201, null])
  await db`update idempotency_keys set created_at = now() - interval '26 hours'`
  for (let n = 0; n < 10; n += 1)
    await call('POST', 'tags', { body: { name: `t${n}` }, headers: keyed(`n${n}`) })
  const [left] =
    await db`select count(*)::int as n from idempotency_keys where created_at < now() - interval '25 hours'`
  assert.equal(left!.n, 0)
})

test('a key that is no key is 400; a dry run needs none and keeps none', async () => {
  for (const bad of ['', 'a b', 'ä', 'x'.repeat(256)]) {
    const answer = await call('POST', 'tasks', { body: { title: 'x' }, headers: keyed(bad) }).catch(
      () => null,
    )
    if (answer) assert.equal(answer.status, 400, JSON.stringify(bad))
  }
  const dry = { body: { title: 'Dry' }, headers: keyed('dry') }
  assert.equal((await call('POST', 'tasks?dry_run=true', dry)).status, 201)
  assert.equal((await call('POST', 'tasks', dry)).headers.get('idempotent-replayed'), null)
})

test('neither the key nor an answer that may hold a secret can be read in the database', async () => {
  const made = await call('POST', 'tags', { body: { name: 'hush' }, headers: keyed('my-secret-key') })
  assert.equal(made.status, 201)
  const rows = await db<{ text: string; answer: string | null }[]>`
    select encode(sealed, 'escape') || encode(key_hash, 'escape') as text, answer from idempotency_keys
    where route like '%/tags'`
  assert.ok(rows.length > 0)
  for (const { text, answer } of rows) assert.deepEqual([/secret|hush/.test(text), answer], [false, null])
})

test('what a create answered is kept as long as its key, and nothing of it when it failed', async () => {
  const send = (body: object) => call('POST', 'tasks', { body, headers: keyed('plain') })
  assert.equal((await send({ title: 'No such tag', tag_ids: [999999] })).status, 422)
  const kept = () => db<{ answer: string }[]>`select answer from idempotency_keys where answer ~ 'Kept plain'`
  assert.equal((await kept()).length, 0)
  const made = await send({ title: 'Kept plain' })
  assert.deepEqual(
    (await kept()).map(({ answer }) => answer),
    [made.text],
  )
})
