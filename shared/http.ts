import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from './errors.ts'

export type HttpPlace = { host: string; port: number }

export type HttpListener = {
  host: string
  /** The one that was really taken, when port 0 was asked for. */
  port: number
  /** From now on each answer says `Connection: close`: a client's next request makes a new one, which goes elsewhere. */
  sendAway(): void
  /** Resolves when everything received is answered and every connection closed, after `limitMs` at the latest. */
  drain(limitMs: number): Promise<void>
}

/** So long a client that has kept its connection open may still send on it and hear `Connection: close`. */
const lingerMs = 1_000

/**
 * Listens on TCP. Slow or half requests end after some seconds and hold nobody else up. While it drains, each answer
 * says `Connection: close`, so clients move on without a failed request.
 */
export async function listenHttp({ host, port }: HttpPlace, handle: RequestListener): Promise<HttpListener> {
  let sendsAway = false
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Longer than a load balancer keeps its side open, so that it is never us who closes first.
      keepAliveTimeout: 75_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16_384,
    },
    (request, response) => {
      if (sendsAway) response.setHeader('connection', 'close')
      handle(request, response)
    },
  )
  const sendAway = () => {
    sendsAway = true
  }
  server.on('clientError', refuseBadHttp)
  server.on('checkExpectation', (_, response) => {
    response.writeHead(417, { 'content-type': 'application/problem+json' })
    response.end(badRequest(417, 'Expectation Failed'))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)))
    server.listen({ host, port }, resolve)
  })
  return {
    host,
    port: (server.address() as AddressInfo).port,
    sendAway,
    drain: async (limitMs) => {
      sendAway()
      await close(server, limitMs)
    },
  }
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is taken',
    EACCES: 'is not ours to take',
    EADDRNOTAVAIL: 'is none of this machine',
    ENOTFOUND: 'is not known',
  }
  const reason = reasons[error.code ?? '']
  if (reason === undefined) return error
  return new AppError('unavailable', `The address ${host}:${port} ${reason}.`, {
    hint: 'Set PORT or HOST to another one.',
    cause: error,
  })
}

/**
 * Stops listening at once, while those who are connected go on: were they sent away first, their new connections
 * would be waiting to be accepted when the door shuts. Then idle connections are closed again and again until none
 * is left.
 */
async function close(server: Server, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs
  // Right after the poll phase, which has accepted everybody who was waiting.
  await new Promise(setImmediate)
  const stop = new AbortController()
  const closed = new Promise<void>((resolve) => {
    // The plain server's close leaves idle connections open; one may just be carrying a request to us.
    NetServer.prototype.close.call(server, () => {
      stop.abort()
      resolve()
    })
  })
  const pause = (ms: number) => sleep(ms, undefined, { signal: stop.signal }).catch(() => {})
  await pause(Math.min(lingerMs, limitMs))
  while (!stop.signal.aborted && performance.now() < deadline) {
    // Again after the poll phase: a request that has arrived while we were busy is read by then, and its connection not
    // taken for an idle one.
    await new Promise(setImmediate)
    server.closeIdleConnections()
    await pause(50)
  }
  server.closeAllConnections()
  await closed
}

const badHttp: Record<string, [status: number, title: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}

/** The problem of a request that could not be read. */
export const badRequest = (status: number, title: string): string => {
  const code = status === 431 ? 'too_large' : 'malformed'
  return JSON.stringify({
    type: `https://todo.example/problems/${code}`,
    title,
    status,
    code,
    detail: 'The request could not be read.',
    request_id: crypto.randomUUID(),
  })
}

/** What is no HTTP never reaches the app, but gets the same form of answer. */
function refuseBadHttp(
  error: NodeJS.ErrnoException,
  socket: Socket | (IncomingMessage['socket'] & Socket),
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, title] = badHttp[error.code ?? ''] ?? [400, 'Bad Request']
  const body = badRequest(status, title)
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
