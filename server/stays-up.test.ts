import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '../shared/db/connect.ts'
import { createLog } from '../shared/log.ts'
import { createTestApi } from '../test/support/api.ts'
import { createApp } from './app.ts'

const api = await createTestApi({ max: 3 })
const { call, db, ann } = api

/** Holds a person's lock until it is let go, as a writer that hangs would. */
async function holdLock(userId: string) {
  const holder = await db.reserve()
  await holder`begin`
  await holder`select pg_advisory_xact_lock(hashtextextended(${userId}::text, 7203))`
  return async () => {
    await holder`rollback`
    holder.release()
  }
}

test('writers who wait for the database do not keep others from reading, and are told 503 in the end', async () => {
  const own = await createTestApi({ max: 3 })
  const pool = connect(own.target, { max: 3, name: 'todo-test-small', waitMs: 50 })
  const app = createApp({ ...own.deps, db: pool })
  const task = (await own.call('POST', 'tasks', { body: { title: 'x' } })).json
  const holder = await own.db.reserve()
  await holder`begin`
  await holder`select pg_advisory_xact_lock(hashtextextended(${own.ann.id}::text, 7203))`
  const patch = () =>
    app.request(`/api/me/tasks/${task.id}`, {
      method: 'PATCH',
      headers: { ...own.ann.headers, 'content-type': 'application/json' },
      body: '{"title":"y"}',
    })
  const writers = Array.from({ length: 10 }, patch)
  const refused = await Promise.race(writers)
  assert.equal(refused.status, 503)
  assert.match(refused.headers.get('retry-after')!, /^\d+$/)
  const problem = (await refused.json()) as { code: string; hint: string }
  assert.equal(problem.code, 'too_busy')
  const read = await app.request(`/api/me/tasks/${task.id}`, { headers: own.ann.headers })
  assert.equal(read.status, 200)
  assert.equal((await app.request('/readyz')).status, 200)
  await holder`rollback`
  holder.release()
  const statuses = (await Promise.all(writers)).map(({ status }) => status)
  assert.deepEqual([...new Set(statuses)].sort(), [200, 503])
  assert.equal(statuses.filter((status) => status === 200).length, 2, 'those who had their turn')
  await pool.end({ timeout: 1 })
})

test('a statement that takes too long ends as 503 with Retry-After and without internals', async () => {
  const pool = connect(api.target, { max: 2, name: 'todo-test-hasty', statementTimeoutMs: 50 })
  const app = createApp({ ...api.deps, db: pool })
  const release = await holdLock(ann.id)
  const answer = await app.request('/api/me/tasks', {
    method: 'POST',
    headers: { ...ann.headers, 'content-type': 'application/json' },
    body: '{"title":"slow"}',
  })
  assert.equal(answer.status, 503)
  assert.match(answer.headers.get('retry-after')!, /^\d+$/)
  assert.doesNotMatch(await answer.text(), /statement|pg_|select|57014/i)
  await release()
  assert.equal((await call('GET', 'tasks?q=slow')).json.items.length, 0)
  await pool.end({ timeout: 1 })
})

test('a database that does not answer at all is 503 after the deadline, never a hang', async () => {
  const app = createApp({ ...api.deps, deadlineMs: 100 })
  const release = await holdLock(ann.id)
  for (const headers of [{}, { 'idempotency-key': 'k' }]) {
    const answer = await app.request('/api/me/tasks', {
      method: 'POST',
      headers: { ...ann.headers, 'content-type': 'application/json', ...headers },
      body: '{"title":"x"}',
    })
    assert.equal(answer.status, 503)
    assert.match(answer.headers.get('retry-after')!, /^\d+$/)
    assert.equal(((await answer.json()) as { code: string }).code, 'deadline')
  }
  await release()
})

test('a database that is away is 503, while the process says that it lives', async () => {
  const gone = connect({ socketDir: '/nonexistent', port: 1 }, { max: 1, name: 'gone' })
  const app = createApp({ ...api.deps, db: gone })
  for (const path of ['/api/me/tasks', '/readyz']) {
    const answer = await app.request(path, { headers: ann.headers })
    assert.equal(answer.status, 503, path)
    assert.match(answer.headers.get('retry-after')!, /^\d+$/)
  }
  assert.equal((await app.request('/healthz')).status, 200)
  await gone.end({ timeout: 1 })
})

test('a bug is a 500 that says nothing of what happened inside', async () => {
  const lines: string[] = []
  const log = createLog('test', { destination: { write: (line: string) => void lines.push(line) } })
  const broken = { ...api.deps.db } as typeof db
  const app = createApp({
    ...api.deps,
    log,
    db: Object.assign(() => {
      throw new TypeError('secret "Anna"')
    }, broken) as never,
  })
  const headers = { ...ann.headers, 'x-request-id': 'bug-1' }
  const answer = await app.request('/api/me/channels', { headers })
  assert.equal(answer.status, 500)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  const text = await answer.text()
  assert.doesNotMatch(text, /secret|TypeError|Anna|at /)
  const told = lines.map((line) => JSON.parse(line)).find(({ level }) => level === 'error')
  assert.equal(told.request_id, 'bug-1')
  assert.equal(told.err.type, 'TypeError')
  assert.match(told.err.stack, /stays-up\.test/)
  assert.doesNotMatch(JSON.stringify(told), /Anna/)
})

