import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { HttpRequest } from '../shared/api-client.ts'
import { createRemoteClient } from './remote.ts'

const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

/** A server and a client for it; `seen` counts what arrived. */
async function serve(answer: (n: number) => RequestListener, { timeoutMs = 5_000, path = '' } = {}) {
  const seen: { method: string; url: string; key: string | undefined }[] = []
  const server = createServer((request, response) => {
    const key = request.headers['idempotency-key'] as string | undefined
    seen.push({ method: request.method!, url: request.url!, key })
    answer(seen.length)(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const client = createRemoteClient(url, timeoutMs, '1.2.3')
  closing.push(() => {
    client.close()
    server.close()
    server.closeAllConnections()
  })
  return { seen, client, url, server }
}

const get: HttpRequest = { method: 'GET', path: '/api/me/tasks', headers: {}, body: null }
const post = (headers: Record<string, string> = {}): HttpRequest => ({
  method: 'POST',
  path: '/api/me/tasks',
  body: '{}',
  headers: { 'content-type': 'application/json', ...headers },
})
const keyed = post({ 'idempotency-key': 'one' })

const cut: RequestListener = (request) => void request.socket.destroy()
const fine: RequestListener = (request, response) => response.end(request.headers['user-agent'])
const busy =
  (status: number, wait?: string): RequestListener =>
  (_, response) => {
    if (wait !== undefined) response.setHeader('retry-after', wait)
    response.writeHead(status).end('{}')
  }

test('a path in the address is kept, and the server learns which client it is', async () => {
  const { client, seen } = await serve(() => fine, { path: '/todo' })
  assert.equal((await client.send(get)).body, 'todo/1.2.3')
  assert.equal(seen[0]!.url, '/todo/api/me/tasks')
})

test('a read and a POST with a key survive a cut connection, with the same key', async () => {
  for (const request of [get, keyed]) {
    const { client, seen } = await serve((n) => (n < 3 ? cut : fine))
    assert.equal((await client.send(request)).status, 200)
    assert.deepEqual(
      seen.map(({ key }) => key),
      Array(3).fill(request.headers['idempotency-key']),
    )
  }
})

test('what could act twice is not repeated when its answer is lost', async () => {
  const signIn = { ...keyed, path: '/api/auth/login' }
  const change = { ...get, method: 'PATCH' }
  for (const request of [post(), signIn, change, { ...get, method: 'DELETE' }]) {
    const { client, seen } = await serve((n) => (n === 1 ? cut : fine))
    await assert.rejects(client.send(request), { code: 'unavailable' })
    assert.equal(seen.length, 1)
  }
})

test('a busy server is asked again after the time it names, a long wait is left to the user', async () => {
  const { client, seen } = await serve((n) => (n === 1 ? busy(503, '0') : fine))
  assert.equal((await client.send(get)).status, 200)
  assert.equal(seen.length, 2)
  const limited = await serve(() => busy(429, '60'))
  assert.equal((await limited.client.send(get)).status, 429)
  assert.equal(limited.seen.length, 1)
  const broken = await serve(() => busy(500))
  assert.equal((await broken.client.send(get)).status, 500)
  assert.equal(broken.seen.length, 1)
})

test('a server that stays away is told in words, with its address', async () => {
  const { client, url, server } = await serve(() => fine)
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(client.send(post()), {
    code: 'unavailable',
    message: `${url} cannot be reached: nobody listens there.`,
  })
})

test('all tries together take no longer than the time-out', async () => {
  const { client } = await serve(() => () => {}, { timeoutMs: 200 })
  await assert.rejects(client.send(get), { code: 'unavailable', message: /no answer within 0.2 seconds/ })
  const waiting = await serve(() => busy(503, '3'), { timeoutMs: 200 })
  await assert.rejects(waiting.client.send(get), { code: 'unavailable' })
})
