import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../test/support/api.ts'

// What holds for every route alike; docs/api-checks.md names where the rest is proved.

const { app, ann, call, db } = await createTestApi()

const mounted = app.routes
  .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
  .map(({ method, path }) => ({ method, path: path.replace(':user_id', 'me') }))

test('every write answers the ETag that a reader gets afterwards', async () => {
  const template = {
    template_title: 'Water',
    recurrence_pattern: 'daily',
    time_zone: 'UTC',
    start: '2100-01-01',
  }
  const kinds: [list: string, made: object, writes: [method: string, path: string, body: object][]][] = [
    [
      'tasks',
      { title: 'one' },
      [
        ['PATCH', '', { title: 'two' }],
        ['PUT', '', { title: 'three' }],
        ['PATCH', '/complete', {}],
        ['PATCH', '/complete', { completed: false }],
      ],
    ],
    ['tags', { name: 'one' }, [['PUT', '', { name: 'two' }]]],
    [
      'recurring-tasks',
      template,
      [
        ['PATCH', '', { template_title: 'Feed' }],
        ['PUT', '', { ...template, interval: 2 }],
        ['POST', '/pause', {}],
        ['POST', '/resume', {}],
        ['POST', '/skip', {}],
      ],
    ],
    ['channels', { kind: 'email', target: 'ann@example.org' }, [['PATCH', '', { name: 'mail' }]]],
  ]
  for (const [list, body, writes] of kinds) {
    const made = await call('POST', list, { body })
    assert.equal(made.status, 201, made.text)
    const path = `${list}/${made.json.id}`
    const read = async () => (await call('GET', path)).headers.get('etag')
    assert.match(made.headers.get('etag') ?? '', /^"[^"]+"$/, list)
    assert.equal(made.headers.get('etag'), await read(), list)
    for (const [method, more, body] of writes) {
      const before = await read()
      const answer = await call(method, path + more, { body })
      assert.equal(answer.status, 200, `${method} ${path}${more} ${answer.text}`)
      assert.equal(answer.headers.get('etag'), await read(), `${method} ${path}${more}`)
      assert.notEqual(answer.headers.get('etag'), before, `${method} ${path}${more}`)
    }
  }
})

test('a page has 50 items unless it is asked for, and 200 at most', async () => {
  const operations = Array.from({ length: 100 }, (_, n) => ({ op: 'create', body: { title: `many ${n}` } }))
  for (let n = 0; n < 3; n += 1) await call('POST', 'tasks/batch', { body: { operations } })
  const count = async (query: string) => (await call('GET', `tasks${query}`)).json.items.length
  assert.deepEqual([await count(''), await count('?limit=200')], [50, 200])
  assert.equal((await call('GET', 'tasks?limit=201')).status, 422)
})

/** All rows of all tables, as one text. */
async function everything(): Promise<string> {
  const tables = await db<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`
  const all = await Promise.all(
    tables.map(({ name }) => db`select row_to_json(t)::text as row from ${db(name)} t order by 1`),
  )
  return JSON.stringify(all)
}

test('no GET and no HEAD of any route writes anything', async () => {
  const { json } = await call('POST', 'tasks', { body: { title: 'Read me', tags: ['seen'] } })
  const before = await everything()
  for (const { path } of mounted.filter(({ method }) => method === 'GET')) {
    for (const method of ['GET', 'HEAD']) {
      const { status } = await app.request(path.replace(':id', json.id), { method, headers: ann.headers })
      assert.ok(status < 500, `${method} ${path}: ${status}`)
    }
  }
  assert.equal(await everything(), before)
})

test('what is asked for with a weight of nothing is not wanted', async () => {
  const typeFor = async (path: string, accept: string) =>
    (await call('GET', path, { headers: { accept } })).headers.get('content-type')?.split(';')[0]
  for (const [path, type] of [
    ['events', 'text/event-stream'],
    ['tasks', 'application/x-ndjson'],
  ] as const) {
    assert.equal(await typeFor(path, `${type};q=0, application/json`), 'application/json', path)
    assert.equal(await typeFor(path, `${type}; q=0.0`), 'application/json', path)
    if (path === 'tasks') assert.equal(await typeFor(path, `text/html, ${type};q=0.5`), type)
  }
})

test('a page of another origin gets no permission to read or to send, not even in a preflight', async () => {
  for (const method of ['GET', 'OPTIONS', 'POST']) {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    }
    const body = method === 'POST' ? { title: 'x' } : undefined
    const answer = await call(method, 'tasks', { headers, body })
    const allowed = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))
    assert.deepEqual(allowed, [], method)
  }
})

test('a path has one spelling on every route: no slash at its end, no other case, no doubled slash', async () => {
  for (const { method, path } of mounted) {
    const known = path.replace(':id', '1').replace(':token', 'x'.repeat(43))
    const spellings = [`${known}/`, known.toUpperCase(), known.replace(/\/(?=[^/]*$)/, '//')]
    for (const spelling of spellings.filter((one) => one !== known)) {
      const { status, json } = await call(method, spelling, method === 'GET' ? {} : { body: {} })
      assert.deepEqual([status, json?.code], [404, 'not_found'], `${method} ${spelling}`)
    }
  }
})

test('an escaped letter of a path is the letter, and an escaped slash separates nothing', async () => {
  assert.equal((await call('GET', '/api/m%65/%74asks')).status, 200)
  assert.equal((await call('GET', '/api/me%2Ftasks')).status, 404)
  for (const broken of ['/api/me/tasks/%', '/api/me/%ff', '/api/me/tasks/%00', '/api/%c0%ae/tasks']) {
    assert.equal((await call('GET', broken)).status, 404, broken)
  }
})
