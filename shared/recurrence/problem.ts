import { AppError, type FieldError } from '../errors.ts'

/** A fault of one field of a rule, with the sentence that says how to mend it. */
export type Problem = FieldError & { hint?: string }

export function addProblem(
  problems: Problem[],
  pointer: string,
  code: string,
  message: string,
  hint?: string,
): void {
  problems.push({ pointer, code, message, ...(hint === undefined ? {} : { hint }) })
}

/** All faults of a rule in one error: every field by its pointer, the first fault and its remedy in words. */
export function invalidRule(problems: readonly Problem[]): AppError {
  const first = problems[0]!
  const more = problems.length - 1
  const hint = problems.find((problem) => problem.hint !== undefined)?.hint
  return new AppError('invalid', more > 0 ? `${first.message} (and ${more} more)` : first.message, {
    fields: problems.map(({ pointer, code, message }) => ({ pointer, code, message })),
    ...(hint === undefined ? {} : { hint }),
  })
}
