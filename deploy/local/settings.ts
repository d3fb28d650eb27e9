import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
  const sidecar = (offset: number) =>
    Object.fromEntries(sidecarPorts.map((name, i) => [name, base + offset + i])) as Ports['daprd'][App]
  return {
    server: base,
    notifier: base + 1,
    recurrer: base + 2,
    kafka: base + 10,
    controller: base + 11,
    redis: base + 20,
    postgres: base + 30,
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
