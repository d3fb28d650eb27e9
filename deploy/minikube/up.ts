import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterConfig } from '../../shared/config.ts'
import { portOpen, until } from '../local/part.ts'
import { forgetRecord, readRecord, startDetached, stopProcess } from '../local/process.ts'
import { root } from '../local/settings.ts'
import { type Cluster, createCluster, runProgram } from './cluster.ts'
import { buildImage, hasImage, type ImageName, parseImage, pinned } from './image.ts'
import { ensureSecrets } from './secrets.ts'
import { missingTools } from './tools.ts'

export type Say = (line: string) => void

const folder = join(root, 'deploy/minikube')
export const defaultPort = 18800
const progressMs = 10_000

/** Everything from nothing to a line that signs in; what is there already stays. Resolves with the exit code. */
export async function up(config: ClusterConfig, say: Say): Promise<number> {
  const port = Number(config.port ?? defaultPort)
  const faults = await missingTools(config)
  const isOurs = readRecord(forwardRecord(config)) !== null
  if (!isOurs && (await portOpen(port))) faults.push(portTaken(port))
  for (const fault of faults) say(fault)
  if (faults.length > 0) return 1
  const named = config.image === null ? null : parseImage(config.image)
  const step = stepper(say, () => unreadyPods(clusterOf(config)))
  if (config.context === null) await step('minikube', () => startMinikube(config))
  const cluster = clusterOf(config)
  await step('dapr', () => installDapr(config))
  await step('namespace', () => makeNamespace(cluster, config))
  await step('secrets', async () => told(await ensureSecrets(cluster)))
  await step('postgres, valkey', () => installData(cluster, 'data.yaml', ['postgres', 'valkey']))
  await step(config.broker, () => installBroker(cluster, config))
  let image = named
  await step('image', async () => {
    image ??= await buildImage(config.env)
    const isThere = named === null || (await hasImage(cluster, named))
    return `${image.repository}:${image.tag}${isThere ? '' : ' (no node says that it has it)'}`
  })
  await step('todo', () => installChart(cluster, config, image!))
  await step('way to the API', () => keepForward(cluster, config, port))
  say(`
Up in namespace ${cluster.namespace} of ${cluster.context}. Sign in:

  todo login http://127.0.0.1:${port} --register

See all of it work: make minikube-check. Remove it: make minikube-down.`)
  return 0
}

/** Tells each step with its seconds, what a long one waits for, and what a failed one wanted to do. */
function stepper(say: Say, waitingFor: () => Promise<string>) {
  return async (name: string, work: () => Promise<string>) => {
    const began = Date.now()
    const progress = setInterval(async () => {
      const pods = await waitingFor().catch(() => '')
      say(`  ${name.padEnd(18)} … ${Math.round((Date.now() - began) / 1000)} s ${pods}`)
    }, progressMs)
    try {
      const result = await work()
      say(`  ${name.padEnd(18)} ${`${((Date.now() - began) / 1000).toFixed(1)} s`.padEnd(9)} ${result}`)
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    } finally {
      clearInterval(progress)
    }
  }
}

/** Pods that are not ready, and how far each is: `server-abc 1/2`. */
async function unreadyPods(cluster: Cluster): Promise<string> {
  const lines = (await cluster.kubectl(['get', 'pods', '--no-headers'])).trim().split('\n')
  const columns = lines.map((line) => line.split(/\s+/))
  const unready = columns.filter(
    ([, ready = '', state]) => ready.split('/')[0] !== ready.split('/')[1] && state !== 'Completed',
  )
  return unready.map(([name, ready, state]) => `${name} ${ready} ${state}`).join(', ')
}

const told = (made: string[]) => (made.length === 0 ? 'were there' : `${made.length} made`)

export const contextOf = ({ context }: ClusterConfig): string => context ?? 'minikube'

export const clusterOf = (config: ClusterConfig): Cluster =>
  createCluster({ context: contextOf(config), namespace: config.namespace, env: config.env })

async function startMinikube({ env }: ClusterConfig): Promise<string> {
  const state = await runProgram('minikube', ['status', '--output', 'json'], { env }).catch(() => '')
  if (/"Host":"Running".*"APIServer":"Running"/.test(state)) return 'runs'
  await runProgram('minikube', ['start', '--cpus', '4', '--memory', '6g'], { env })
  return 'started'
}

/** Dapr may be everybody's in this cluster: one that is there is left as it is. */
async function installDapr(config: ClusterConfig): Promise<string> {
  const cluster = createCluster({ context: contextOf(config), namespace: 'dapr-system', env: config.env })
  if ((await cluster.find('deployment/dapr-sidecar-injector')) !== null) {
    await cluster.rolledOut('deployment/dapr-sidecar-injector')
    return 'is there'
  }
  const version = pinned('DAPR_VERSION')
  await cluster.helm([
    ...['upgrade', '--install', 'dapr', 'dapr', '--repo', 'https://dapr.github.io/helm-charts/'],
    ...['--version', version, '--create-namespace', '--values', join(folder, 'dapr.yaml')],
    ...['--wait', '--timeout', '5m'],
  ])
  return version
}

type Container = { env?: { name: string; value?: string }[] }
type Injector = { spec: { template: { spec: { containers: Container[] } } } }

/**
 * The namespace, on the strictest level of Pod Security that the sidecars of this cluster can keep: an injector that
 * leaves them their capabilities is its owner's affair, and is told.
 */
