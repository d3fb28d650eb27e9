import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { Hono } from 'hono'
import { AppError } from '../shared/errors.ts'
import { listenHttp } from '../shared/http.ts'
import { requestListener } from '../shared/request-listener.ts'
import { maxBodyBytes, readJson } from './body.ts'

const app = new Hono()
app.all('/', async (c) => c.json({ value: await readJson(c) }))
const refusals = new EventEmitter()
app.onError((error, c) => {
  const code = error instanceof AppError ? error.code : String(error)
  refusals.emit('one', code)
  return c.json({ code })
})

const listener = await listenHttp({ host: '127.0.0.1', port: 0 }, requestListener(app))
after(() => listener.drain(0))

type Answer = { value?: unknown; code?: string }

const optionsOf = (body: NonNullable<RequestInit['body']>, headers: Record<string, string>, method: string) =>
  ({
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  }) as RequestInit

/** What the app reads when it is called by itself. */
async function readAlone(body: NonNullable<RequestInit['body']>, headers = {}): Promise<Answer> {
  const response = await app.request('/', optionsOf(body, headers, 'POST'))
  return (await response.json()) as Answer
}

/** What it reads behind a server. */
async function read(body: NonNullable<RequestInit['body']>, headers = {}, method = 'POST'): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${listener.port}/`, optionsOf(body, headers, method))
  return (await response.json()) as Answer
}

test('a long flat body is not a deep one', async () => {
  const { value } = await read(JSON.stringify(Array(300_000).fill(-1)))
  assert.equal((value as unknown[]).length, 300_000)
})

test('a client that goes away in the middle of its body is at fault, not the server', async () => {
  const broken = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"title":')),
      pull: (controller) => controller.error(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })),
    })
  assert.equal((await readAlone(broken())).code, 'malformed')
  for (const framing of ['content-length: 100', 'transfer-encoding: chunked']) {
    const socket = connect(listener.port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`)
    socket.write('a\r\n{"title":1')
    await once(socket, 'connect')
    const refused = once(refusals, 'one')
    socket.destroySoon()
    assert.deepEqual(await refused, ['malformed'], framing)
  }
})

/** Without a length, in pieces, as a chunked request comes. */
const streamed = (text: string, pieces = 64) =>
  new ReadableStream({
    start(controller) {
      const bytes = new TextEncoder().encode(text)
      const size = Math.ceil(bytes.length / pieces)
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size))
      controller.close()
    },
  })

const ofBytes = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2))

test('1 MB is read, one byte more is too large, announced or not', async () => {
  for (const one of [read, readAlone]) {
    for (const wrap of [(text: string) => text, streamed]) {
      const exact = await one(wrap(ofBytes(maxBodyBytes)))
      assert.equal((exact.value as string).length, maxBodyBytes - 2)
      assert.equal((await one(wrap(ofBytes(maxBodyBytes + 1)))).code, 'too_large')
    }
  }
  const announced = { 'content-length': String(maxBodyBytes + 1) }
  assert.equal((await readAlone('{}', announced)).code, 'too_large', 'refused before it is read')
})

test('a letter split between two pieces is one letter', async () => {
  const text = JSON.stringify('ä😀買'.repeat(50))
  for (const one of [read, readAlone]) {
    for (const pieces of [2, 7, 13]) assert.equal((await one(streamed(text, pieces))).value, JSON.parse(text))
  }
})

test('JSON is taken with any parameter of its type, a merge patch only by PATCH', async () => {
  assert.equal((await read('1', { 'content-type': 'Application/JSON; charset=utf-8' })).value, 1)
  const patch = { 'content-type': 'application/merge-patch+json' }
  assert.equal((await read('1', patch, 'PATCH')).value, 1)
  assert.equal((await read('1', patch, 'POST')).code, 'unsupported_media_type')
  for (const type of ['', 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
    assert.equal((await read('1', { 'content-type': type })).code, 'unsupported_media_type', type)
  }
  assert.equal((await read('1', { 'content-encoding': 'br' })).code, 'unsupported_media_type')
})

test('what is no UTF-8, no JSON, nothing, or nested too deep is malformed', async () => {
  assert.equal((await read(new Uint8Array([0x22, 0xc3, 0x28, 0x22]))).code, 'malformed')
  for (const text of ['', ' ', '{', 'NaN', "'x'", '[1,]', '\u0000'])
    assert.equal((await read(text)).code, 'malformed', text)
  const nested = (depth: number) => '['.repeat(depth - 1) + '1' + ']'.repeat(depth - 1)
  assert.ok((await read(nested(20))).code === undefined)
  assert.equal((await read(nested(22))).code, 'malformed')
  assert.equal((await read(nested(100_000))).code, 'malformed')
})
