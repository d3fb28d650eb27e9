import type { Settings } from './settings.ts'

/**
 * Dollars a month by DigitalOcean's price list as of autumn 2025; doctl knows no prices of databases, so they cannot be
 * asked for. A node of a database cluster costs the same whether it is the primary or a standby.
 */
const nodes: Record<string, number> = {
  's-2vcpu-2gb': 18,
  's-2vcpu-4gb': 24,
  's-4vcpu-8gb': 48,
  's-8vcpu-16gb': 96,
  'g-2vcpu-8gb': 63,
  'c-4': 84,
}

const databaseNodes: Record<string, number> = {
  'db-s-1vcpu-1gb': 15.15,
  'db-s-1vcpu-2gb': 30.45,
  'db-s-2vcpu-4gb': 60.9,
  'db-s-4vcpu-8gb': 122.1,
  'db-s-6vcpu-16gb': 243.9,
}

/** Kafka is sold by its smallest cluster of three. */
const kafkaNodes: Record<string, number> = { 'db-s-2vcpu-2gb': 49, 'db-s-2vcpu-4gb': 89 }

const controlPlane = 40
const networkBalancer = 15
const httpBalancer = 12

export type Cost = { what: string; count: number; each: number | null }

/** Everything that is billed by the month; `each` is null where the price of a size is not known here. */
export function costsOf(settings: Settings): Cost[] {
  const { kafka, postgres, valkey } = settings
  const price = (table: Record<string, number>, size: string): number | null => table[size] ?? null
  return [
    {
      what: `nodes ${settings.nodes.size}`,
      count: settings.nodes.count,
      each: price(nodes, settings.nodes.size),
    },
    ...(settings.ha ? [{ what: 'control plane with replicas', count: 1, each: controlPlane }] : []),
    { what: `Postgres ${postgres.size}`, count: postgres.count, each: price(databaseNodes, postgres.size) },
    { what: `Valkey ${valkey.size}`, count: valkey.count, each: price(databaseNodes, valkey.size) },
    ...(kafka.kind === 'managed'
      ? [{ what: `Kafka ${kafka.size}`, count: kafka.count, each: price(kafkaNodes, kafka.size) }]
      : []),
    settings.door.kind === 'gateway'
      ? { what: 'network load balancer', count: 1, each: networkBalancer }
      : { what: 'load balancer', count: 1, each: httpBalancer },
  ]
}

/** As lines of a table, with the sum; what has no known price makes the sum a least one. */
export function costLines(settings: Settings): string[] {
  const costs = costsOf(settings)
  const money = (dollars: number) => `$${dollars.toFixed(2)}`
  const known = costs.filter((cost) => cost.each !== null)
  const sum = known.reduce((total, { count, each }) => total + count * each!, 0)
  const lines = costs.map(({ what, count, each }) => {
    const total = each === null ? 'price not known here' : money(count * each)
    return `  ${`${count} x ${what}`.padEnd(38)} ${total.padStart(10)}`
  })
  const least = known.length < costs.length ? 'at least ' : ''
  return [...lines, `  ${'a month'.padEnd(38)} ${`${least}${money(sum)}`.padStart(10)}`]
}
