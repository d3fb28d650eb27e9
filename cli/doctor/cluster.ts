import { controlPlaneNamespace } from '../../shared/dapr/control-plane.ts'
import { type Check, failed } from './check.ts'

/** Runs kubectl with these arguments and resolves with its stdout; rejects with what it said. */
export type Kubectl = (args: string[]) => Promise<string>

type Pod = {
  metadata: {
    name: string
    labels: Record<string, string>
    annotations?: Record<string, string>
    deletionTimestamp?: string
  }
  status: {
    conditions?: { type: string; status: string }[]
    containerStatuses?: Container[]
    initContainerStatuses?: Container[]
  }
}
type Container = {
  name: string
  ready: boolean
  restartCount: number
  state?: { waiting?: { reason: string }; running?: object }
}
type Workload = {
  metadata: { name: string }
  spec: { replicas?: number }
  status: { availableReplicas?: number; failed?: number }
}

const services = ['server', 'notifier', 'recurrer']
/** As the files in deploy/chart/dapr name them; a test compares. */
export const components = ['task-pubsub', 'todo-statestore', 'recurring-task-cron']
const runbook = (anchor: string) => `See docs/runbook.md#${anchor}.`

/** Looks at a running release, from the control plane to the lag of its consumers; changes nothing and never throws. */
export async function clusterChecks(kubectl: Kubectl, namespace: string): Promise<Check[]> {
  const list = async <T>(...args: string[]): Promise<T[]> =>
    (JSON.parse(await kubectl(['get', ...args, '--output', 'json'])) as { items: T[] }).items
  const check = async (name: string, hint: string, work: () => Promise<Check | Check[]>) => {
    try {
      return [await work()].flat()
    } catch (error) {
      return [failed(name, error, hint)]
    }
  }
  let pods: Pod[]
  try {
    const selector = ['--namespace', namespace, '--selector', 'app.kubernetes.io/part-of=todo']
    // Those on their way out have been replaced.
    pods = (await list<Pod>('pods', ...selector)).filter(
      ({ metadata }) => metadata.deletionTimestamp === undefined,
    )
  } catch (error) {
    const hint = 'Choose the cluster with --kube-context and the namespace with --namespace.'
    return [failed('cluster', error, hint)]
  }
  const hasEvents = pods.some(({ metadata }) => metadata.annotations?.['dapr.io/enabled'] === 'true')
  const checks = [
    ...services.map((name) => podCheck(name, ofService(pods, name), hasEvents)),
    ...(await check('jobs', runbook('service-missing'), async () =>
      jobCheck(await list('jobs', '--namespace', namespace)),
    )),
  ]
  if (hasEvents) {
    checks.push(
      ...(await check('dapr', runbook('sidecar-missing'), async () =>
        daprCheck(await list('deployments', '--namespace', controlPlaneNamespace)),
      )),
      ...(await check('components', runbook('component-not-loaded'), async () =>
        componentCheck(await list('components.dapr.io', '--namespace', namespace)),
      )),
    )
  }
  const ask = askingIn(kubectl, namespace)
  for (const name of services) {
    const running = ofService(pods, name).filter((pod) => runs(pod, name))
    if (running.length === 0) continue
    const answers = () => Promise.all(running.map(({ metadata }) => ask(metadata.name, name, '/readyz')))
    checks.push(
      ...(await check(`${name} says`, runbook('service-missing'), async () =>
        readinessCheck(name, await answers()),
      )),
    )
  }
  const exporter = ofService(pods, 'exporter').find(isReady)
  if (exporter === undefined) {
    if (!hasEvents) return checks
    const detail = 'lag and dead letters are told by the exporter: observability.enabled=true'
    return [...checks, { name: 'events', ok: true, detail }]
  }
  const figures = async () => lagChecks(await ask(exporter.metadata.name, 'exporter', '/metrics'))
  return [...checks, ...(await check('events', runbook('kafka-outage'), figures))]
}

/** Where the image has it, which has nothing else to run. */
const node = '/usr/local/bin/node'

/** Through the container itself: no policy of the network is in the way, and the sidecar's port is not needed. */
function askingIn(kubectl: Kubectl, namespace: string) {
  const script = `fetch('http://127.0.0.1:8080' + process.argv[1]).then((r) => r.text()).then((t) => process.stdout.write(t))`
  return (pod: string, container: string, path: string) =>
    kubectl(['exec', pod, '--namespace', namespace, '--container', container, '--', node, '-e', script, path])
}

const ofService = (pods: Pod[], name: string) =>
  pods.filter(({ metadata }) => metadata.labels['app.kubernetes.io/name'] === name)

const runs = ({ status }: Pod, name: string): boolean =>
  status.containerStatuses?.some((one) => one.name === name && one.state?.running !== undefined) === true

const isReady = ({ status }: Pod): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true

