import { AppError, type ErrorCode } from '../shared/errors.ts'
import { escapeControls } from './text.ts'

/** What a shell sees: `todo help exit-codes` tells it. */
export const exitCodes = {
  malformed: 2,
  invalid: 2,
  method_not_allowed: 1,
  too_large: 2,
  unsupported_media_type: 1,
  not_found: 3,
  unauthenticated: 4,
  forbidden: 4,
  ambiguous: 5,
  conflict: 5,
  precondition_failed: 5,
  unavailable: 6,
  rate_limited: 6,
  internal: 1,
} as const satisfies Record<ErrorCode, number>

export const interrupted = 130

/** How to mend what says nothing more precise. */
const commonHints = {
  malformed: 'This may be a bug of the client; `todo doctor` looks for the cause.',
  invalid: 'Nothing was changed; mend it and try again.',
  method_not_allowed: 'Client and service may be of different versions; see `todo doctor`.',
  too_large: 'Send it in several parts; nothing was changed.',
  unsupported_media_type: 'Client and service may be of different versions; see `todo doctor`.',
  not_found: '`todo list --all` shows what there is.',
  unauthenticated: 'Sign in: `todo login URL`.',
  forbidden: 'Use a token that is allowed to do this.',
  ambiguous: 'Name it by its id.',
  conflict: 'Look at it again with `todo list` and repeat what still makes sense.',
  precondition_failed: 'It was changed meanwhile: look again, then repeat.',
  unavailable: 'Try again in a moment; `todo doctor` looks for the cause.',
  rate_limited: 'Wait a moment and try again.',
  internal: 'See `todo daemon logs`, and please report it.',
} as const satisfies Record<ErrorCode, string>

/** Somebody pressed Ctrl-C at a question. Nothing is to be said about it. */
export class Interrupted extends Error {}

export const usage = (message: string, hint: string): AppError => new AppError('invalid', message, { hint })

/** Fields of the API in the words of the command line. */
const flagNames: Record<string, string> = {
  description: 'note',
  due_at: 'due',
  due_date: 'due',
  priority_id: 'priority',
  tags: 'tag',
  tag_ids: 'tag',
  reminders: 'remind',
}

const fieldName = (pointer: string): string => {
  const name = pointer.split('/')[1] ?? ''
  return flagNames[name] ?? name
}

/** One line what, one line for each further fault, one line how to mend it. */
export function describeError(error: AppError): string {
  const lines =
    error.fields.length === 0
      ? [`todo: ${error.message}`]
      : error.fields.map(({ pointer, message }) =>
          pointer === '' ? `todo: ${message}` : `todo: ${fieldName(pointer)} ${message}`,
        )
  const hint = error.hint ?? commonHints[error.code]
  const shown = [...new Set(lines)]
  if (!shown.some((line) => line.includes(hint))) shown.push(`  ${hint}`)
  return shown.map((line) => escapeControls(line)).join('\n') + '\n'
}

/** The object that `--json` puts on stderr. */
export function errorObject(error: AppError): Record<string, unknown> {
  const [first] = error.fields
  return {
    code: error.reason ?? error.code,
    message: error.message,
    hint: error.hint ?? commonHints[error.code],
    ...(first && { field: fieldName(first.pointer) }),
    ...(error.fields.length > 1 && {
      errors: error.fields.map(({ pointer, code, message }) => ({
        field: fieldName(pointer),
        code,
        message,
      })),
    }),
  }
}
