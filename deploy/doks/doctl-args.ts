import { plannedTopics } from '../../ops/topics.ts'
import { namesOf, type Settings } from './settings.ts'

// Every call of doctl that is made here, as its arguments: `doks-plan` prints them, `doks-up` and `doks-down` run them.

/** Whatever doctl names by an id stands in the plan as what it is the id of. */
export type Ids = Partial<Record<'vpc' | 'cluster' | 'postgres' | 'valkey' | 'kafka', string>>

const idOf = (ids: Ids, name: keyof Ids): string => ids[name] ?? `<id of the ${name}>`

type Engine = 'pg' | 'valkey' | 'kafka'

function createDatabase(
  name: string,
  engine: Engine,
  { region }: Settings,
  plan: { size: string; count: number; version: string },
  ids: Ids,
): string[] {
  return [
    ...['databases', 'create', name, '--engine', engine, '--version', plan.version],
    ...['--region', region, '--size', plan.size, '--num-nodes', String(plan.count)],
    ...['--private-network-uuid', idOf(ids, 'vpc')],
  ]
}

export const doctlArgs = {
  account: () => ['account', 'get'],
  vpcs: () => ['vpcs', 'list'],
  clusters: () => ['kubernetes', 'cluster', 'list'],
  databases: () => ['databases', 'list'],
  createVpc: (settings: Settings) => [
    ...['vpcs', 'create', '--name', namesOf(settings).vpc, '--region', settings.region],
    ...['--description', `For the cluster ${settings.name} and its databases`],
  ],
  createCluster: (settings: Settings, ids: Ids) => [
    ...['kubernetes', 'cluster', 'create', namesOf(settings).cluster, '--region', settings.region],
    ...['--vpc-uuid', idOf(ids, 'vpc'), `--ha=${settings.ha}`],
    ...['--auto-upgrade=true', '--surge-upgrade=true', '--maintenance-window', 'sunday=03:00'],
    ...['--node-pool', `name=workers;size=${settings.nodes.size};count=${settings.nodes.count}`],
    // The context is saved by a call of its own, under a name of its own, and does not become the current one.
    ...['--update-kubeconfig=false', '--set-current-context=false', '--wait=true'],
  ],
  saveKubeconfig: (settings: Settings, ids: Ids) => [
    ...['kubernetes', 'cluster', 'kubeconfig', 'save', idOf(ids, 'cluster')],
    ...['--alias', namesOf(settings).context, '--set-current-context=false'],
  ],
  /** Lets the cluster read the account's own registry. */
  joinRegistry: (ids: Ids) => ['kubernetes', 'cluster', 'registry', 'add', idOf(ids, 'cluster')],
  createPostgres: (settings: Settings, ids: Ids) =>
    createDatabase(namesOf(settings).postgres, 'pg', settings, settings.postgres, ids),
  createValkey: (settings: Settings, ids: Ids) =>
    createDatabase(namesOf(settings).valkey, 'valkey', settings, settings.valkey, ids),
  createKafka: (settings: Settings, ids: Ids) => {
    if (settings.kafka.kind !== 'managed') throw new Error('this Kafka is not ours to make')
    return createDatabase(namesOf(settings).kafka, 'kafka', settings, settings.kafka, ids)
  },
  database: (id: string) => ['databases', 'get', id],
  rules: (id: string) => ['databases', 'firewalls', 'list', id],
  /** Only the nodes of the cluster may connect; a database without a rule is open to everybody who has its password. */
  admitCluster: (ids: Ids, database: keyof Ids) => [
    ...['databases', 'firewalls', 'append', idOf(ids, database), '--rule', `k8s:${idOf(ids, 'cluster')}`],
  ],
  connection: (id: string) => ['databases', 'connection', id, '--private=true'],
  authority: (id: string) => ['databases', 'get-ca', id],
  schemas: (id: string) => ['databases', 'db', 'list', id],
  createSchema: (ids: Ids) => ['databases', 'db', 'create', idOf(ids, 'postgres'), 'todo'],
  kafkaUsers: (id: string) => ['databases', 'user', 'list', id],
  /** Its rights end at our topics. `admin` because the chart's job creates them and keeps their settings. */
  createKafkaUser: (ids: Ids) => [
    ...['databases', 'user', 'create', idOf(ids, 'kafka'), 'todo'],
    ...['--acl', plannedTopics.map(({ name }) => `${name}:admin`).join(',')],
  ],
  deleteCluster: (id: string) => ['kubernetes', 'cluster', 'delete', id, '--force', '--dangerous'],
  deleteDatabase: (id: string) => ['databases', 'delete', id, '--force'],
  deleteVpc: (id: string) => ['vpcs', 'delete', id, '--force'],
} as const
