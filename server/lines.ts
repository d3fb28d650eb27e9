import type { Context } from 'hono'
import { asksFor } from './accept.ts'

const type = 'application/x-ndjson'

/** Whether the caller asks for one JSON object a line, without pages. */
export const wantsLines = (c: Context): boolean => asksFor(c, type)

/**
 * Streams text as the client takes it, so that memory stays flat however long the list is. A failure in the middle
 * cuts the connection: the client must not take a part for the whole.
 */
export function linesReply(c: Context, texts: AsyncIterator<string>): Response {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      let next = await texts.next()
      while (!next.done && next.value === '') next = await texts.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    cancel: async () => {
      await texts.return?.()
    },
  })
  return c.newResponse(body, 200, { 'content-type': `${type}; charset=utf-8` })
}
