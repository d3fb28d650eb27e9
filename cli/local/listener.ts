import { chmodSync, statSync, unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export type Place = { path: string } | { host: string; port: number }

export type Listener = {
  /** The socket's path, or `host:port` with the port that was really taken. */
  address: string
  /** Milliseconds without a request; 0 while one is being answered. */
  idleMs(): number
  /** False when the socket's file has been removed or replaced: nobody can come any more. */
  isReachable(): boolean
  /** Takes no more connections, answers what has been received, for at most `limitMs`. */
  drain(limitMs: number): Promise<void>
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves on a Unix socket (under the run lock, so a file in its place is a dead daemon's) or on TCP. */
export async function listen(place: Place, handle: RequestHandler): Promise<Listener> {
  let open = 0
  let lastAt = performance.now()
  const server = createServer((request, response) => {
    open += 1
    response.once('close', () => {
      open -= 1
      lastAt = performance.now()
    })
    handle(request, response)
  })
  if ('path' in place) unlinkIfThere(place.path)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(place, resolve)
  })
  // Opening a socket takes the right to write, and nothing is there to execute.
  if ('path' in place) chmodSync(place.path, 0o600)
  const inode = 'path' in place ? inodeOf(place.path) : null
  const isReachable = () => !('path' in place) || inodeOf(place.path) === inode

  return {
    address: 'path' in place ? place.path : `${place.host}:${(server.address() as AddressInfo).port}`,
    idleMs: () => (open > 0 ? 0 : performance.now() - lastAt),
    isReachable,
    drain: async (limitMs) => {
      // Whoever comes from now on finds no socket and starts the next daemon; those in the queue are still let in.
      if ('path' in place && isReachable()) unlinkIfThere(place.path)
      await sleep(20)
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      await Promise.race([closed, sleep(limitMs, undefined, { ref: false })])
      server.closeAllConnections()
      await closed
    },
  }
}

const inodeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.ino ?? null

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
