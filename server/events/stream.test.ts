import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { AppError } from '../../shared/errors.ts'
import { createTestApi, type Person } from '../../test/support/api.ts'
import { openEvents } from '../../test/support/stream.ts'

const api = await createTestApi({ max: 6 })
const { call, person, db } = api

const make = async (as: Person, title = 'x', at = call) =>
  (await at('POST', 'tasks', { as, body: { title } })).json
const history = async (as: Person) => (await call('GET', 'events?limit=200', { as })).json.items

test('a stream tells what happens from now on, in the shape of the history', async () => {
  const as = await person()
  await make(as, 'before')
  const stream = await openEvents(api, { as })
  assert.match(stream.headers.get('content-type')!, /^text\/event-stream/)
  const task = await make(as, 'after')
  await call('PATCH', `tasks/${task.id}/complete`, { as })
  const messages = await stream.messages(2)
  assert.deepEqual(
    messages.map((message) => message.data),
    (await history(as)).slice(1),
  )
  assert.deepEqual(
    messages.map((message) => [message.event, message.id === message.data.id]),
    [
      ['task.created', true],
      ['task.completed', true],
    ],
  )
  await stream.close()
})

test('Last-Event-ID goes on after that event, 0 from the beginning, through many pages', async () => {
  const as = await person()
  const operations = Array.from({ length: 100 }, (_, n) => ({ op: 'create', body: { title: `t${n}` } }))
  for (let n = 0; n < 3; n += 1) await call('POST', 'tasks/batch', { as, body: { operations } })
  const all = await openEvents(api, { as, headers: { 'last-event-id': '0' } })
  const messages = await all.messages(300)
  const ids = messages.map((message) => message.id)
  assert.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  )
  assert.equal(new Set(ids).size, 300)
  const rest = await openEvents(api, { as, headers: { 'last-event-id': String(ids[249]) } })
  assert.deepEqual(
    (await rest.messages(50)).map((message) => message.id),
    ids.slice(250),
  )
  await Promise.all([all.close(), rest.close()])
})

test('what another server process commits arrives too', async () => {
  const as = await person()
  const other = api.another()
  const stream = await openEvents(api, { as })
  const task = await make(as, 'elsewhere', other.call)
  const [message] = await stream.messages(1)
  assert.equal(message!.data.task_id, task.id)
  await stream.close()
})

test('a commit that comes late is not skipped: the stream has every event in the order of the history', async () => {
  const as = await person()
  const stream = await openEvents(api, { as })
  const other = api.another()
  await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const at = n % 2 === 0 ? call : other.call
      const task = await make(as, `t${n}`, at)
      await at('PATCH', `tasks/${task.id}`, { as, body: { title: `T${n}`, tags: [`a${n % 5}`] } })
    }),
  )
  const streamed = (await stream.messages(120)).map((message) => message.id)
  const stored = await db`select id from events where user_id = ${as.id} order by id`
  assert.deepEqual(
    streamed,
    stored.map((row) => row.id),
  )
  await stream.close()
})

test('a stream with task_id tells of that task alone, and nobody hears of another person', async () => {
  const [as, stranger] = [await person(), await person()]
  const task = await make(as)
  const one = await openEvents(api, { as, query: `?task_id=${task.id}` })
  const theirs = await openEvents(api, { as: stranger })
  await make(as, 'other')
  await call('PATCH', `tasks/${task.id}`, { as, body: { title: 'y' } })
  const own = await make(stranger)
  assert.equal((await one.messages(1))[0]!.data.task_id, task.id)
  assert.equal((await theirs.messages(1))[0]!.data.task_id, own.id)
  const foreign = await openEvents(api, { as: { id: as.id, headers: stranger.headers } })
  assert.equal(foreign.status, 404)
  await Promise.all([one.close(), theirs.close()])
})

test('a stream ends when its token does', async () => {
  const as = await person()
  const short = { id: as.id, headers: { authorization: `Bearer ${as.id};expires=${Date.now() + 300}` } }
  const stream = await openEvents(api, { as: short })
  await stream.ended
})

test('a stream sends a comment at least every 30 seconds, and ends when the token is revoked', async () => {
  const as = await person()
  const own = await createTestApi()
  mock.timers.enable({ apis: ['setInterval'] })
  const stream = await openEvents(own, { as })
  const before = stream.comments()
  mock.timers.tick(30_000)
  const task = await own.call('POST', 'tasks', { as: own.ann, body: { title: 'x' } })
  assert.equal(task.status, 201)
  while (stream.comments() === before) await new Promise(setImmediate)
  own.deps.authenticate = async () => {
    throw new AppError('unauthenticated', 'revoked')
  }
  mock.timers.tick(30_000)
  await stream.ended
  mock.timers.reset()
  await own.close()
})

test('a person has at most 20 streams at a time; a closed one makes room', async () => {
  const as = await person()
  const streams = await Promise.all(Array.from({ length: 20 }, () => openEvents(api, { as })))
  assert.ok(streams.every(({ status }) => status === 200))
  const refused = await openEvents(api, { as })
  assert.equal(refused.status, 429)
  assert.match(refused.headers.get('retry-after')!, /^\d+$/)
  assert.equal(JSON.parse(refused.text).code, 'too_many_streams')
  await streams[0]!.close()
  const room = await openEvents(api, { as })
  assert.equal(room.status, 200)
  await Promise.all([...streams.slice(1), room].map((stream) => stream.close()))
})

test('a client that does not read holds nobody up and loses nothing', async () => {
  const as = await person()
  const slow = await api.app.request(`/api/${as.id}/events`, {
    headers: { ...as.headers, accept: 'text/event-stream', 'last-event-id': '0' },
  })
  const quick = await openEvents(api, { as })
  const body = { title: 'x', description: 'y'.repeat(10_000) }
  const operations = Array.from({ length: 90 }, () => ({ op: 'create', body }))
  for (let n = 0; n < 3; n += 1) await call('POST', 'tasks/batch', { as, body: { operations } })
  await quick.messages(270)
  const reader = slow.body!.getReader()
  let text = ''
  const decoder = new TextDecoder()
  while ((text.match(/^id: /gm) ?? []).length < 270) text += decoder.decode((await reader.read()).value)
  await reader.cancel()
  await quick.close()
})

test('streams end when the server stops', async () => {
  const as = await person()
  const own = await createTestApi()
  const stream = await openEvents(own, { as })
  await own.close()
  await stream.ended
})

test('a Last-Event-ID that is none is 400', async () => {
  for (const id of ['x', '-1', '1.5']) {
    assert.equal((await openEvents(api, { headers: { 'last-event-id': id } })).status, 400)
  }
})