test('the log tells each request with its id and trace, and nothing that belongs to people', async () => {
  const lines: string[] = []
  const log = createLog('server', {
    level: 'trace',
    destination: { write: (line: string) => void lines.push(line) },
  })
  const own = await createTestApi({ log })
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { 'x-request-id': 'req-7', traceparent: `00-${trace}-00f067aa0ba902b7-01` }
  const secret = 'Visit the violet doctor'
  const task = (await own.call('POST', 'tasks', { body: { title: secret, tags: ['violet'] }, headers })).json
  await own.call('GET', `tasks?q=${encodeURIComponent(secret)}`)
  await own.call('POST', 'tasks', { body: { title: secret, due_date: 'violet' } })
  await own.call('POST', 'tags', { body: { name: 'violet' } })
  await own.call('POST', 'tasks', {
    body: `{"title": "${secret}"`,
    headers: { authorization: 'Bearer violet' },
  })
  const told = lines.map((line) => JSON.parse(line))
  const made = told.find((line) => line.request_id === 'req-7')
  assert.deepEqual(
    [made.method, made.route, made.status, made.trace_id, made.level],
    ['POST', '/api/:user_id/tasks', 201, trace, 'info'],
  )
  assert.doesNotMatch(lines.join(''), /violet|doctor|Bearer/i)
  const [event] = await own.db`select traceparent from events where task_id = ${task.id}`
  assert.equal(event!.traceparent, headers.traceparent, 'the event belongs to the same trace')
})

test('/metrics counts requests by route and status, and tells of pool, loop, outbox and build', async () => {
  const own = await createTestApi()
  const task = (await own.call('POST', 'tasks', { body: { title: 'x' } })).json
  await own.call('GET', `tasks/${task.id}`)
  await own.call('GET', 'tasks/999999')
  await own.call('GET', '/api/nothing/here')
  await own.db`update events set created_at = now() - interval '90 seconds'`
  const { text, headers } = await own.call('GET', '/metrics', { headers: { authorization: undefined } })
  assert.match(headers.get('content-type')!, /^text\/plain; version=0\.0\.4/)
  const value = (name: string, labels = '') => {
    const found = text.split('\n').find((line) => line.startsWith(`${name}${labels && `{${labels}`}`))
    assert.ok(found, `${name} ${labels}`)
    return Number(found.split(' ').at(-1))
  }
  const count = 'todo_http_request_duration_seconds_count'
  assert.equal(value(count, 'method="GET",route="/api/:user_id/tasks/:id",status="200"'), 1)
  assert.equal(value(count, 'method="GET",route="/api/:user_id/tasks/:id",status="404"'), 1)
  assert.equal(value('todo_db_up'), 1)
  assert.equal(value('todo_outbox_depth'), 1)
  assert.ok(value('todo_outbox_oldest_seconds') >= 90)
  assert.equal(value('todo_db_transactions', 'state="max"'), 3)
  assert.equal(value('todo_build_info', 'version="0.0.0"'), 1)
  assert.ok(value('nodejs_eventloop_lag_p99_seconds') >= 0)
  assert.doesNotMatch(
    text,
    new RegExp(`${own.ann.id}|tasks/${task.id}|nothing`),
    'labels are routes, never paths',
  )
})

test('bodies too deep, too large, encoded, of another type, not JSON or not UTF-8 are refused', async () => {
  const post = (body: string, headers = {}) => call('POST', 'tasks', { body, headers })
  assert.equal((await post(`{"title":${'['.repeat(30)}${']'.repeat(30)}}`)).status, 400)
  assert.equal((await post(`{"title":${'['.repeat(400_000)}`)).status, 400)
  assert.equal((await post(`{"title":"${'x'.repeat(1024 * 1024)}"}`)).status, 413)
  assert.equal((await post('{"title":"x"}', { 'content-encoding': 'gzip' })).status, 415)
  assert.equal((await post('title=x', { 'content-type': 'application/x-www-form-urlencoded' })).status, 415)
  assert.equal((await post('{"title":"x"}', { 'content-type': undefined })).status, 415)
  for (const body of ['', '{', '{"title":"x"}}', "{'title':'x'}"])
    assert.equal((await post(body)).status, 400)
  const latin1 = await api.app.request('/api/me/tasks', {
    method: 'POST',
    headers: { ...ann.headers, 'content-type': 'application/json' },
    body: Buffer.from('{"title":"\xe9"}', 'latin1'),
  })
  assert.equal(latin1.status, 400)
})

test('a body that lies about its length or comes in pieces is cut at the limit', async () => {
  const piece = new Uint8Array(64 * 1024).fill(32)
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += piece.length
      controller.enqueue(piece)
    },
  })
  const answer = await api.app.request('/api/me/tasks', {
    method: 'POST',
    headers: { ...ann.headers, 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as RequestInit)
  assert.equal(answer.status, 413)
  assert.ok(sent < 2 * 1024 * 1024, `${sent} bytes were read`)
})
