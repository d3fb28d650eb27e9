import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { testSecret } from '../test/support/accounts.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { urlOf } from '../test/support/server.ts'
import { startServerProcess } from '../test/support/server-process.ts'

let databaseUrl: string
before(async () => {
  const { target } = await createDatabase({ migrated: false })
  databaseUrl = urlOf(target)
})

const start = (words: string[], settings: Record<string, string>) =>
  startServerProcess(words, { DATABASE_URL: databaseUrl, ...settings })

test('migrate brings the database up, tells its status, takes steps back, and repeats harmlessly', async () => {
  const migrate = async (...words: string[]) => {
    const { code, stdout, stderr } = await start(['migrate', ...words], {}).ended
    assert.deepEqual([code, stderr], [0, ''])
    return stdout.trim().split('\n')
  }
  assert.match((await migrate('status'))[0]!, /^0001_users\tmissing$/)
  const applied = await migrate('up')
  assert.ok(applied.length >= 7 && applied.every((line) => line.startsWith('applied 0')))
  assert.deepEqual(await migrate(), ['nothing to do'])
  const undone = await migrate('down', '2')
  assert.deepEqual(
    undone,
    applied
      .slice(-2)
      .reverse()
      .map((line) => line.replace('applied', 'taken back')),
  )
  assert.equal((await migrate('up')).length, 2)
  assert.ok((await migrate('status')).every((line) => /\t\d{4}-/.test(line)))
  const { code, stderr } = await start(['migrate', 'sideways'], {}).ended
  assert.equal(code, 1)
  assert.match(stderr, /^"migrate sideways" is not understood\..*\n$/)
})

test('a server without a proper secret says so in one line, without the value, and exits', async () => {
  for (const JWT_SECRET of ['', 'hunter2hunter2', 'change-me-change-me-change-me-change-me']) {
    const { code, stdout, stderr } = await start([], { JWT_SECRET }).ended
    assert.notEqual(code, 0)
    assert.equal(stdout, '')
    assert.match(stderr, /^JWT_SECRET [^\n]*\n$/)
    if (JWT_SECRET !== '') assert.ok(!stderr.includes(JWT_SECRET))
  }
})

test('a server answers, logs no password or token, and ends with 0 when it is told to', async () => {
  const { child, ended, ...running } = start([], { JWT_SECRET: testSecret, LOG_LEVEL: 'trace' })
  const port = await running.port
  const call = (path: string, token?: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  assert.equal((await call('/readyz')).status, 200)
  const password = 'herons sleep standing'
  const joined = await call('/api/auth/register', undefined, { email: 'anna@example.org', password })
  const { access_token, refresh_token } = (await joined.json()) as Record<string, string>
  assert.equal((await call('/api/me/tasks', access_token, { title: 'Buy a violet umbrella' })).status, 201)
  assert.equal((await call('/api/me/tasks', `${access_token}x`)).status, 401)
  assert.equal((await call('/api/me/tasks')).status, 401)
  child.kill('SIGTERM')
  const { code, stderr, stdout: log } = await ended
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(log, /"stopped"/)
  for (const secret of [
    password,
    access_token!,
    refresh_token!,
    'anna@example.org',
    'umbrella',
    testSecret,
  ]) {
    assert.ok(!log.includes(secret))
  }
})
