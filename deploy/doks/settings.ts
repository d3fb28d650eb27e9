import type { DoksConfig } from '../../shared/config.ts'

/** What is made and how large. Everything follows from these; the same settings find it again. */
export type Settings = {
  /** Of the cluster; the others are named after it: `todo-vpc`, `todo-pg`, `todo-kv`, `todo-kafka`. */
  name: string
  region: string
  namespace: string
  nodes: { size: string; count: number }
  /** A control plane of several replicas. It cannot be switched off again. */
  ha: boolean
  postgres: { size: string; count: number; version: string }
  valkey: { size: string; count: number; version: string }
  kafka: ManagedKafka | ForeignKafka
  door: Gateway | LoadBalancer
  /** The image of the product in a registry that the cluster can read, with a tag or a digest. */
  image: string
}

/** DigitalOcean's own, in the same network. */
export type ManagedKafka = { kind: 'managed'; size: string; count: number; version: string }

/** Redpanda Cloud or any other Kafka with SCRAM over TLS. */
export type ForeignKafka = {
  kind: 'foreign'
  brokers: string
  username: string
  password: string
  mechanism: ScramMechanism
  /** PEM of a private authority; empty = one that everybody trusts. */
  ca: string
}

/** As Dapr spells them: any other word, SCRAM-SHA-256 among them, silently means PLAIN. */
export type ScramMechanism = 'SHA-256' | 'SHA-512'

/** The cluster's Gateway API ends TLS with a certificate of Let's Encrypt. */
export type Gateway = { kind: 'gateway'; host: string; email: string }

/** A load balancer ends TLS with a certificate that DigitalOcean keeps. */
export type LoadBalancer = { kind: 'balancer'; host: string; certificateId: string }

export const defaults = {
  DOKS_NAME: 'todo',
  DOKS_REGION: 'fra1',
  DOKS_NAMESPACE: 'todo',
  DOKS_NODE_SIZE: 's-2vcpu-4gb',
  DOKS_NODES: '3',
  DOKS_HA: '1',
  DOKS_POSTGRES_SIZE: 'db-s-1vcpu-2gb',
  DOKS_POSTGRES_NODES: '2',
  DOKS_POSTGRES_VERSION: '17',
  DOKS_VALKEY_SIZE: 'db-s-1vcpu-1gb',
  DOKS_VALKEY_NODES: '1',
  DOKS_VALKEY_VERSION: '8',
  DOKS_KAFKA_SIZE: 'db-s-2vcpu-2gb',
  DOKS_KAFKA_NODES: '3',
  DOKS_KAFKA_VERSION: '3.8',
} as const

type Read = { settings: Settings; faults: string[] }

/** Reads all settings and tells all that is wrong with them at once. `forUp`: what only `doks-up` needs is asked too. */
export function readSettings({ text }: DoksConfig, options: { forUp: boolean }): Read {
  const faults: string[] = []
  const get = (name: keyof typeof defaults) => text(name) ?? defaults[name]
  const slug = (name: keyof typeof defaults, form = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/): string => {
    if (!form.test(get(name))) faults.push(`${name} is ${JSON.stringify(get(name))}, which is no name`)
    return get(name)
  }
  const count = (name: keyof typeof defaults, least: number, most: number): number => {
    const number = Number(get(name))
    if (Number.isInteger(number) && number >= least && number <= most) return number
    faults.push(`${name} must be a whole number from ${least} to ${most}`)
    return least
  }
  const version = (name: keyof typeof defaults) => slug(name, /^\d+(\.\d+)?$/)
  const settings: Settings = {
    name: slug('DOKS_NAME'),
    region: slug('DOKS_REGION'),
    namespace: slug('DOKS_NAMESPACE'),
    nodes: { size: slug('DOKS_NODE_SIZE'), count: count('DOKS_NODES', 1, 20) },
    ha: get('DOKS_HA') !== '0',
    postgres: {
      size: slug('DOKS_POSTGRES_SIZE'),
      count: count('DOKS_POSTGRES_NODES', 1, 3),
      version: version('DOKS_POSTGRES_VERSION'),
    },
    valkey: {
      size: slug('DOKS_VALKEY_SIZE'),
      count: count('DOKS_VALKEY_NODES', 1, 3),
      version: version('DOKS_VALKEY_VERSION'),
    },
    kafka:
      text('KAFKA_BROKERS') === null
        ? {
            kind: 'managed',
            size: slug('DOKS_KAFKA_SIZE'),
            count: count('DOKS_KAFKA_NODES', 3, 15),
            version: version('DOKS_KAFKA_VERSION'),
          }
        : foreignKafka(text, faults),
    door: doorOf(text, faults, options.forUp),
    image: imageOf(text('IMAGE'), faults, options.forUp),
  }
  return { settings, faults }
}

