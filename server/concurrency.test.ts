import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../test/support/api.ts'

const { call, db } = await createTestApi({ max: 6 })

const newTask = async (body: object = { title: 'Pay rent' }) => (await call('POST', 'tasks', { body })).json
const newTag = async (name: string) => (await call('POST', 'tags', { body: { name } })).json

test('a task has a strong ETag of its version, and a reader who has it gets 304 without a body', async () => {
  const task = await newTask()
  const first = await call('GET', `tasks/${task.id}`)
  assert.equal(first.headers.get('etag'), '"1"')
  assert.equal(first.headers.get('cache-control'), 'private, no-cache')
  for (const known of ['"1"', 'W/"1"', '*', '"7", "1"', 'W/"0" , W/"1"']) {
    const again = await call('GET', `tasks/${task.id}`, { headers: { 'if-none-match': known } })
    assert.deepEqual([again.status, again.text, again.headers.get('etag')], [304, '', '"1"'], known)
    assert.equal(again.headers.get('vary'), 'Authorization')
  }
  for (const other of ['"2"', '1', '"11"', '']) {
    assert.equal((await call('GET', `tasks/${task.id}`, { headers: { 'if-none-match': other } })).status, 200)
  }
})

test('HEAD answers like GET without a body', async () => {
  const task = await newTask()
  const head = await call('HEAD', `tasks/${task.id}`)
  assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', '"1"'])
})

test('a stale If-Match is 412 and changes nothing, for every kind of write', async () => {
  const task = await newTask()
  await call('PATCH', `tasks/${task.id}`, { body: { title: 'Pay the rent' } })
  const stale = { 'if-match': '"1"' }
  const writes = [
    call('PATCH', `tasks/${task.id}`, { body: { title: 'x' }, headers: stale }),
    call('PUT', `tasks/${task.id}`, { body: { title: 'x' }, headers: stale }),
    call('PATCH', `tasks/${task.id}/complete`, { body: {}, headers: stale }),
    call('DELETE', `tasks/${task.id}`, { headers: stale }),
  ]
  for (const answer of await Promise.all(writes)) {
    assert.equal(answer.status, 412)
    assert.equal(answer.json.code, 'precondition_failed')
  }
  const now = await call('GET', `tasks/${task.id}`)
  assert.deepEqual([now.json.title, now.json.version], ['Pay the rent', 2])
})

test('If-Match holds for the current tag, a list with it and *, and never for a weak tag', async () => {
  const task = await newTask()
  const patch = (title: string, known: string) =>
    call('PATCH', `tasks/${task.id}`, { body: { title }, headers: { 'if-match': known } })
  assert.equal((await patch('a', '"1"')).headers.get('etag'), '"2"')
  assert.equal((await patch('b', '"9", "2"')).headers.get('etag'), '"3"')
  assert.equal((await patch('c', '*')).headers.get('etag'), '"4"')
  assert.equal((await patch('d', 'W/"4"')).status, 412)
  assert.equal((await patch('c', '"3"')).status, 412, 'stale although nothing would change')
})

test('of 50 writers with the same ETag exactly one wins', async () => {
  const task = await newTask()
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      call('PATCH', `tasks/${task.id}`, { body: { title: `writer ${n}` }, headers: { 'if-match': '"1"' } }),
    ),
  )
  const won = answers.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  assert.equal(answers.filter(({ status }) => status === 412).length, 49)
  const now = await call('GET', `tasks/${task.id}`)
  assert.deepEqual([now.json.title, now.json.version], [won[0]!.json.title, 2])
})

test('a tag has an ETag too; its count of tasks makes a reader read again but no writer fail', async () => {
  const tag = await newTag('work')
  const first = await call('GET', `tags/${tag.id}`)
  const etag = first.headers.get('etag')!
  assert.equal((await call('GET', `tags/${tag.id}`, { headers: { 'if-none-match': etag } })).status, 304)
  await newTask({ title: 'Write report', tags: ['work'] })
  const second = await call('GET', `tags/${tag.id}`, { headers: { 'if-none-match': etag } })
  assert.deepEqual([second.status, second.json.task_count], [200, 1])
  const put = { body: { name: 'office' }, headers: { 'if-match': etag } }
  const renamed = await call('PUT', `tags/${tag.id}`, put)
  assert.equal(renamed.status, 200)
  assert.notEqual(renamed.headers.get('etag'), etag)
  assert.equal((await call('PUT', `tags/${tag.id}`, put)).status, 412)
  assert.equal((await call('DELETE', `tags/${tag.id}`, { headers: { 'if-match': etag } })).status, 412)
  assert.equal(
    (await call('DELETE', `tags/${tag.id}`, { headers: { 'if-match': renamed.headers.get('etag')! } }))
      .status,
    204,
  )
})

test('every version has exactly one event, whatever was written at the same time', async () => {
  const task = await newTask()
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      n % 3 === 0
        ? call('PATCH', `tasks/${task.id}/complete`, { body: { completed: n % 2 === 0 } })
        : call('PATCH', `tasks/${task.id}`, { body: { title: `title ${n}`, tags: [`tag${n % 4}`] } }),
    ),
  )
  const { version } = (await call('GET', `tasks/${task.id}`)).json
  const events = await db`select version from events where task_id = ${task.id} order by id`
  assert.deepEqual(
    events.map((event) => event.version),
    Array.from({ length: version }, (_, n) => n + 1),
  )
})
