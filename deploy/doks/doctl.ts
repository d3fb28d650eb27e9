import { CommandError, type Run, shown } from './command.ts'
import { doctlArgs, type Ids } from './doctl-args.ts'
import type { Settings } from './settings.ts'

export type Vpc = { id: string; name: string; region: string }
export type Cluster = {
  id: string
  name: string
  region: string
  vpc_uuid?: string
  status?: { state: string }
  /** It reads the account's own registry; absent where it does not. */
  registry_enabled?: boolean
}
export type Database = { id: string; name: string; engine: string; status: string }
export type Connection = { host: string; port: number; user: string; password: string; uri: string }
export type KafkaUser = { name: string; password: string }

/** A cluster takes four to ten minutes, a managed database five to fifteen. */
const createLimitMs = 30 * 60_000

export type Doctl = ReturnType<typeof createDoctl>

/**
 * The one way to doctl. Every call asks for JSON and reads it; what changes something is told with `say` first. The token
 * is doctl's own affair (`doctl auth init`): it is never read or passed here.
 */
export function createDoctl(run: Run, say: (line: string) => void) {
  const ask = async <T>(args: string[]): Promise<T> => {
    const text = await run('doctl', [...args, '--output', 'json'])
    try {
      return JSON.parse(text) as T
    } catch {
      throw new CommandError('doctl', `${shown('doctl', args)} did not answer in JSON.`)
    }
  }
  const change = async (args: string[], limitMs?: number): Promise<void> => {
    say(`  $ ${shown('doctl', args)}`)
    await run('doctl', args, limitMs === undefined ? {} : { limitMs })
  }
  /** doctl answers a list of one where it got one thing by its id; `null` stands for an empty list. */
  const one = <T>(answer: T | T[]): T => (Array.isArray(answer) ? answer[0]! : answer)
  const list = async <T>(args: string[]): Promise<T[]> => (await ask<T[] | null>(args)) ?? []
  return {
    account: async () => one(await ask<{ email: string } | { email: string }[]>(doctlArgs.account())),
    vpcs: () => list<Vpc>(doctlArgs.vpcs()),
    clusters: () => list<Cluster>(doctlArgs.clusters()),
    databases: () => list<Database>(doctlArgs.databases()),
    database: async (id: string) => one(await ask<Database | Database[]>(doctlArgs.database(id))),
    createVpc: (settings: Settings) => change(doctlArgs.createVpc(settings)),
    createCluster: (settings: Settings, ids: Ids) =>
      change(doctlArgs.createCluster(settings, ids), createLimitMs),
    joinRegistry: (ids: Ids) => change(doctlArgs.joinRegistry(ids)),
    saveKubeconfig: (settings: Settings, ids: Ids) => change(doctlArgs.saveKubeconfig(settings, ids)),
    createPostgres: (settings: Settings, ids: Ids) => change(doctlArgs.createPostgres(settings, ids)),
    createValkey: (settings: Settings, ids: Ids) => change(doctlArgs.createValkey(settings, ids)),
    createKafka: (settings: Settings, ids: Ids) => change(doctlArgs.createKafka(settings, ids)),
    rules: (id: string) => list<{ type: string; value: string }>(doctlArgs.rules(id)),
    admitCluster: (ids: Ids, database: keyof Ids) => change(doctlArgs.admitCluster(ids, database)),
    connection: async (id: string) => one(await ask<Connection | Connection[]>(doctlArgs.connection(id))),
    /** PEM. */
    authority: async (id: string) => {
      const { certificate } = one(
        await ask<{ certificate: string } | { certificate: string }[]>(doctlArgs.authority(id)),
      )
      return Buffer.from(certificate, 'base64').toString('utf8')
    },
    schemas: (id: string) => list<{ name: string }>(doctlArgs.schemas(id)),
    createSchema: (ids: Ids) => change(doctlArgs.createSchema(ids)),
    kafkaUsers: (id: string) => list<KafkaUser>(doctlArgs.kafkaUsers(id)),
    createKafkaUser: (ids: Ids) => change(doctlArgs.createKafkaUser(ids)),
    deleteCluster: (id: string) => change(doctlArgs.deleteCluster(id), createLimitMs),
    deleteDatabase: (id: string) => change(doctlArgs.deleteDatabase(id)),
    deleteVpc: (id: string) => change(doctlArgs.deleteVpc(id)),
  }
}

/** What of ours is there already, found by its name. Names are unique in an account where they matter here. */
export async function findIds(doctl: Doctl, names: Record<keyof Ids, string>): Promise<Ids> {
  const [vpcs, clusters, databases] = await Promise.all([doctl.vpcs(), doctl.clusters(), doctl.databases()])
  const idIn = (rows: { id: string; name: string }[], name: string) =>
    rows.find((row) => row.name === name)?.id
  const found: Record<keyof Ids, string | undefined> = {
    vpc: idIn(vpcs, names.vpc),
    cluster: idIn(clusters, names.cluster),
    postgres: idIn(databases, names.postgres),
    valkey: idIn(databases, names.valkey),
    kafka: idIn(databases, names.kafka),
  }
  return Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined)) as Ids
}
