import type { Log } from '../shared/log.ts'
import type { Settled } from './queue.ts'

export type Settler = {
  add(settled: Settled[]): void
  /** Resolves when everything added so far is stored, or given up after `limitMs`. */
  drain(limitMs: number): Promise<void>
}

const largestBatch = 200
const retryMs = { first: 50, longest: 2_000 }

/**
 * Stores results as soon as they are there, in one statement at a time: what arrives while one runs goes into the
 * next. That keeps the moment short in which a crash makes a delivered message look undelivered, and yet costs few
 * transactions under load. While the database is away, results wait here.
 */
export function createSettler(options: {
  store: (batch: Settled[]) => Promise<void>
  onStored: () => void
  log: Log
}): Settler {
  let waiting: Settled[] = []
  let running: Promise<void> | null = null
  let givenUp = false

  const work = async (): Promise<void> => {
    let pause = retryMs.first
    while (waiting.length > 0 && !givenUp) {
      const batch = waiting.slice(0, largestBatch)
      try {
        await options.store(batch)
        waiting = waiting.slice(batch.length)
        pause = retryMs.first
        options.onStored()
      } catch (error) {
        options.log.error({ err: error, waiting: waiting.length }, 'results of deliveries cannot be stored')
        await new Promise((resolve) => setTimeout(resolve, pause))
        pause = Math.min(retryMs.longest, pause * 2)
      }
    }
  }
  const start = () => {
    running ??= work().finally(() => {
      running = null
      if (waiting.length > 0 && !givenUp) start()
    })
  }

  return {
    add(settled) {
      if (settled.length === 0) return
      waiting.push(...settled)
      start()
    },
    async drain(limitMs) {
      const deadline = setTimeout(() => {
        givenUp = true
      }, limitMs)
      while (running !== null && !givenUp) await running
      clearTimeout(deadline)
    },
  }
}
