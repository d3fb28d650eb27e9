import type { Connection } from './doctl.ts'
import { gatewayNamespace } from './door.ts'
import type { ScramMechanism, Settings } from './settings.ts'

/** Where the cluster finds what it stands on, as doctl or the settings tell. */
export type Places = {
  postgres: Connection
  valkey: Connection
  kafka: { brokers: string; username: string; password: string; mechanism: ScramMechanism; ca: string }
}

/** The values of the chart that only this cluster knows; secrets are not among them. */
export function valuesOf({ image, door, kafka }: Settings, places: Places) {
  const port = (text: string | number) => [{ ports: [{ port: Number(text), protocol: 'TCP' }] }]
  const { brokers, mechanism } = places.kafka
  return {
    image: imageValues(image),
    publicUrl: `https://${door.host}`,
    kafka: { brokers, saslMechanism: mechanism, replicationFactor: kafka.kind === 'managed' ? 3 : -1 },
    redis: { host: `${places.valkey.host}:${places.valkey.port}`, username: places.valkey.user },
    networkPolicy: {
      database: port(places.postgres.port),
      redis: port(places.valkey.port),
      kafka: [...new Set(brokers.split(',').map((one) => one.split(':').at(-1)!))].flatMap(port),
    },
    ...(door.kind === 'gateway' && {
      gateway: { enabled: true, existing: `${gatewayNamespace}/todo`, host: door.host },
    }),
  }
}

function imageValues(image: string): { repository: string; tag?: string; digest?: string } {
  const [name, digest] = image.split('@') as [string, string?]
  const colon = name.indexOf(':', name.lastIndexOf('/'))
  const repository = colon < 0 ? name : name.slice(0, colon)
  if (digest !== undefined) return { repository, digest }
  return { repository, tag: name.slice(colon + 1) }
}

/**
 * What `DATABASE_URL` is: the managed server's own user, because it owns the database and so may migrate it; straight to
 * Postgres, because a pooler in between would lose the session's locks and its NOTIFY.
 */
export function databaseUrl({ host, port, user, password }: Connection): string {
  const url = new URL(`postgres://${host}:${port}/todo`)
  url.username = user
  url.password = password
  url.searchParams.set('sslmode', 'require')
  return url.href
}
