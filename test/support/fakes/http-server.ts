import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { path: string; headers: IncomingHttpHeaders; body: string; at: number }

/** `hang` never answers, `reset` breaks the connection once the request has been read. */
export type Behaviour = { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'reset'

export type FakeServer = {
  url: string
  received: Received[]
  /** Resolves when `isEnough` holds for what was received; asked anew at each request. */
  until(isEnough: (received: Received[]) => boolean): Promise<void>
  stop(): Promise<void>
}

/** An HTTP server on a free port of this machine that answers as it is told. `n` counts requests from 1. */
export async function startFakeServer(
  answer: (received: Received, n: number) => Behaviour | Promise<Behaviour>,
): Promise<FakeServer> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  /** A fault of the fake itself must not look like a hang. */
  const decide = async (one: Received): Promise<Behaviour> => {
    try {
      return await answer(one, received.length)
    } catch (error) {
      return { status: 599, body: String(error) }
    }
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        at: Date.now(),
      }
      received.push(one)
      const behaviour = await decide(one)
      if (behaviour === 'reset') request.socket.resetAndDestroy()
      else if (behaviour !== 'hang') {
        response.writeHead(behaviour.status, behaviour.headers)
        response.end(behaviour.body ?? '')
      }
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    until: (isEnough) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isEnough(received)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
