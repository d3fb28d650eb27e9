import type { Context } from 'hono'
import { AppError } from '../../shared/errors.ts'
import type { Deps } from '../deps.ts'
import type { Request } from '../mount.ts'
import type { Hub, Subscription } from './hub.ts'
import type { Item, Reader } from './repository.ts'

/** Bytes that may wait for a slow client before its stream pauses. */
const waitingBytes = 256 * 1024

/**
 * The live stream as Server-Sent Events. It ends with the caller's token, when the token is revoked (asked at each
 * heartbeat), and when the server stops; the client goes on with Last-Event-ID.
 */
export function openStream(deps: Deps, hub: Hub, { c, principal }: Request, reader: Reader): Response {
  const encoder = new TextEncoder()
  let subscription: Subscription | undefined
  let expiry: NodeJS.Timeout | undefined
  let controller: ReadableStreamDefaultController<Uint8Array>
  let ended = false
  const end = () => {
    ended = true
    clearTimeout(expiry)
    subscription?.end()
  }
  const close = () => {
    if (ended) return
    end()
    controller.close()
  }
  const write = (text: string): boolean => {
    if (ended) return false
    controller.enqueue(encoder.encode(text))
    return (controller.desiredSize ?? 0) > 0
  }
  const beat = async () => {
    await stillSignedIn(deps, c)
    // A client that reads nothing gets no comments either: they would pile up.
    if ((controller.desiredSize ?? 0) > 0) write(':\n\n')
  }
  const send = (items: Item[]) => write(items.map(eventText).join(''))
  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given
        write('retry: 1000\n\n')
        subscription = hub.join(Object.assign(reader, { send, beat, close }))
        const left = principal.expiresAt === undefined ? undefined : principal.expiresAt - Date.now()
        // Timers take 31 bits; a longer life is looked at by the heartbeat.
        if (left !== undefined && left < 2 ** 31) expiry = setTimeout(close, Math.max(left, 0)).unref()
      },
      pull: () => subscription?.ready(),
      cancel: end,
    },
    { highWaterMark: waitingBytes, size: (chunk) => chunk.byteLength },
  )
  return c.newResponse(body, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that buffer would hold events back.
    'x-accel-buffering': 'no',
  })
}

/** A database that is away for a moment, or a limit that is reached, is no reason to end a stream. */
async function stillSignedIn(deps: Deps, c: Context): Promise<void> {
  try {
    await deps.authenticate(c)
  } catch (error) {
    if (error instanceof AppError && error.code === 'unauthenticated') throw error
  }
}

const eventText = ({ id, type, item }: Item) => `id: ${id}\nevent: ${type}\ndata: ${item}\n\n`
