import { AppError } from '../shared/errors.ts'

/**
 * Longer than a statement may take and a transaction may wait together: it ends what the database itself cannot end,
 * because it does not answer at all.
 */
const answerWithinMs = 25_000

/** Nobody waits for ever: the work goes on where it is, its outcome is not known. What is there already needs no timer. */
export function withinDeadline<T>(work: T | Promise<T>, ms = answerWithinMs): T | Promise<T> {
  if (!(work instanceof Promise)) return work
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate()), ms)
    const end =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer)
        settle(value)
      }
    work.then(end(resolve), end(reject))
  })
}

const tooLate = () =>
  new AppError('unavailable', 'The database does not answer.', {
    hint: 'Try again in a moment; with an Idempotency-Key nothing is applied twice.',
    reason: 'deadline',
    retryAfterSec: 5,
  })
