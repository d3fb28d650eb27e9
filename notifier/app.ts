import type { EventHandler } from '../shared/ports.ts'
import { createDeliverer, type DelivererOptions } from './deliver.ts'
import { recordEvent } from './record.ts'

export type NotifierDeps = DelivererOptions

export type Notifier = {
  /** For both topics: writes deliveries down and sends nothing, so it answers in milliseconds. */
  handle: EventHandler
  /** Sends from the queue until the signal aborts. A process that only records need not run it. */
  run(signal: AbortSignal): Promise<void>
  /** A user asked for a test or a replay: look at once instead of at the next poll. */
  wake(): void
}

/** The notifier without its surroundings: the bus calls `handle`, whoever owns the process calls `run`. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const deliverer = createDeliverer(deps)
  return {
    async handle(event) {
      const recorded = await recordEvent(deps.db, event)
      if (recorded.kind === 'invalid') return 'drop'
      if (recorded.kind === 'recorded' && recorded.deliveries > 0) deliverer.wake()
      return 'ok'
    },
    run: deliverer.run,
    wake: deliverer.wake,
  }
}
