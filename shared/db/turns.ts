import { AppError } from '../errors.ts'

/** Who is at work and who waits. */
export type TurnCounts = { active: number; waiting: number; max: number }

export type Turns = {
  /** Does the work when it is its turn; throws `unavailable` when that takes too long, and then nothing was done. */
  take: <T>(work: () => Promise<T>) => Promise<T>
  counts: () => TurnCounts
}

/** At most `max` at work at once, first come first served; nobody waits longer than `waitMs`. */
export function createTurns(max: number, waitMs: number): Turns {
  const queue = new Set<() => void>()
  let active = 0

  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        clearTimeout(timer)
        queue.delete(start)
        active += 1
        resolve()
      }
      const timer = setTimeout(() => {
        queue.delete(start)
        reject(tooBusy())
      }, waitMs)
      queue.add(start)
    })

  return {
    take: async (work) => {
      if (active < max && queue.size === 0) active += 1
      else await turn()
      try {
        return await work()
      } finally {
        active -= 1
        queue.values().next().value?.()
      }
    },
    counts: () => ({ active, waiting: queue.size, max }),
  }
}

const tooBusy = () =>
  new AppError('unavailable', 'The database is too busy.', {
    hint: 'Try again in a moment; nothing was done.',
    reason: 'too_busy',
    retryAfterSec: 2,
  })
