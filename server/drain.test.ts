import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { test } from 'node:test'
import { testSecret } from '../test/support/accounts.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { urlOf } from '../test/support/server.ts'
import { startServerProcess } from '../test/support/server-process.ts'

const { target } = await createDatabase()
const signUp = async (url: string, name: string): Promise<string> => {
  const answer = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@example.org`, password: 'herons sleep standing' }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

test('told to stop, a server is not ready first, goes on answering for as long as is set, and then closes without a failed request', async () => {
  const { child, ended, ...running } = startServerProcess([], {
    DATABASE_URL: urlOf(target),
    JWT_SECRET: testSecret,
    DRAIN_MS: '1500',
  })
  const port = await running.port
  const url = `http://127.0.0.1:${port}`
  const token = await signUp(url, 'drain')
  // Under way when the signal comes: its head is there, its body is not.
  const slow = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/api/me/tasks',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': 19 },
  })
  slow.write('{"title":')
  assert.equal((await fetch(`${url}/readyz`)).status, 200)
  child.kill('SIGTERM')
  // A balancer asks until it hears no, and meanwhile sends everybody here as before.
  const statuses: number[] = []
  const connections: (string | null)[] = []
  for (;;) {
    const ready = await fetch(`${url}/readyz`)
    const list = await fetch(`${url}/api/me/tasks`, { headers: { authorization: `Bearer ${token}` } })
    assert.deepEqual([list.status, (await fetch(`${url}/healthz`)).status], [200, 200])
    connections.push(list.headers.get('connection'))
    statuses.push(ready.status)
    if (ready.status === 503) {
      assert.equal(((await ready.json()) as { code: string }).code, 'stopping')
      assert.ok(ready.headers.has('retry-after'))
      break
    }
  }
  assert.equal(connections.at(-1), 'close', 'whoever asks again does so on a new connection')
  slow.end('"At last"}')
  const [answer] = await once(slow, 'response')
  assert.equal(answer.statusCode, 201)
  const { code, stderr } = await ended
  assert.deepEqual([code, stderr], [0, ''])
  await assert.rejects(fetch(`${url}/healthz`))
})
