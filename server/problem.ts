import type { Problem } from '../shared/api/common.ts'
import { AppError, type ErrorCode } from '../shared/errors.ts'

export const statusOf = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  ambiguous: 409,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Record<ErrorCode, number>

const titleOf: Record<ErrorCode, string> = {
  malformed: 'Bad request',
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  ambiguous: 'Ambiguous',
  conflict: 'Conflict',
  precondition_failed: 'Changed meanwhile',
  too_large: 'Too large',
  unsupported_media_type: 'Unsupported media type',
  invalid: 'Invalid',
  rate_limited: 'Too many requests',
  internal: 'Internal error',
  unavailable: 'Unavailable',
}

/** Seconds after which a 503 is worth another try, when nothing better is known. */
const retryAfterSec = 1

/** The only door out for failures: an RFC 9457 body. What is no AppError becomes an empty 500 or 503. */
export function toProblem(error: unknown, requestId: string): { problem: Problem; headers: Headers } {
  const known = error instanceof AppError ? error : fromDatabase(error)
  const status = statusOf[known.code]
  const problem: Problem = {
    type: `https://todo.example/problems/${known.reason ?? known.code}`,
    title: titleOf[known.code],
    status,
    detail: known.message,
    code: known.reason ?? known.code,
    request_id: requestId,
    ...(known.hint !== undefined && { hint: known.hint }),
    ...(known.fields.length > 0 && { errors: known.fields }),
  }
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  const wait = known.retryAfterSec ?? (status === 503 ? retryAfterSec : undefined)
  if (wait !== undefined) headers.set('retry-after', String(wait))
  if (status === 401) headers.set('www-authenticate', 'Bearer')
  return { problem, headers }
}

/** Postgres and driver codes that mean "try again", not "a bug": time-outs, restarts, lost connections. */
const transient =
  /^(08...|53...|55P03|57014|57P0[1-5]|40001|40P01|25P03|CONNECTION_.*|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/

function fromDatabase(error: unknown): AppError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return transient.test(code)
    ? new AppError('unavailable', 'The database does not answer in time.', {
        hint: 'Try again in a moment; with an Idempotency-Key nothing is applied twice.',
        cause: error,
      })
    : new AppError('internal', 'Something went wrong on our side.', { cause: error })
}
