import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createLog } from '../shared/log.ts'
import { type AccountsApi, createAccountsApi, type Person } from '../test/support/accounts.ts'
import { rows } from '../test/support/isolation.ts'

// What docs/security.md lists and no other test proves.

let api: AccountsApi
let ann: Person
before(async () => {
  api = await createAccountsApi()
  ann = await api.join('ann')
})

const register = (password: unknown, email = `${crypto.randomUUID()}@example.org`) =>
  api.call('POST', '/api/auth/register', { body: { email, password } })

test('passwords have 8 to 1,024 code points of any kind, and common ones are refused', async () => {
  for (const password of [
    '🦆🦢🦉🦅🐧🐦🦜🐥',
    'x'.repeat(1024),
    'ä'.repeat(1024),
    '        a',
    'onlylowercaseletters',
  ]) {
    assert.equal((await register(password)).status, 201, password.slice(0, 20))
  }
  const refused: [unknown, string][] = [
    ['🦆🦢🦉🦅🐧🐦🦜', 'too_short'],
    ['', 'too_short'],
    ['x'.repeat(1025), 'too_long'],
    ['Password123', 'too_common'],
    ['12345678', 'too_common'],
    ['half a \ud800 pair', 'invalid'],
    [12345678, 'invalid'],
    [undefined, 'required'],
  ]
  for (const [password, code] of refused) {
    const { status, json } = await register(password)
    assert.equal(status, 422, String(password))
    assert.deepEqual([json.errors[0].pointer, json.errors[0].code], ['/password', code])
    assert.ok(typeof password !== 'string' || password === '' || !JSON.stringify(json).includes(password))
  }
  assert.equal((await register('heron.watcher@example.org', 'Heron.Watcher@example.org')).status, 422)
})

test('one letter in two spellings is one password', async () => {
  const email = 'zoe@example.org'
  assert.equal((await register('Zoë und das Boot', email)).status, 201)
  const body = { email, password: 'Zoë und das Boot'.normalize('NFD') }
  assert.equal((await api.call('POST', '/api/auth/login', { body })).status, 200)
})

test('an unknown address costs exactly one hash, like a known one', async () => {
  const { verify } = api.accounts.passwords
  let hashes = 0
  api.accounts.passwords.verify = (hash, password) => {
    hashes += 1
    return verify(hash, password)
  }
  for (const email of [ann.email, 'nobody@example.org', 'no address']) {
    hashes = 0
    const { status } = await api.call('POST', '/api/auth/login', { body: { email, password: 'not the one' } })
    assert.deepEqual([status, hashes], [401, 1], email)
  }
  api.accounts.passwords.verify = verify
})

test('no route takes a field that is not the caller’s to set', async () => {
  const readOnly = [
    'id',
    'user_id',
    'version',
    'created_at',
    'updated_at',
    'completed_at',
    'deleted_at',
    'role',
  ]
  for (const [key, row] of Object.entries(rows)) {
    // An import is lines, and brings the ids and times of elsewhere with it.
    if ('open' in row || row.body === undefined || key.endsWith('/import')) continue
    const [method, path] = key.split(' ') as [string, string]
    for (const field of readOnly) {
      const { status, json } = await api.call(method, path.replace('{user_id}', 'me').replace('{id}', '1'), {
        token: ann.access_token,
        body: { ...(row.body as object), [field]: 'x' },
      })
      assert.equal(status, 422, `${key} ${field}`)
      assert.ok(
        json.errors.some(({ pointer }: { pointer: string }) => pointer === `/${field}`),
        `${key} ${field}`,
      )
    }
  }
  for (const field of ['recurring_task_id', 'occurrence_at']) {
    const body = { title: 'x', [field]: 1 }
    assert.equal((await api.call('POST', '/api/me/tasks', { token: ann.access_token, body })).status, 422)
  }
})

