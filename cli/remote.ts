import { Readable } from 'node:stream'
import { Agent, type Dispatcher } from 'undici'
import type { HttpRequest, HttpResponse, OpenStream, Send, StreamRequest } from '../shared/api-client.ts'
import { AppError } from '../shared/errors.ts'

// A bundle of its own: undici costs more than all the rest of a local command together.

export type RemoteClient = { send: Send; open: OpenStream; close: () => void }

const connectTimeoutMs = 5_000

/** Waits before the second and the third try. */
const backoffMs = [150, 600]

/** Longer waits that a server asks for are the user's to decide. */
const longestWaitSec = 5

/**
 * HTTP or HTTPS to a server, each answer within `timeoutMs` and all tries together too. A try is repeated when it
 * certainly did nothing, or when repeating is harmless: reads, and POSTs with an Idempotency-Key.
 */
export function createRemoteClient(url: string, timeoutMs: number, version: string): RemoteClient {
  const agent = new Agent({ connect: { timeout: Math.min(connectTimeoutMs, timeoutMs) }, connections: 4 })
  const base = new URL(url)
  const prefix = base.pathname.replace(/\/$/, '')
  const call = (request: HttpRequest | StreamRequest, signal: AbortSignal, bodyTimeout?: number) =>
    agent.request({
      origin: base.origin,
      path: prefix + request.path,
      method: request.method as Dispatcher.HttpMethod,
      headers: { 'user-agent': `todo/${version}`, ...request.headers },
      body:
        typeof request.body === 'string' || request.body === null
          ? request.body
          : Readable.from(request.body),
      signal,
      ...(bodyTimeout !== undefined && { bodyTimeout }),
    })
  const once = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const { statusCode, headers, body } = await call(request, signal)
    return { status: statusCode, headers: flat(headers), body: await body.text() }
  }
  return {
    send: async (request) => {
      const signal = AbortSignal.timeout(timeoutMs)
      for (let attempt = 0; ; attempt += 1) {
        const wait = backoffMs[attempt]
        try {
          const response = await once(request, signal)
          const pause = pauseOf(response, wait)
          if (pause === null || !isRepeatable(request)) return response
          await sleep(pause, signal)
        } catch (error) {
          const isSafe = neverArrived.has(codeOf(error)) || isRepeatable(request)
          if (signal.aborted || wait === undefined || !isSafe || !isPassing(error)) {
            throw unreachable(url, error, signal.aborted ? timeoutMs : null)
          }
          await sleep(wait, signal).catch(() => {})
        }
      }
    },
    open: async (request) => {
      // Only the time until the answer begins is limited: a stream may go on for as long as anybody reads it.
      const begun = new AbortController()
      const limitMs = Math.max(timeoutMs, request.patienceMs ?? 0)
      const timer = setTimeout(() => begun.abort(), limitMs)
      try {
        const { statusCode, headers, body } = await call(request, begun.signal, 0)
        return { status: statusCode, headers: flat(headers), body: told(url, body) }
      } catch (error) {
        throw unreachable(url, error, begun.signal.aborted ? limitMs : null)
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => void agent.destroy(),
  }
}

/** A stream that is cut off is told like a server that cannot be reached, so that readers connect again. */
async function* told(url: string, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw unreachable(url, error, null)
  }
}

const neverArrived = new Set([
  'ECONNREFUSED',
  'UND_ERR_CONNECT_TIMEOUT',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
])
const cutOff = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CLOSED', 'ETIMEDOUT'])

/** Signing in is not repeated: a second try would make a second session, or find the address taken. */
const isRepeatable = ({ method, path, headers }: HttpRequest): boolean =>
  method === 'GET' ||
  method === 'PUT' ||
  (method === 'POST' && headers['idempotency-key'] !== undefined && !path.startsWith('/api/auth/'))

const isPassing = (error: unknown) => neverArrived.has(codeOf(error)) || cutOff.has(codeOf(error))

/** How long to wait before another try because the server said so; null when its answer is to be taken. */
function pauseOf({ status, headers }: HttpResponse, wait: number | undefined): number | null {
  if (wait === undefined || (status !== 429 && status !== 502 && status !== 503)) return null
  const asked = Number(headers['retry-after'] ?? 0)
  return asked <= longestWaitSec ? Math.max(asked * 1000, wait) : null
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code ?? cause?.code ?? ''
}

const flat = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

function unreachable(url: string, error: unknown, timeoutMs: number | null): AppError {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  const reason =
    timeoutMs !== null
      ? `no answer within ${timeoutMs / 1000} seconds`
      : (reasons[code] ?? (code || (error as Error).message))
  const hint = timeoutMs !== null ? '--timeout gives it longer.' : 'Check the address and your connection.'
  return new AppError('unavailable', `${url} cannot be reached: ${reason}.`, { hint, cause: error })
}
