import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import type { StreamRequest } from '../shared/api-client.ts'
import { chunkDecoder, openOn } from './http-stream.ts'

async function ask(request: Partial<StreamRequest>, answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const whole = { method: 'GET', path: '/', headers: {}, body: null, ...request }
  try {
    const response = await openOn(socket, whole, 5_000)
    if (response === null) return null
    const parts: Uint8Array[] = []
    for await (const part of response.body) parts.push(part)
    return { status: response.status, text: Buffer.concat(parts).toString() }
  } finally {
    socket.destroy()
    server.close()
  }
}

test('a chunked answer is put together whatever pieces it comes in', () => {
  const wire = Buffer.from('4\r\nWiki\r\n6;x=1\r\npedia \r\n0\r\n\r\n')
  for (let size = 1; size <= wire.length; size += 1) {
    const decode = chunkDecoder()
    let text = ''
    let ended = false
    for (let at = 0; at < wire.length; at += size) {
      const got = decode(wire.subarray(at, at + size))
      text += Buffer.concat(got.parts).toString()
      ended ||= got.ended
    }
    assert.deepEqual([text, ended], ['Wikipedia ', true])
  }
})

test('a body is sent piece by piece and the answer read as it comes', async () => {
  async function* body() {
    yield 'one\n'
    yield ''
    yield 'zwölf\n'
  }
  const answer = await ask({ method: 'POST', body: body() }, (request, response) => {
    response.writeHead(201)
    request.pipe(response)
  })
  assert.deepEqual(answer, { status: 201, text: 'one\nzwölf\n' })
})

test('an answer with a length ends there, one that is cut off is an error, none at all is null', async () => {
  const whole = await ask({}, (_, response) => response.end('done'))
  assert.equal(whole!.text, 'done')
  const cutOff = ask({}, (_, response) => {
    response.write('begun')
    setImmediate(() => response.destroy())
  })
  await assert.rejects(cutOff, { code: 'unavailable' })
  assert.equal(await ask({}, (request) => request.socket.destroy()), null)
})
