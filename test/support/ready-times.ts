import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { isWhole, type Pod, servicePods } from '../../deploy/minikube/check.ts'
import { eventually } from '../../deploy/minikube/client.ts'
import { cluster, config } from './cluster.ts'

/** How one new pod became ready; all but the last in milliseconds since its service's process began. */
export type ReadyTimes = {
  pod: string
  listening: number
  /** The first answer 200 of /readyz, by the process's own clock. */
  answered: number
  /** The pod's condition Ready, as it arrives here: this machine's clock must be the node's. */
  ready: number
  /** From the container's start to that condition by the stamps of Kubernetes, which are whole seconds. */
  stamped: number
}

/** Restarts a service and tells how each of its new pods became ready. */
export async function timeRestart(service: string): Promise<ReadyTimes[]> {
  const before = new Set((await servicePods(cluster, service)).map(({ metadata }) => metadata.name))
  const watch = watchReady(service)
  try {
    await cluster.kubectl(['rollout', 'restart', `deployment/${service}`])
    await cluster.rolledOut(`deployment/${service}`, 180)
    const pods = await eventually(
      `new pods of ${service} with 2/2`,
      async () => (await servicePods(cluster, service)).filter(({ metadata }) => !before.has(metadata.name)),
      (found) => found.length > 0 && found.every(isWhole),
      90_000,
    )
    return await Promise.all(pods.map((pod) => timesOf(pod, service, watch.seen)))
  } finally {
    watch.close()
  }
}

type Line = { time: string; msg: string; after_ms?: number }

async function timesOf(pod: Pod, service: string, seen: Map<string, number>): Promise<ReadyTimes> {
  const { name } = pod.metadata
  const log = await cluster.kubectl(['logs', name, '-c', service])
  const lines = log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
  const said = (msg: string) => {
    const line = lines.find((one) => one.msg === msg)
    if (line === undefined) throw new Error(`the log of ${name} has no line "${msg}"`)
    return line
  }
  const answered = said('ready').after_ms!
  const began = Date.parse(said('ready').time) - answered
  const ready = seen.get(name)
  if (ready === undefined) throw new Error(`nothing was seen of ${name} becoming ready`)
  const container = pod.status.containerStatuses!.find((one) => one.name === service)!
  const started = Date.parse(container.state.running!.startedAt)
  return {
    pod: name,
    listening: Date.parse(said('listening').time) - began,
    answered,
    ready: ready - began,
    stamped: (Date.parse(conditionOf(pod)!.lastTransitionTime) - started) / 1000,
  }
}

const conditionOf = ({ status }: Pod) => status.conditions?.find(({ type }) => type === 'Ready')

/** When each pod of a service was first seen with the condition Ready, by its name, from now on. */
function watchReady(service: string): { seen: Map<string, number>; close: () => void } {
  const seen = new Map<string, number>()
  const selector = encodeURIComponent(`app.kubernetes.io/part-of=todo,app.kubernetes.io/name=${service}`)
  const path = `/api/v1/namespaces/${cluster.namespace}/pods?watch=1&labelSelector=${selector}`
  const child = spawn('kubectl', ['--context', cluster.context, 'get', '--raw', path], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: config.env,
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { object } = JSON.parse(line) as { object: Pod }
    const { name } = object.metadata
    if (conditionOf(object)?.status === 'True' && !seen.has(name)) seen.set(name, Date.now())
  })
  return { seen, close: () => void child.kill() }
}