type Text = DoksConfig['text']

function foreignKafka(text: Text, faults: string[]): ForeignKafka {
  for (const name of ['KAFKA_USERNAME', 'KAFKA_PASSWORD']) {
    if (text(name) === null) faults.push(`${name} is missing: KAFKA_BROKERS names a broker with logins`)
  }
  const asked = (text('KAFKA_SASL_MECHANISM') ?? 'SHA-256').toUpperCase().replace('SCRAM-', '')
  if (asked !== 'SHA-256' && asked !== 'SHA-512')
    faults.push('KAFKA_SASL_MECHANISM must be SHA-256 or SHA-512')
  return {
    kind: 'foreign',
    brokers: text('KAFKA_BROKERS') ?? '',
    username: text('KAFKA_USERNAME') ?? '',
    password: text('KAFKA_PASSWORD') ?? '',
    mechanism: asked === 'SHA-512' ? 'SHA-512' : 'SHA-256',
    ca: text('KAFKA_CA') ?? '',
  }
}

/** Passwords and tokens never go over plain HTTP, so one of the two ways to TLS must be chosen. */
function doorOf(text: Text, faults: string[], forUp: boolean): Settings['door'] {
  const host = text('DOKS_HOST')
  if (host === null && forUp) faults.push('DOKS_HOST is missing: the name under which people reach the API')
  if (host !== null && !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host))
    faults.push(`DOKS_HOST is ${JSON.stringify(host)}, which is no name of a host`)
  const certificateId = text('DOKS_CERTIFICATE_ID')
  if (certificateId !== null) return { kind: 'balancer', host: host ?? 'todo.example.org', certificateId }
  const email = text('ACME_EMAIL')
  if (email === null && forUp) {
    faults.push(
      "ACME_EMAIL is missing: Let's Encrypt writes there when a certificate ends (or set DOKS_CERTIFICATE_ID)",
    )
  }
  return { kind: 'gateway', host: host ?? 'todo.example.org', email: email ?? 'you@example.org' }
}

function imageOf(image: string | null, faults: string[], forUp: boolean): string {
  if (image === null) {
    if (forUp)
      faults.push(
        'IMAGE is missing: the image in your registry, e.g. registry.digitalocean.com/me/todo:1.0.0',
      )
    return 'registry.digitalocean.com/YOURS/todo:TAG'
  }
  const [, tag] = /:([^/@]+)(@sha256:[0-9a-f]{64})?$/.exec(image) ?? []
  const pinned = /@sha256:[0-9a-f]{64}$/.test(image) || (tag !== undefined && tag !== 'latest')
  if (!pinned) faults.push(`IMAGE must have a tag other than latest, or a digest: ${image}`)
  return image
}

/** Whether the image lies in the registry of the account, which its clusters may read once they are told to. */
export const isOwnRegistry = ({ image }: Pick<Settings, 'image'>): boolean =>
  image.startsWith('registry.digitalocean.com/')

/** The names of what is made, all after the cluster's. */
export const namesOf = ({ name }: Pick<Settings, 'name'>) => ({
  cluster: name,
  vpc: `${name}-vpc`,
  postgres: `${name}-pg`,
  valkey: `${name}-kv`,
  kafka: `${name}-kafka`,
  /** In kubeconfig, so that no command of ours depends on which context is current. */
  context: `doks-${name}`,
})
