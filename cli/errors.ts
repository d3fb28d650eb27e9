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
  const shown = [...new Set(lines)]
  if (error.hint !== undefined && !shown.some((line) => line.includes(error.hint!)))
    shown.push(`  ${error.hint}`)
  return shown.map((line) => escapeControls(line)).join('\n') + '\n'
}

/** The object that `--json` puts on stderr. */
export function errorObject(error: AppError): Record<string, unknown> {
  const [first] = error.fields
  return {
    code: error.reason ?? error.code,
    message: error.message,
    hint: error.hint ?? null,
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
