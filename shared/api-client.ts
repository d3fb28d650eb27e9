import type { authRoutes, userRoutes } from './api/auth.ts'
import type { batchRoutes } from './api/batch.ts'
import type { channelRoutes } from './api/channel.ts'
import type { countRoutes } from './api/count.ts'
import type { deliveryRoutes } from './api/delivery.ts'
import type { eventRoutes } from './api/event.ts'
import type { preferencesRoutes } from './api/preferences.ts'
import type { priorityRoutes } from './api/priority.ts'
import type { projectRoutes } from './api/project.ts'
import type { templateRoutes } from './api/recurring-task.ts'
import type { Answer, Body, Params, Query } from './api/route.ts'
import type { sessionRoutes } from './api/session.ts'
import type { statsRoutes } from './api/stats.ts'
import type { tagRoutes } from './api/tag.ts'
import type { taskRoutes } from './api/task.ts'
import type { tokenRoutes } from './api/token.ts'
import type { transferRoutes } from './api/transfer.ts'
import type { undoRoutes } from './api/undo.ts'
import { AppError, type ErrorCode, type FieldError } from './errors.ts'

/** Types only: the schemas are the server's, so a client loads none of them. */
export type ApiRoutes = typeof authRoutes &
  typeof userRoutes &
  typeof batchRoutes &
  typeof channelRoutes &
  typeof countRoutes &
  typeof deliveryRoutes &
  typeof eventRoutes &
  typeof preferencesRoutes &
  typeof priorityRoutes &
  typeof templateRoutes &
  typeof sessionRoutes &
  typeof projectRoutes &
  typeof statsRoutes &
  typeof tagRoutes &
  typeof taskRoutes &
  typeof tokenRoutes &
  typeof transferRoutes &
  typeof undoRoutes

export type HttpRequest = {
  method: string
  path: string
  headers: Record<string, string>
  body: string | null
  /** How long an answer may take at least, for requests that do much; the client's own limit counts if it is longer. */
  patienceMs?: number
}
/** Header names in lower case. */
export type HttpResponse = { status: number; headers: Record<string, string>; body: string }
export type Send = (request: HttpRequest) => Promise<HttpResponse>

/** For long answers and long requests: `body` may be sent, and is read, piece by piece. */
export type StreamRequest = Omit<HttpRequest, 'body'> & { body: string | AsyncIterable<string> | null }
export type StreamResponse = Omit<HttpResponse, 'body'> & { body: AsyncIterable<Uint8Array> }
export type OpenStream = (request: StreamRequest) => Promise<StreamResponse>

type Clean<T> = { [K in keyof T as [T[K]] extends [undefined] ? never : K]: T[K] }
type Given<K extends keyof ApiRoutes> = Clean<{
  params: Exclude<keyof Params<K>, 'user_id'> extends never ? undefined : Omit<Params<K>, 'user_id'>
  body: Body<ApiRoutes[K]>
}> & { query?: Query<ApiRoutes[K]>; headers?: Record<string, string>; patienceMs?: number }

export type Api = <K extends keyof ApiRoutes>(
  key: K,
  ...[input]: Record<never, never> extends Given<K> ? [Given<K>?] : [Given<K>]
) => Promise<Answer<ApiRoutes[K]>>

/**
 * A client typed by the contract: `api('POST /api/{user_id}/tasks', { body })`. The user is `me`, the caller. A
 * problem answer becomes the AppError that the server threw.
 */
export function createApi(send: Send): Api {
  const call = async (key: string, input: unknown) => {
    const given = (input ?? {}) as {
      params?: Record<string, string | number>
      query?: Record<string, unknown>
      body?: unknown
      headers?: Record<string, string>
      patienceMs?: number
    }
    const [method, template] = key.split(' ') as [string, string]
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      name === 'user_id' ? 'me' : encodeURIComponent(String(given.params?.[name])),
    )
    const headers: Record<string, string> = { accept: 'application/json', ...given.headers }
    if (given.body !== undefined) headers['content-type'] = 'application/json'
    // A repeated POST after a lost answer must not act twice.
    if (method === 'POST') headers['idempotency-key'] ??= freshKey()
    const body = given.body === undefined ? null : JSON.stringify(given.body)
    const { patienceMs } = given
    const response = await send({
      method,
      path: path + queryString(given.query),
      headers,
      body,
      ...(patienceMs !== undefined && { patienceMs }),
    })
    if (response.status >= 400) throw toError(response)
    return response.body === '' ? null : JSON.parse(response.body)
  }
  return call as Api
}

/** Unique, not secret: the server looks a key up among those of its user. Web Crypto would cost each `add` 4 ms. */
function freshKey(): string {
  const part = () => Math.floor(Math.random() * 2 ** 52).toString(36)
  return `${Date.now().toString(36)}-${process.pid.toString(36)}-${part()}${part()}`
}

export function queryString(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .flatMap((one) => (one === undefined ? [] : [`${name}=${encodeURIComponent(String(one))}`])),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

const codes: Record<number, ErrorCode> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'invalid',
  429: 'rate_limited',
  503: 'unavailable',
}

/** The AppError that a failed answer stands for, also when a proxy in between wrote it. */
export function toError({ status, headers, body }: HttpResponse): AppError {
  const problem = parseProblem(body)
  const wait = Number(headers['retry-after'])
  return new AppError(codes[status] ?? 'internal', problem.detail ?? `The service answered ${status}.`, {
    ...(problem.hint !== undefined && { hint: problem.hint }),
    ...(problem.errors !== undefined && { fields: problem.errors }),
    ...(problem.code !== undefined && { reason: problem.code }),
    ...(Number.isFinite(wait) && { retryAfterSec: wait }),
  })
}

type ProblemBody = { detail?: string; hint?: string; code?: string; errors?: FieldError[] }

function parseProblem(body: string): ProblemBody {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as ProblemBody) : {}
  } catch {
    return {}
  }
}
