import type { Socket } from 'node:net'
import type { StreamRequest, StreamResponse } from '../shared/api-client.ts'
import { AppError } from '../shared/errors.ts'
import { cut, encode, type Head, parseHead, slow } from './http.ts'

/** The service says something at least every 30 seconds on a stream that has nothing to tell. */
const idleLimitMs = 60_000

/**
 * One request whose answer is read as it comes, on a connection of its own; null when it ended before anything came
 * back. A body that is iterated is sent in chunks, no faster than the service takes them.
 */
export async function openOn(
  socket: Socket,
  request: StreamRequest,
  timeoutMs: number,
): Promise<StreamResponse | null> {
  socket.setTimeout(timeoutMs, () => socket.destroy(slow(timeoutMs)))
  // Told by the reader below: what goes wrong with the body ends the connection with its reason.
  send(socket, request).catch((error: Error) => socket.destroy(error))
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let bytes: Buffer = Buffer.alloc(0)
  for (;;) {
    const { done, value } = await chunks.next().catch((error: Error) => lostBefore(error, bytes))
    if (done) return bytes.length === 0 ? null : endEarly()
    bytes = bytes.length === 0 ? value : Buffer.concat([bytes, value])
    const head = parseHead(bytes)
    if (head === null) continue
    socket.setTimeout(Math.max(idleLimitMs, timeoutMs))
    const body = readBody(head, bytes.subarray(head.end), chunks, () => socket.destroy())
    return { status: head.status, headers: head.headers, body }
  }
}

function lostBefore(error: Error, bytes: Buffer): { done: true; value: Buffer } {
  if (error instanceof AppError || bytes.length > 0) throw error
  return { done: true, value: bytes }
}

const endEarly = (): never => {
  throw cut()
}

async function send(socket: Socket, { body, ...request }: StreamRequest): Promise<void> {
  if (body === null || typeof body === 'string') {
    socket.write(encode({ ...request, body }))
    return
  }
  socket.write(
    encode({ ...request, headers: { ...request.headers, 'transfer-encoding': 'chunked' }, body: null }),
  )
  for await (const text of body) {
    const chunk = Buffer.from(text)
    if (chunk.length === 0) continue
    socket.write(`${chunk.length.toString(16)}\r\n`)
    socket.write(chunk)
    if (!socket.write('\r\n')) await drained(socket)
  }
  socket.write('0\r\n\r\n')
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = () => {
      socket.off('drain', done).off('close', gone)
      resolve()
    }
    const gone = () => {
      socket.off('drain', done).off('close', gone)
      reject(cut())
    }
    socket.on('drain', done).on('close', gone)
  })

async function* readBody(
  head: Head,
  first: Buffer,
  chunks: AsyncIterator<Buffer>,
  close: () => void,
): AsyncGenerator<Buffer> {
  const decode = decoderOf(head)
  try {
    let bytes = first
    for (;;) {
      const { parts, ended } = decode(bytes)
      yield* parts
      if (ended) return
      const next = await chunks.next()
      if (next.done) throw cut()
      bytes = next.value
    }
  } finally {
    close()
  }
}

type Decode = (bytes: Buffer) => { parts: Buffer[]; ended: boolean }

function decoderOf({ status, headers }: Head): Decode {
  if (headers['transfer-encoding'] === 'chunked') return chunkDecoder()
  let left = status === 204 || status === 304 ? 0 : Number(headers['content-length'] ?? 0)
  return (bytes) => {
    const part = bytes.subarray(0, left)
    left -= part.length
    return { parts: part.length > 0 ? [part] : [], ended: left === 0 }
  }
}

/** Transfer-Encoding: chunked, fed with pieces that may end anywhere; what is there of a chunk is passed on. */
export function chunkDecoder(): Decode {
  let line = ''
  let left = 0
  return (bytes) => {
    const parts: Buffer[] = []
    let at = 0
    while (at < bytes.length) {
      if (left > 0) {
        const part = bytes.subarray(at, at + left)
        parts.push(part)
        at += part.length
        left -= part.length
        continue
      }
      const end = bytes.indexOf(10, at)
      line += bytes.toString('latin1', at, end < 0 ? bytes.length : end)
      if (end < 0) break
      at = end + 1
      // The line that ends a chunk is empty; only the size of the next one is of interest.
      const size = line.trim()
      line = ''
      if (size === '') continue
      left = Number.parseInt(size, 16)
      if (!(left >= 0)) throw cut()
      if (left === 0) return { parts, ended: true }
    }
    return { parts, ended: false }
  }
}
