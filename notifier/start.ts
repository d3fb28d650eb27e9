import type { ProvidersConfig } from '../shared/config/services.ts'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'
import type { Tracing } from '../shared/tracing.ts'
import { createNotifier, type Notifier } from './app.ts'
import { createChannels } from './channels/index.ts'
import type { Observed } from './deliver.ts'

export type StartedNotifier = Pick<Notifier, 'handle' | 'wake'> & {
  /** Resolves when the signal has aborted and what was on its way has ended. */
  stopped: Promise<void>
}

/**
 * A notifier with the channels of the settings, sending until the signal aborts. Throws when a setting cannot be
 * used. `pollMs`: how often the queue is looked at for what another process has put into it.
 */
export function startNotifier(
  deps: {
    db: Db
    log: Log
    config: ProvidersConfig
    desktop: boolean
    pollMs?: number
    onTurn?: () => void
    tracing?: Tracing
    observe?: (attempt: Observed) => void
  },
  signal: AbortSignal,
): StartedNotifier {
  const { config, desktop, pollMs = 1_000, ...rest } = deps
  const channels = createChannels(config, { desktop })
  const notifier = createNotifier({
    ...rest,
    pollMs,
    senders: channels.senders,
    hourlyLimit: config.hourlyLimit || undefined,
  })
  return {
    handle: notifier.handle,
    wake: notifier.wake,
    stopped: notifier.run(signal).finally(channels.close),
  }
}
