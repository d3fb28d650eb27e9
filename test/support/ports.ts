import { createServer } from 'node:net'
import { type Ports, portsFrom } from '../../deploy/local/settings.ts'

const first = 20_000
const size = 100
const count = 120
let next = process.pid

/**
 * A base whose ports are all free; each process begins at another one. They lie below those that the system gives to
 * whoever connects or listens anywhere: one of those may be taken again before the stack's program comes to it.
 */
export async function freeBase(): Promise<number> {
  for (let tries = 0; tries < count; tries += 1) {
    const base = first + (next % count) * size
    next += 1
    const { daprd, ...others } = portsFrom(base)
    const ports = [...Object.values(others), ...Object.values(daprd).flatMap(Object.values)]
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base
  }
  throw new Error(`No base from ${first} on has all its ports free.`)
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** For a whole stack. */
export const freePorts = async (): Promise<Ports> => portsFrom(await freeBase())

/** For one program more than a stack has. */
export const freePort = freeBase
