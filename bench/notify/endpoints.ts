import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export type Endpoints = {
  live: (n: number) => string
  /** Takes the request and never answers. */
  hanging: string
  /** Nobody listens there. */
  refusing: string
  /** When each event first arrived at a live endpoint. */
  arrivedAt: Map<string, number>
  /** How often in all. */
  arrivals: () => number
  until: (isEnough: () => boolean) => Promise<void>
  stop: () => Promise<unknown>
}

export async function startEndpoints(): Promise<Endpoints> {
  const worker = new Worker(join(import.meta.dirname, 'sink.ts'))
  const [{ port }] = (await once(worker, 'message')) as [{ port: number }]
  const arrivedAt = new Map<string, number>()
  let count = 0
  worker.on('message', ({ arrivals }: { arrivals: [string, number][] }) => {
    count += arrivals.length
    for (const [id, at] of arrivals) if (!arrivedAt.has(id)) arrivedAt.set(id, at)
  })
  return {
    live: (n) => `http://127.0.0.1:${port}/live/${n}`,
    hanging: `http://127.0.0.1:${port}/hang/`,
    refusing: `http://127.0.0.1:${await closedPort()}/`,
    arrivedAt,
    arrivals: () => count,
    async until(isEnough) {
      while (!isEnough()) await once(worker, 'message')
    },
    stop: () => worker.terminate(),
  }
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
