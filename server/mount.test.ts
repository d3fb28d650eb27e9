import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '../shared/api/common.ts'
import { connect } from '../shared/db/connect.ts'
import { AppError } from '../shared/errors.ts'
import { createTestApi, type Person } from '../test/support/api.ts'
import { createApp } from './app.ts'

const api = await createTestApi()

const made = await api.call('POST', 'tasks', { body: { title: 'Here' } })
const task = `tasks/${made.json.id}`

test('every failure is a problem of RFC 9457 with its request id and a hint', async () => {
  const failures: [method: string, path: string, body: unknown, status: number, code: string][] = [
    ['GET', '/nothing', undefined, 404, 'not_found'],
    ['GET', 'tasks/999999', undefined, 404, 'not_found'],
    ['POST', 'tasks', '{', 400, 'malformed'],
    ['POST', 'tasks', {}, 422, 'invalid'],
    ['DELETE', 'tasks', undefined, 405, 'method_not_allowed'],
  ]
  for (const [method, path, body, status, code] of failures) {
    const answer = await api.call(method, path, { body })
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
    const problem = Problem.parse(answer.json)
    assert.deepEqual([answer.status, problem.status, problem.code], [status, status, code])
    assert.equal(problem.request_id, answer.headers.get('x-request-id'))
    assert.ok(problem.title && problem.detail)
  }
})

test('a request id of harmless characters is echoed, another one replaced', async () => {
  const idFor = async (given: string) =>
    (await api.call('GET', task, { headers: { 'x-request-id': given } })).headers.get('x-request-id')!
  for (const id of ['abc', 'A.b_c-1', 'x'.repeat(128)]) assert.equal(await idFor(id), id)
  for (const id of ['a b', 'x'.repeat(129), 'ä', '<script>', 'a,b']) {
    assert.match(await idFor(id), /^[0-9a-f-]{36}$/, id)
  }
})

test('a trace that the standard does not know is not taken over', async () => {
  const [trace, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
  const taken = async (traceparent: string) => {
    const { json } = await api.call('POST', 'tasks', { body: { title: 'Traced' }, headers: { traceparent } })
    const [event] = await api.db`select traceparent from events where task_id = ${json.id}`
    return event!.traceparent
  }
  assert.equal(await taken(`00-${trace}-${span}-01`), `00-${trace}-${span}-01`)
  const zeros = [`00-${'0'.repeat(32)}-${span}-01`, `00-${trace}-${'0'.repeat(16)}-01`]
  for (const bad of [
    ...zeros,
    `ff-${trace}-${span}-01`,
    `00-${trace}-${span}`,
    `00-${trace.toUpperCase()}-${span}-01`,
  ]) {
    assert.equal(await taken(bad), null, bad)
  }
})

test('every answer forbids sniffing, framing and shared caches', async () => {
  for (const path of [task, 'tasks', '/nothing', '/healthz']) {
    const { headers } = await api.call('GET', path)
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(headers.get('x-frame-options'), 'DENY', path)
    assert.equal(headers.get('vary'), 'Authorization', path)
    assert.match(headers.get('cache-control')!, /^(no-store|private, no-cache)$/, path)
  }
  assert.equal((await api.call('GET', task)).headers.get('cache-control'), 'private, no-cache')
})

test('an id that is no id is 404 like one that does not exist', async () => {
  for (const id of ['0', '-1', '1.5', '1e3', '0x1', 'abc', '01', '%20', '9007199254740993', '1'.repeat(40)]) {
    assert.equal((await api.call('GET', `tasks/${id}`)).status, 404, id)
  }
})

test('me is the caller; another user is 404, indistinguishable from one that does not exist', async () => {
  assert.deepEqual((await api.call('GET', `/api/me/${task}`)).json, (await api.call('GET', task)).json)
  assert.equal((await api.call('GET', `/api/${api.ann.id.toUpperCase()}/${task}`)).status, 200)
  const strip = (answer: { json: Record<string, unknown> }) => ({ ...answer.json, request_id: '' })
  const theirs = await api.call('GET', `/api/${api.bob.id}/${task}`)
  const nobodys = await api.call('GET', `/api/00000000-0000-4000-8000-000000000000/${task}`)
  assert.equal(theirs.status, 404)
  assert.deepEqual(strip(theirs), strip(nobodys))
  assert.equal(
    (await api.call('GET', `/api/${api.bob.id}/${task}`, { as: api.bob })).status,
    404,
    "Ann's task for Bob",
  )
})

test('a known path with another method says which would do, and OPTIONS asks for them', async () => {
  const allow = async (method: string, path: string) => {
    const { status, headers } = await api.call(method, path)
    return [status, headers.get('allow')?.split(', ').sort().join(' ')]
  }
  assert.deepEqual(await allow('POST', task), [405, 'DELETE GET HEAD OPTIONS PATCH PUT'])
  assert.deepEqual(await allow('OPTIONS', task), [204, 'DELETE GET HEAD OPTIONS PATCH PUT'])
  assert.deepEqual(await allow('PUT', 'tasks'), [405, 'GET HEAD OPTIONS POST'])
  assert.deepEqual(await allow('GET', `${task}/complete`), [405, 'OPTIONS PATCH'])
})

test('who is not signed in learns nothing, not even what exists', async () => {
  const nobody: Person = { id: api.ann.id, headers: {} }
  for (const path of [task, 'tasks/999999', 'tasks', '/api/priorities']) {
    const { status, headers } = await api.call('GET', path, { as: nobody })
    assert.deepEqual([status, headers.get('www-authenticate')], [401, 'Bearer'], path)
  }
  assert.equal(
    (await api.call('POST', 'tasks', { as: nobody, body: '{' })).status,
    401,
    'asked before the body',
  )
})

test('a token without the scope is 403, and says which one it needs', async () => {
  const reader: Person = { id: api.ann.id, headers: { authorization: `Bearer ${api.ann.id};t1;tasks:read` } }
  assert.equal((await api.call('GET', task, { as: reader })).status, 200)
  for (const [method, path, scope] of [
    ['DELETE', task, 'tasks:write'],
    ['GET', 'tags', 'tags:read'],
  ] as const) {
    const { status, json } = await api.call(method, path, { as: reader })
    assert.equal(status, 403)
    assert.match(json.hint, new RegExp(scope))
  }
})

test('a failure that nobody foresaw is 500 without a word of its cause', async () => {
  const broken = createApp({
    ...api.deps,
    authenticate: async () => {
      throw new TypeError('secret detail')
    },
  })
  const answer = await broken.request('/api/me/tasks')
  assert.equal(answer.status, 500)
  assert.doesNotMatch(await answer.text(), /secret|TypeError/)
})

test('a database that does not answer is 503 with Retry-After, and /readyz says so while /healthz is well', async () => {
  const gone = connect({ socketDir: '/nonexistent', port: 5432 }, { max: 1, name: 'gone' })
  const app = createApp({ ...api.deps, db: gone })
  const list = await app.request('/api/me/tasks', { headers: api.ann.headers })
  assert.equal(list.status, 503)
  assert.match(list.headers.get('retry-after')!, /^\d+$/)
  assert.equal((await app.request('/readyz')).status, 503)
  assert.equal((await app.request('/healthz')).status, 200)
  assert.equal((await api.call('GET', '/readyz')).status, 200)
  await gone.end({ timeout: 1 })
})

test('an AppError keeps its wait', async () => {
  const app = createApp({
    ...api.deps,
    authenticate: async () => {
      throw new AppError('rate_limited', 'Too many requests.', { retryAfterSec: 7 })
    },
  })
  const answer = await app.request('/api/me/tasks')
  assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '7'])
})
