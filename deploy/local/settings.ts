import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFree } from './port.ts'

/** The services of the product; the name is the app id of its sidecar too. */
export const apps = ['server', 'notifier', 'recurrer'] as const
export type App = (typeof apps)[number]

const portNames = ['kafka', 'controller', 'redis', 'postgres'] as const
const sidecarPorts = ['http', 'grpc', 'internal', 'public', 'metrics'] as const

export type Ports = Record<(typeof portNames)[number] | App, number> & {
  daprd: Record<App, Record<(typeof sidecarPorts)[number], number>>
}

export type Secrets = { redis: string; daprApiToken: string; appApiToken: string; jwt: string }

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const defaultPort = 18000

/**
 * All ports follow from one number `base`: server base, notifier base+1, recurrer base+2, Kafka base+10 (+11 for its
 * controller), Redis base+20, Postgres base+30, and of each sidecar base+40, +50, +60: HTTP, gRPC, internal, public,
 * metrics.
 */
export function portsFrom(base: number): Ports {
  return arrange((offset) => base + offset)
}

const blocks = { first: 20_000, size: 100, count: 120 }
let nextBlock = process.pid

/**
 * Free ports for a stack, a block of its own for each. They lie below those that the system gives to whoever connects or
 * listens anywhere: one of those may be taken again before the stack's program comes to it.
 */
export async function freePorts(): Promise<Ports> {
  for (let tries = 0; tries < blocks.count; tries += 1) {
    const base = blocks.first + (nextBlock % blocks.count) * blocks.size
    nextBlock += 1
    const wanted: number[] = []
    const ports = arrange((offset) => {
      wanted.push(base + offset)
      return base + offset
    })
    if ((await Promise.all(wanted.map((port) => isFree(port)))).every(Boolean)) return ports
  }
  throw new Error(`No ${blocks.size} ports in a row are free from ${blocks.first} on.`)
}

function arrange(at: (offset: number) => number): Ports {
  const sidecar = (offset: number) =>
    Object.fromEntries(sidecarPorts.map((name, i) => [name, at(offset + i)])) as Ports['daprd'][App]
  return {
    server: at(0),
    notifier: at(1),
    recurrer: at(2),
    kafka: at(10),
    controller: at(11),
    redis: at(20),
    postgres: at(30),
    daprd: { server: sidecar(40), notifier: sidecar(50), recurrer: sidecar(60) },
  }
}

/** The secrets of a stack, made at its first start and kept in a file that only its owner reads. */
export function loadSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  } catch {
    const word = (bytes: number) => randomBytes(bytes).toString('hex')
    const secrets = { redis: word(16), daprApiToken: word(24), appApiToken: word(24), jwt: word(32) }
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    chmodSync(home, 0o700)
    writeFileSync(file, JSON.stringify(secrets) + '\n', { mode: 0o600 })
    return secrets
  }
}

/** The pinned versions of deploy/versions.env. */
export function readVersions(): Record<string, string> {
  const versions: Record<string, string> = {}
  for (const line of readFileSync(join(root, 'deploy/versions.env'), 'utf8').split('\n')) {
    const match = /^([A-Z0-9_]+)=(\S+)$/.exec(line)
    if (match) versions[match[1]!] = match[2]!
  }
  return versions
}