async function makeNamespace(cluster: Cluster, config: ClusterConfig): Promise<string> {
  const control = createCluster({ context: cluster.context, namespace: 'dapr-system', env: config.env })
  const injector = (await control.find('deployment/dapr-sidecar-injector')) as Injector | null
  const variables = injector?.spec.template.spec.containers.flatMap(({ env = [] }) => env) ?? []
  const drops = variables.some(
    ({ name, value }) => name === 'SIDECAR_DROP_ALL_CAPABILITIES' && value === 'true',
  )
  const level = drops ? 'restricted' : 'baseline'
  const labels = {
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/audit': 'restricted',
  }
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: cluster.namespace, labels } }
  await cluster.apply(JSON.stringify(namespace))
  return drops
    ? level
    : `${level}, as Dapr here does not drop its sidecars' capabilities (deploy/minikube/dapr.yaml)`
}

async function installData(cluster: Cluster, file: string, names: string[]): Promise<string> {
  await cluster.apply(readFileSync(join(folder, file), 'utf8'))
  await Promise.all(names.map((name) => cluster.rolledOut(`statefulset/${name}`, 300)))
  return 'ready'
}

async function installBroker(cluster: Cluster, { broker }: ClusterConfig): Promise<string> {
  if (broker === 'kafka') return installData(cluster, 'kafka.yaml', ['kafka'])
  if (broker !== 'redpanda') throw new Error(`BROKER=${broker} is neither kafka nor redpanda`)
  const version = pinned('REDPANDA_CHART_VERSION')
  await cluster.helm([
    ...['upgrade', '--install', 'redpanda', 'redpanda', '--repo', 'https://charts.redpanda.com/'],
    ...['--version', version, '--values', join(folder, 'redpanda.yaml'), '--wait', '--timeout', '10m'],
  ])
  return version
}

/** What the chart is told of a broker that is not the one of values.yaml: its address, and that the way there is open. */
export function brokerArgs(broker: string, namespace: string): string[] {
  if (broker !== 'redpanda') return []
  const port = 9093
  const address = `redpanda-0.redpanda.${namespace}.svc.cluster.local:${port}`
  const way = [{ ports: [{ port, protocol: 'TCP' }] }]
  return ['--set', `kafka.brokers=${address}`, '--set-json', `networkPolicy.kafka=${JSON.stringify(way)}`]
}

async function installChart(cluster: Cluster, config: ClusterConfig, image: ImageName): Promise<string> {
  const port = Number(config.port ?? defaultPort)
  await cluster
    .helm([
      ...[
        'upgrade',
        '--install',
        'todo',
        join(root, 'deploy/chart'),
        '--values',
        join(folder, 'values.yaml'),
      ],
      ...['--set-string', `image.repository=${image.repository},image.tag=${image.tag}`],
      ...['--set-string', `publicUrl=http://127.0.0.1:${port}`],
      ...brokerArgs(config.broker, cluster.namespace),
      ...['--wait', '--timeout', '4m'],
    ])
    .catch(async (error: unknown) => {
      // Helm knows only that time is up; who is not ready, and why, is what its caller wants to know.
      const pods = await cluster.kubectl(['get', 'pods', '--output', 'wide'])
      const message = error instanceof Error ? error.message : String(error)
      throw new Error([message, ...(await lastWords(cluster)), pods].join('\n'), { cause: error })
    })
  type Pod = { metadata: { deletionTimestamp?: string } }
  const pods = await cluster.list<Pod>('pods', 'app.kubernetes.io/part-of=todo')
  // Those of the release before still finish what they have begun.
  return `${pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length} pods`
}

type Job = { metadata: { name: string }; status: { failed?: number } }

/** Why a job of the chart has failed, by the last line that it said. */
async function lastWords(cluster: Cluster): Promise<string[]> {
  const failed = (await cluster.list<Job>('jobs')).filter(({ status }) => (status.failed ?? 0) > 0)
  return Promise.all(
    failed.map(async ({ metadata: { name } }) => {
      const said = await cluster.kubectl(['logs', `job/${name}`, '--tail=1']).catch(() => '')
      return `${name}: ${said.trim() || 'has said nothing'}`
    }),
  )
}

const portTaken = (port: number): string =>
  `Another program listens on 127.0.0.1:${port}, the way to the API: end it, or choose API_PORT=…`

/** Where this machine's way into a cluster is recorded. */
export const forwardRecord = (config: ClusterConfig): string =>
  join(root, '.cache/minikube', `${contextOf(config)}-${config.namespace}.json`.replaceAll(/[^\w.-]/g, '_'))

async function keepForward(cluster: Cluster, config: ClusterConfig, port: number): Promise<string> {
  const record = forwardRecord(config)
  await closeForward(config)
  // What the way of before had started ends a moment after it.
  await until(async () => !(await portOpen(port)), { ms: 3_000, what: 'the port' }).catch(() => {
    throw new Error(portTaken(port))
  })
  mkdirSync(join(root, '.cache/minikube'), { recursive: true })
  const args = [join(folder, 'forward.ts'), cluster.context, cluster.namespace, String(port)]
  const env = Object.fromEntries(Object.entries(config.env).filter(([, value]) => value !== undefined))
  startDetached({ file: process.execPath, args, env: env as Record<string, string> }, `${record}.log`, record)
  const address = `http://127.0.0.1:${port}`
  const deadline = Date.now() + 20_000
  while (
    !(await fetch(`${address}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline)
      throw new Error(`${address} does not answer; see ${record}.log, or choose API_PORT=…`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return address
}

export async function closeForward(config: ClusterConfig): Promise<void> {
  const record = readRecord(forwardRecord(config))
  if (record !== null) await stopProcess(record, 'SIGTERM', 5_000)
  forgetRecord(forwardRecord(config))
}
