import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createSocketClient } from './http.ts'

const hello = { method: 'GET', path: '/', headers: {}, body: null }

/** A service that says how many connections it has been asked for. */
async function listening(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'todo-http-'))
  const path = join(folder, 's')
  const server = createServer((_request, response) => response.end('hello'))
  const taken: Socket[] = []
  server.on('connection', (socket) => taken.push(socket as Socket))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  t.after(async () => {
    server.close().closeAllConnections()
    await rm(folder, { recursive: true })
  })
  const open = async () => {
    const socket = connect(path)
    await once(socket, 'connect')
    return socket
  }
  return { taken, open }
}

test('the first request takes the connection that was made ahead of it, and the next ones keep it', async (t) => {
  const { taken, open } = await listening(t)
  const client = createSocketClient(open, 5_000, (await open()).unref())
  t.after(client.close)
  assert.equal((await client.send(hello)).body, 'hello')
  assert.equal((await client.send(hello)).body, 'hello')
  assert.equal(taken.length, 1)
})

test('a connection that the service has closed since is replaced by another one', async (t) => {
  const { taken, open } = await listening(t)
  const ahead = await open()
  while (taken.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const closed = once(ahead.resume(), 'close')
  taken[0]!.destroy()
  await closed
  const client = createSocketClient(open, 5_000, ahead)
  t.after(client.close)
  assert.equal((await client.send(hello)).body, 'hello')
  assert.equal(taken.length, 2)
})
