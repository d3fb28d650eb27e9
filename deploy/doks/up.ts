import { setTimeout as sleep } from 'node:timers/promises'
import type { Run } from './command.ts'
import { createDoctl, type Doctl, findIds } from './doctl.ts'
import type { Ids } from './doctl-args.ts'
import { doorAddress, type Installer, install } from './install.ts'
import { isOwnRegistry, namesOf, type Settings } from './settings.ts'
import { missingTools } from './tools.ts'
import type { Places } from './values.ts'

export type Work = {
  run: Run
  say: (line: string) => void
  settings: Settings
  /** Between two looks at what is being made. */
  pauseMs?: number
}

const defaultPauseMs = 15_000
const databaseLimitMs = 40 * 60_000
const addressLimitMs = 10 * 60_000

/** Makes what is missing, in the order in which one thing needs the other. May be repeated after any failure. */
export async function up(work: Work): Promise<number> {
  const { run, say, settings } = work
  const faults = await missingTools(run)
  for (const fault of faults) say(fault)
  if (faults.length > 0) return 1
  const doctl = createDoctl(run, say)
  const { email } = await doctl.account()
  say(`As ${email}, in ${settings.region}:`)
  const ids = await makeAll(doctl, work)
  await doctl.saveKubeconfig(settings, ids)
  await letReadImage(doctl, work)
  await untilOnline(doctl, ids, work)
  await admit(doctl, ids)
  const installer: Installer = { run, say, settings }
  say(`In the cluster ${settings.name}:`)
  await install(installer, await findPlaces(doctl, ids, settings))
  const address = await untilAddressed(installer, work)
  say(`
Up. Let ${settings.door.host} point to ${address}, wait until \`make doks-check\` passes, and sign in:

  todo login https://${settings.door.host} --register
`)
  return 0
}

/** What one is missing of the five; the databases are made while the cluster is. */
async function makeAll(doctl: Doctl, { settings }: Work): Promise<Ids> {
  const names = namesOf(settings)
  let ids = await findIds(doctl, names)
  if (ids.vpc === undefined) {
    await doctl.createVpc(settings)
    ids = await findIds(doctl, names)
  }
  if (ids.postgres === undefined) await doctl.createPostgres(settings, ids)
  if (ids.valkey === undefined) await doctl.createValkey(settings, ids)
  if (settings.kafka.kind === 'managed' && ids.kafka === undefined) await doctl.createKafka(settings, ids)
  if (ids.cluster === undefined) await doctl.createCluster(settings, ids)
  return findIds(doctl, names)
}

/** Any other registry is public, or named to the chart with a secret. */
async function letReadImage(doctl: Doctl, { settings }: Work): Promise<void> {
  if (!isOwnRegistry(settings)) return
  const cluster = (await doctl.clusters()).find(({ name }) => name === namesOf(settings).cluster)
  if (cluster !== undefined && cluster.registry_enabled !== true)
    await doctl.joinRegistry({ cluster: cluster.id })
}

const databasesOf = (ids: Ids): [keyof Ids, string][] =>
  (['postgres', 'valkey', 'kafka'] as const).flatMap((name) => {
    const id = ids[name]
    return id === undefined ? [] : [[name, id] as [keyof Ids, string]]
  })

async function untilOnline(doctl: Doctl, ids: Ids, { say, pauseMs = defaultPauseMs }: Work): Promise<void> {
  const deadline = Date.now() + databaseLimitMs
  for (const [name, id] of databasesOf(ids)) {
    for (let told = ''; ; ) {
      const { status } = await doctl.database(id)
      if (status === 'online') break
      if (status !== told) say(`  ${name} is ${status}, waiting`)
      told = status
      if (Date.now() > deadline) throw new Error(`${name} has not come online: doctl databases get ${id}`)
      await sleep(pauseMs)
    }
  }
}

/** The cluster's rule first: until a database has one, everybody who has its password may connect. */
async function admit(doctl: Doctl, ids: Ids): Promise<void> {
  for (const [name, id] of databasesOf(ids)) {
    const rules = await doctl.rules(id)
    if (!rules.some(({ type, value }) => type === 'k8s' && value === ids.cluster))
      await doctl.admitCluster(ids, name)
  }
  const schemas = await doctl.schemas(ids.postgres!)
  if (!schemas.some(({ name }) => name === 'todo')) await doctl.createSchema(ids)
}

async function findPlaces(doctl: Doctl, ids: Ids, { kafka }: Settings): Promise<Places> {
  const postgres = await doctl.connection(ids.postgres!)
  const valkey = await doctl.connection(ids.valkey!)
  if (kafka.kind === 'foreign') return { postgres, valkey, kafka }
  const id = ids.kafka!
  const userIn = async () => (await doctl.kafkaUsers(id)).find(({ name }) => name === 'todo')
  let user = await userIn()
  if (user === undefined) {
    await doctl.createKafkaUser(ids)
    user = await userIn()
  }
  if (user === undefined) throw new Error('doctl made no user of Kafka')
  const { host, port } = await doctl.connection(id)
  const login = { username: user.name, password: user.password, mechanism: 'SHA-256' as const }
  return {
    postgres,
    valkey,
    kafka: { brokers: `${host}:${port}`, ca: await doctl.authority(id), ...login },
  }
}

async function untilAddressed(installer: Installer, { pauseMs = defaultPauseMs }: Work): Promise<string> {
  const deadline = Date.now() + addressLimitMs
  for (;;) {
    const address = await doorAddress(installer)
    if (address !== null) return address
    if (Date.now() > deadline) throw new Error('the load balancer has got no address')
    await sleep(pauseMs)
  }
}