test('every route but the open ones refuses a caller without a token, or with a false one', async () => {
  for (const key of Object.keys(rows)) {
    const [method, path] = key.split(' ') as [string, string]
    const isOpen =
      /^(\/healthz|\/readyz|\/unsubscribe|\/openapi|\/docs|\/metrics|\/api\/auth\/(register|login|refresh))/
    if (isOpen.test(path)) continue
    const target = path.replace('{user_id}', ann.id).replace('{id}', '1')
    for (const token of [undefined, 'x', 'a.b.c', `todo_${'x'.repeat(43)}`, `${ann.access_token}x`]) {
      const answer = await api.call(method, target, { ...(token && { token }) })
      assert.equal(answer.status, 401, `${key} with ${token}`)
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    }
  }
  for (const authorization of [
    'Basic YW5uOng=',
    'Bearer',
    'Bearer ',
    `Token ${ann.access_token}`,
    ann.access_token,
  ]) {
    const { status } = await api.call('GET', '/api/auth/me', { headers: { authorization } })
    assert.equal(status, 401, authorization)
  }
  assert.equal((await api.call('GET', `/api/auth/me?access_token=${ann.access_token}`)).status, 401)
})

test('answers tell browsers to guess, frame and keep nothing, and do not name the server', async () => {
  const secure = await createAccountsApi({ db: api.db, isHttps: true })
  const requests: [string, string][] = [
    ['GET', '/api/me/tasks'],
    ['GET', '/nowhere'],
    ['POST', '/healthz'],
    ['GET', '/healthz'],
  ]
  for (const [method, path] of requests) {
    const { headers } = await secure.call(method, path, { token: ann.access_token })
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('vary'), 'Authorization')
    assert.match(headers.get('strict-transport-security')!, /^max-age=\d{8}/)
    for (const name of ['server', 'x-powered-by']) assert.equal(headers.get(name), null)
    assert.equal((await api.call(method, path)).headers.get('strict-transport-security'), null)
  }
})

test('SQL, wildcards and odd numbers in every parameter are plain values', async () => {
  const token = ann.access_token
  for (const title of ['100% wool', 'snake_case', 'back\\slash', "Robert'); drop table tasks;--"]) {
    assert.equal((await api.call('POST', '/api/me/tasks', { token, body: { title } })).status, 201)
  }
  const found = async (q: string) =>
    (await api.call('GET', `/api/me/tasks?q=${encodeURIComponent(q)}`, { token })).json.items.length
  assert.deepEqual([await found('%'), await found('_'), await found('\\'), await found("');")], [1, 1, 1, 1])
  const evil = [
    "' or 1=1 --",
    '1; select pg_sleep(9)',
    '%',
    '\\',
    '../../etc/passwd',
    '1e309',
    '-1',
    '0x10',
    'null',
  ]
  const names = [
    'q',
    'tag',
    'project',
    'sort',
    'status',
    'priority',
    'limit',
    'cursor',
    'due_from',
    'updated_since',
  ]
  for (const name of [...names, 'tag_match', 'recurring_task_id', 'nonsense']) {
    for (const value of evil) {
      const { status } = await api.call('GET', `/api/me/tasks?${name}=${encodeURIComponent(value)}`, {
        token,
      })
      assert.ok([200, 400, 422].includes(status), `${name}=${value}: ${status}`)
    }
  }
  for (const value of evil) {
    const { status } = await api.call('GET', `/api/me/tasks/${encodeURIComponent(value)}`, { token })
    assert.equal(status, 404, value)
  }
  assert.equal((await api.call('GET', '/api/me/tasks', { token })).status, 200)
})

test('a request can neither break a line of the log nor put words into it', async () => {
  const lines: string[] = []
  const log = createLog('test', {
    level: 'trace',
    destination: { write: (text: string) => void lines.push(text) },
  })
  const logged = await createAccountsApi({ db: api.db, log })
  const headers = { 'x-request-id': 'a\tb {"level":"fatal"}', 'user-agent': 'x"}\\n{"level":"fatal"' }
  const path = '/api/me/%0A%7B%22level%22:%22fatal%22%7D'
  const { headers: answered } = await logged.call('GET', path, { token: ann.access_token, headers })
  assert.match(answered.get('x-request-id')!, /^[0-9a-f-]{36}$/)
  await logged.call('POST', '/api/auth/login', {
    body: { email: ann.email, password: ann.password },
    headers,
  })
  await logged.call('POST', '/api/me/tasks', { token: ann.access_token, body: { title: 'violet' } })
  assert.ok(lines.length >= 3)
  for (const line of lines) {
    assert.equal(line.trimEnd().split('\n').length, 1)
    assert.notEqual(JSON.parse(line).level, 'fatal')
    for (const secret of [ann.email, ann.password, ann.access_token, 'violet'])
      assert.ok(!line.includes(secret))
  }
})
