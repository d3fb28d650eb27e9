import { AppError } from '../shared/errors.ts'

/**
 * Longer than a statement may take and a transaction may wait together: it ends what the database itself cannot end,
 * because it does not answer at all.
 */
const answerWithinMs = 25_000

/** Nobody waits for ever: the work goes on where it is, its outcome is not known. */
export async function withinDeadline<T>(work: Promise<T>, ms = answerWithinMs): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(tooLate()), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const tooLate = () =>
  new AppError('unavailable', 'The database does not answer.', {
    hint: 'Try again in a moment; with an Idempotency-Key nothing is applied twice.',
    reason: 'deadline',
    retryAfterSec: 5,
  })
