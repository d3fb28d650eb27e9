import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type RequestListener, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import { type HttpListener, listenHttp } from './http.ts'

const place = { host: '127.0.0.1', port: 0 }

const get = (port: number, agent: Agent, path = '/') =>
  new Promise<{ status: number; connection: string | undefined; body: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode!, connection: response.headers.connection, body })
      })
      response.on('error', reject)
    })
      .on('error', reject)
      .end()
  })

const raw = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk) => (answer += chunk))
  socket.write(text)
  await once(socket, 'close')
  return answer
}

test('draining answers what was received, tells clients to close, and then nobody listens', async () => {
  const release = Promise.withResolvers<void>()
  const received = Promise.withResolvers<void>()
  const handle: RequestListener = async (incoming, response) => {
    if (incoming.url === '/slow') {
      received.resolve()
      await release.promise
    }
    response.end('done')
  }
  const listener = await listenHttp(place, handle)
  const agent = new Agent({ keepAlive: true })
  const two = await Promise.all([get(listener.port, agent), get(listener.port, agent)])
  assert.deepEqual(
    two.map(({ connection }) => connection),
    ['keep-alive', 'keep-alive'],
  )
  const slow = get(listener.port, agent, '/slow')
  await received.promise
  const drained = listener.drain(5_000)
  const meanwhile = await get(listener.port, agent)
  assert.deepEqual(meanwhile, { status: 200, connection: 'close', body: 'done' })
  release.resolve()
  assert.equal((await slow).body, 'done')
  await drained
  await assert.rejects(get(listener.port, new Agent()), { code: 'ECONNREFUSED' })
  agent.destroy()
})

test('no request of a steady load fails while the server drains', async () => {
  const listener = await listenHttp(place, (_, response) => void setTimeout(() => response.end('done'), 2))
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  let answered = 0
  const failures: unknown[] = []
  const client = async () => {
    for (;;) {
      try {
        assert.equal((await get(listener.port, agent)).status, 200)
        answered += 1
      } catch (error) {
        // Once nobody listens any more, the load goes to another replica.
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') failures.push(error)
        return
      }
    }
  }
  const clients = Array.from({ length: 8 }, client)
  while (answered < 100) await new Promise(setImmediate)
  await listener.drain(5_000)
  await Promise.all(clients)
  assert.deepEqual(failures, [])
  agent.destroy()
})

test('a request that never ends does not keep the server from stopping', async () => {
  const listener = await listenHttp(place, () => {})
  const socket = connect(listener.port, '127.0.0.1')
  socket.on('error', () => {}).write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'connect')
  await listener.drain(700)
  await assert.rejects(get(listener.port, new Agent()), { code: 'ECONNREFUSED' })
})

test('what is no HTTP, and headers without end, get a problem and lose the connection', async () => {
  const listener: HttpListener = await listenHttp(place, (_, response) => response.end('fine'))
  const bad = await raw(listener.port, 'NONSENSE\r\n\r\n')
  assert.match(bad, /^HTTP\/1.1 400 /)
  assert.equal(JSON.parse(bad.split('\r\n\r\n')[1]!).code, 'malformed')
  const long = await raw(listener.port, `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`)
  assert.match(long, /^HTTP\/1.1 431 /)
  assert.match(long, /application\/problem\+json/)
  await listener.drain(1_000)
})

test('an address that is taken is told in words', async () => {
  const listener = await listenHttp(place, () => {})
  await assert.rejects(
    listenHttp({ ...place, port: listener.port }, () => {}),
    {
      code: 'unavailable',
      message: `The address 127.0.0.1:${listener.port} is taken.`,
    },
  )
  await listener.drain(100)
})
