import { AppError } from '../../shared/errors.ts'

/** Lets `parallel` tasks run at once and `waiting` more wait in their order; whoever comes then is refused. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export function createGate({ parallel, waiting }: { parallel: number; waiting: number }): Gate {
  const queue: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running < parallel) running += 1
    else if (queue.length >= waiting) throw busy()
    // Whoever ends hands its place on, so `running` stays as it is.
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}

const busy = () =>
  new AppError('unavailable', 'Too many people sign in at this moment.', {
    hint: 'Try again in a few seconds.',
    reason: 'busy',
    retryAfterSec: 2,
  })
