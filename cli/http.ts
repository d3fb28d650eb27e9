import type { Socket } from 'node:net'
import type { HttpRequest, HttpResponse, OpenStream, Send } from '../shared/api-client.ts'
import { AppError } from '../shared/errors.ts'

/**
 * HTTP/1.1 over sockets that `connect` gives, for the local daemon: keep-alive connections, one request at a time on
 * each. `node:http` would cost each command 10 ms, `fetch` 50. A connection that ends before the first byte of an
 * answer is tried once more on a new one: the daemon was just stopping, and a POST carries its idempotency key.
 */
export function createSocketClient(
  connect: () => Promise<Socket>,
  timeoutMs: number,
  ahead: Socket | null = null,
): { send: Send; open: OpenStream; close: () => void } {
  const idle: Socket[] = ahead === null ? [] : [ahead]
  let isClosed = false
  // A stream that is still being read would keep the process from ending.
  const streams = new Set<Socket>()
  /** A connection that comes when nobody wants it any more would keep the process from ending too. */
  const connectOpen = async () => {
    const socket = await connect()
    if (!isClosed) return socket
    socket.destroy()
    throw cut()
  }
  const connectStream = async () => {
    const socket = await connectOpen()
    streams.add(socket)
    return socket.once('close', () => streams.delete(socket))
  }
  const once = async (request: HttpRequest, kept?: Socket): Promise<HttpResponse | null> => {
    const socket = kept ?? (await connectOpen())
    const response = await exchange(socket, request, Math.max(timeoutMs, request.patienceMs ?? 0))
    if (response === null || response.headers.connection === 'close' || isClosed) socket.destroy()
    else idle.push(socket)
    return response
  }
  return {
    send: async (request) => (await once(request, takeOpen(idle))) ?? (await once(request)) ?? lost(),
    open: async (request) => {
      const { openOn } = await import('./http-stream.ts')
      const once = async () =>
        openOn(await connectStream(), request, Math.max(timeoutMs, request.patienceMs ?? 0))
      // A body that was iterated is used up.
      const again = async () => (typeof request.body === 'object' && request.body !== null ? null : once())
      return (await once()) ?? (await again()) ?? lost()
    },
    close: () => {
      isClosed = true
      // The end of the process closes them, and costs a command less than to take them down one by one.
      for (const socket of idle) socket.unref()
      for (const socket of streams) socket.destroy()
    },
  }
}

/** Connections that the daemon has closed meanwhile are left out. */
function takeOpen(idle: Socket[]): Socket | undefined {
  let socket = idle.pop()
  while (socket?.destroyed) socket = idle.pop()
  return socket
}

function lost(): never {
  throw new AppError('unavailable', 'The local service closed the connection.', {
    hint: 'See `todo daemon logs`.',
  })
}

export const encode = ({ method, path, headers, body }: HttpRequest): string => {
  const lines = Object.entries({
    host: 'todo',
    ...headers,
    ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`
}

/** Null when the connection ended before anything came back. */
function exchange(socket: Socket, request: HttpRequest, timeoutMs: number): Promise<HttpResponse | null> {
  return new Promise((resolve, reject) => {
    const read = createReader()
    const finish = (act: () => void) => {
      socket.removeAllListeners()
      socket.on('error', () => {})
      socket.setTimeout(0)
      act()
    }
    socket.on('data', (chunk) => {
      const response = read(chunk)
      if (response !== null) finish(() => resolve(response))
    })
    socket.on('error', () => finish(() => (read.started() ? reject(cut()) : resolve(null))))
    socket.on('close', () => finish(() => (read.started() ? reject(cut()) : resolve(null))))
    socket.setTimeout(timeoutMs, () => {
      finish(() => reject(slow(timeoutMs)))
      socket.destroy()
    })
    socket.ref().write(encode(request))
  })
}

export const cut = () => new AppError('unavailable', 'The answer was cut off.', { hint: 'Try again.' })
export const slow = (ms: number) =>
  new AppError('unavailable', `No answer within ${ms / 1000} seconds.`, {
    hint: 'See `todo daemon logs`; --timeout gives it longer.',
  })

/** Collects chunks until a whole response is there. */
function createReader(): ((chunk: Buffer) => HttpResponse | null) & { started: () => boolean } {
  let bytes: Buffer = Buffer.alloc(0)
  let head: Head | null = null
  const read = (chunk: Buffer): HttpResponse | null => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    head ??= parseHead(bytes)
    if (head === null) return null
    const body = parseBody(bytes.subarray(head.end), head)
    return body === null ? null : { status: head.status, headers: head.headers, body }
  }
  return Object.assign(read, { started: () => bytes.length > 0 })
}

export type Head = { status: number; headers: Record<string, string>; end: number }

/** Status and headers, and where the body begins; null while they are not all there. */
export function parseHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [statusLine, ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { status: Number(statusLine!.split(' ')[1]), headers, end: end + 4 }
}

function parseBody(
  bytes: Buffer,
  { status, headers }: { status: number; headers: Record<string, string> },
): string | null {
  if (status === 204 || status === 304) return ''
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(bytes)
  const length = Number(headers['content-length'] ?? 0)
  return bytes.length < length ? null : bytes.toString('utf8', 0, length)
}

function parseChunks(bytes: Buffer): string | null {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    const start = line + 2
    if (bytes.length < start + size + 2) return null
    if (size === 0) return Buffer.concat(parts).toString('utf8')
    parts.push(bytes.subarray(start, start + size))
    at = start + size + 2
  }
}
