/** The closed list of what can go wrong; `server/problem.ts` maps it to HTTP, `cli/errors.ts` to exit codes. */
export type ErrorCode =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'ambiguous'
  | 'conflict'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'
  | 'internal'

/**
 * One fault of one field. `pointer` is a JSON pointer into the request (`/title`), `code` is stable. A conflict names
 * both values: what is there now and what was wanted instead.
 */
export type FieldError = {
  pointer: string
  code: string
  message: string
  current?: unknown
  wanted?: unknown
}

export type AppErrorOptions = {
  /** How to mend it, one sentence, shown on the line below the message. */
  hint?: string
  fields?: FieldError[]
  /** A stable machine name more precise than the code, e.g. `email_taken`. */
  reason?: string
  retryAfterSec?: number
  cause?: unknown
}

/** Every failure that a user may meet. Anything else that is thrown is a bug. */
export class AppError extends Error {
  /** By name, because a bundle that is loaded apart has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'AppError'
  }

  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly fields: FieldError[]
  readonly reason: string | undefined
  readonly retryAfterSec: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = options.hint
    this.fields = options.fields ?? []
    this.reason = options.reason
    this.retryAfterSec = options.retryAfterSec
  }
}
