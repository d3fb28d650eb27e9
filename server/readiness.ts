import type { Context } from 'hono'
import { AppError } from '../shared/errors.ts'
import type { Deps } from './deps.ts'

/**
 * Ready means that requests are answered, and that takes the database alone. What is wrong with the bus is told beside
 * it and changes nothing: the outbox keeps the events, and a server that left the balancer for it would make an outage
 * of a delay.
 */
export async function answerReadiness(deps: Deps, c: Context): Promise<Response> {
  if (deps.stopping?.aborted) {
    throw new AppError('unavailable', 'The server is about to stop.', {
      reason: 'stopping',
      retryAfterSec: 5,
    })
  }
  try {
    await deps.db`select 1`
  } catch {
    throw new AppError('unavailable', 'The database does not answer.', { hint: 'See the service log.' })
  }
  const { publishing } = deps
  if (publishing === undefined) return c.json({ status: 'ready' })
  const { relay } = publishing
  const checks = {
    database: 'ok',
    sidecar: (await publishing.sidecarAnswers()) ? 'ok' : 'away',
    relay: relay.isLeader ? 'leader' : 'standby',
    // Whoever does not publish does not know.
    bus: relay.isLeader ? (relay.fault ?? 'ok') : 'not asked',
  }
  return c.json({ status: 'ready', checks })
}
