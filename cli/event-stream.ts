import type { TaskEvent } from '../shared/api/event.ts'
import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { textLines } from './lines.ts'

const retryFirstMs = 200
const usualRetryMostMs = 10_000

/**
 * The live stream of changes. A connection that is lost is opened again from the last event that came, so none is
 * missed and none told twice; a sign-in that has ended is an error. `after` 0 begins with the whole history.
 */
export async function* liveEvents(
  { open, out }: Pick<Context, 'open' | 'out'>,
  after: number | undefined,
  signal: AbortSignal,
  retryMostMs = usualRetryMostMs,
): AsyncGenerator<TaskEvent> {
  let last = after === undefined ? undefined : String(after)
  let waitMs = retryFirstMs
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) }
      const request = { method: 'GET', path: '/api/me/events', headers, body: null }
      for await (const lines of textLines(open, request)) {
        waitMs = retryFirstMs
        for (const line of lines) {
          if (!line.startsWith('data: ')) continue
          const event = JSON.parse(line.slice(6)) as TaskEvent
          last = String(event.id)
          yield event
        }
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unavailable') throw error
    }
    if (signal.aborted) return
    if (waitMs === retryFirstMs) out.note('Connection lost; connecting again.\n')
    await pause(waitMs, signal)
    waitMs = Math.min(waitMs * 2, retryMostMs)
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
