import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Hono } from 'hono'
import { Problem } from './api/common.ts'
import { listenHttp } from './http.ts'
import { requestListener } from './request-listener.ts'

const app = new Hono().get('/', (c) => c.text('fine')).post('/', async (c) => c.text(await c.req.text()))
const listener = await listenHttp({ host: '127.0.0.1', port: 0 }, requestListener(app))

/** Writes as it is and reads to the end. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(listener.port, '127.0.0.1', () => socket.write(text))
    socket.setEncoding('latin1').on('data', (chunk) => (answer += chunk))
    socket.on('close', () => resolve(answer)).on('error', reject)
  })

const close = 'connection: close\r\n\r\n'

test('a host or an address that cannot be read is a problem like any other', async () => {
  const bad = [
    `GET / HTTP/1.1\r\nhost: a b\r\n${close}`,
    `GET / HTTP/1.1\r\nhost: x/y@z\r\n${close}`,
    `GET / HTTP/1.1\r\nhost: evil.example:99999\r\n${close}`,
    `GET nowhere HTTP/1.1\r\nhost: x\r\n${close}`,
    `OPTIONS * HTTP/1.1\r\nhost: x\r\n${close}`,
    `GET ftp://x/ HTTP/1.1\r\nhost: x\r\n${close}`,
  ]
  for (const text of bad) {
    const [head = '', body = ''] = (await raw(text)).split('\r\n\r\n')
    assert.match(head, /^HTTP\/1.1 400 /, text)
    assert.match(head, /content-type: application\/problem\+json/i, text)
    assert.equal(Problem.parse(JSON.parse(body)).code, 'malformed', text)
  }
})

test('a request of HTTP/1.0 without a host is answered, as the checks of some balancers are', async () => {
  assert.match(await raw('GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200 [\s\S]*fine$/)
})

test('an expectation that nobody meets is a problem, the usual one is met', async () => {
  const ask = (expect: string) =>
    raw(`POST / HTTP/1.1\r\nhost: x\r\nexpect: ${expect}\r\ncontent-length: 2\r\n${close}hi`)
  assert.match(await ask('200-ok'), /^HTTP\/1.1 417 [\s\S]*application\/problem\+json[\s\S]*"status":417/)
  assert.match(await ask('100-continue'), /^HTTP\/1.1 100 [\s\S]*HTTP\/1.1 200 [\s\S]*hi$/)
})

test.after(() => listener.drain(500))
