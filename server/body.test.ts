import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Hono } from 'hono'
import { AppError } from '../shared/errors.ts'
import { maxBodyBytes, readJson } from './body.ts'

const app = new Hono()
app.all('/', async (c) => c.json({ value: await readJson(c) }))
app.onError((error, c) => c.json({ code: error instanceof AppError ? error.code : String(error) }))

async function read(
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
  method = 'POST',
) {
  const sent = { 'content-type': 'application/json', ...headers }
  const response = await app.request('/', { method, headers: sent, body, duplex: 'half' } as RequestInit)
  return (await response.json()) as { value?: unknown; code?: string }
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
  assert.equal((await read(broken())).code, 'malformed')
  assert.equal((await read(broken(), { 'content-length': '100' })).code, 'malformed')
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
  for (const wrap of [(text: string) => text, streamed]) {
    const exact = await read(wrap(ofBytes(maxBodyBytes)), {})
    assert.equal((exact.value as string).length, maxBodyBytes - 2)
    assert.equal((await read(wrap(ofBytes(maxBodyBytes + 1)))).code, 'too_large')
  }
  const announced = { 'content-length': String(maxBodyBytes + 1) }
  assert.equal((await read('{}', announced)).code, 'too_large', 'refused before it is read')
})

test('a letter split between two pieces is one letter', async () => {
  const text = JSON.stringify('ä😀買'.repeat(50))
  for (const pieces of [2, 7, 13]) assert.equal((await read(streamed(text, pieces))).value, JSON.parse(text))
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