function podCheck(name: string, pods: Pod[], hasEvents: boolean): Check {
  if (pods.length === 0) {
    if (name !== 'server' && !hasEvents) return { name, ok: true, detail: 'switched off with the events' }
    return { name, ok: false, detail: 'has no pod', hint: runbook('service-missing') }
  }
  const ready = pods.filter(isReady).length
  const all = (pod: Pod) => [
    ...(pod.status.containerStatuses ?? []),
    ...(pod.status.initContainerStatuses ?? []),
  ]
  const beside = pods.filter((pod) => all(pod).some((one) => one.name === 'daprd')).length
  const restarts = pods.flatMap(all).reduce((sum, { restartCount }) => sum + restartCount, 0)
  const reasons = [...new Set(pods.flatMap(all).flatMap(({ state }) => state?.waiting?.reason ?? []))]
  const detail = [
    `${ready} of ${pods.length} ready`,
    ...(hasEvents ? [`${beside} with a sidecar`] : []),
    ...(restarts > 0 ? [`${restarts} restarts`] : []),
    ...reasons,
  ].join(', ')
  const isWhole = !hasEvents || beside === pods.length
  const hint = runbook(isWhole ? 'service-missing' : 'sidecar-missing')
  return { name, ok: ready === pods.length && isWhole, detail, hint }
}

/** What succeeded is removed; what is left and has failed kept the release from going on. */
function jobCheck(jobs: Workload[]): Check {
  const broken = jobs.filter(({ status }) => (status.failed ?? 0) > 0).map(({ metadata }) => metadata.name)
  if (broken.length === 0) return { name: 'jobs', ok: true, detail: 'none failed' }
  const hint = `See kubectl logs job/${broken[0]}.`
  return { name: 'jobs', ok: false, detail: `${broken.join(', ')} failed`, hint }
}

function daprCheck(deployments: Workload[]): Check {
  const away = deployments.filter(({ status }) => (status.availableReplicas ?? 0) === 0)
  const ok = deployments.length > 0 && away.length === 0
  const detail = ok
    ? `${deployments.length} parts of the control plane`
    : away.map(({ metadata }) => metadata.name).join(', ') || `is not in ${controlPlaneNamespace}`
  return { name: 'dapr', ok, detail: ok ? detail : `away: ${detail}`, hint: runbook('sidecar-missing') }
}

function componentCheck(found: Workload[]): Check {
  const names = found.map(({ metadata }) => metadata.name)
  const missing = components.filter((name) => !names.includes(name))
  const detail = missing.length === 0 ? components.join(', ') : `missing: ${missing.join(', ')}`
  return { name: 'components', ok: missing.length === 0, detail, hint: runbook('component-not-loaded') }
}

const well = new Set(['ok', 'leader', 'standby', 'not asked'])

/** An answer of /readyz: what the service stands on, by name, or the problem for which it is not ready. */
type Said = { status: string | number; detail?: string; checks?: Record<string, string> }

const isWell = ({ status, checks = {} }: Said): boolean =>
  status === 'ready' && Object.values(checks).every((state) => well.has(state))

/** Told of the pod that is not well; else of the server that publishes, since the others do not know of the bus. */
function readinessCheck(service: string, answers: string[]): Check {
  const name = `${service} says`
  const all = answers.map((text) => JSON.parse(text) as Said)
  const leader = all.find(({ checks }) => checks?.relay === 'leader')
  const ill = all.find((one) => !isWell(one))
  if (ill === undefined && leader === undefined && all.some(({ checks }) => checks?.relay !== undefined)) {
    const detail = `none of ${all.length} publishes`
    return { name, ok: false, detail, hint: runbook('relay-without-a-leader') }
  }
  const { status, detail, checks = {} } = ill ?? leader ?? all[0]!
  const told = [detail ?? status, ...Object.entries(checks).map(([what, state]) => `${what} ${state}`)]
  return { name, ok: ill === undefined, detail: told.join(', '), hint: runbook(caseOf(ill ?? { status })) }
}

/** A server that is not ready tells no checks: only the database makes it so. */
function caseOf({ detail, checks = {} }: Said): string {
  if (detail !== undefined || checks.database === 'away') return 'database-away'
  return well.has(checks.bus ?? 'ok') ? 'component-not-loaded' : 'kafka-outage'
}

/** Figures in Prometheus' text form: `name{label="value"} number`. */
function lagChecks(text: string): Check[] {
  const values = (name: string) =>
    [...text.matchAll(new RegExp(`^${name}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))].map(([, labels = '', value]) => ({
      what: [...labels.matchAll(/"([^"]*)"/g)].map(([, one]) => one).join(' on '),
      value: Number(value),
    }))
  const isUp = values('todo_broker_up')[0]?.value === 1
  if (!isUp) return [{ name: 'broker', ok: false, detail: 'does not answer', hint: runbook('kafka-outage') }]
  const behind = values('todo_consumer_lag').filter(({ value }) => value > 1000)
  const alone = values('todo_consumer_members').filter(({ value }) => value === 0)
  const dead = values('todo_dead_letters').filter(({ value }) => value > 0)
  const told = (rows: { what: string; value: number }[]) =>
    rows.map(({ what, value }) => `${what}: ${value}`).join(', ')
  return [
    {
      name: 'consumers',
      ok: behind.length === 0 && alone.length === 0,
      detail:
        alone.length > 0
          ? `no member in ${alone.map(({ what }) => what).join(', ')}`
          : told(behind) || 'none is behind',
      hint: runbook(alone.length > 0 ? 'stuck-partition' : 'consumer-behind'),
    },
    {
      name: 'dead letters',
      ok: dead.length === 0,
      detail: told(dead) || 'none',
      hint: runbook('dead-letters'),
    },
  ]
}
