import type { ClusterConfig } from '../../shared/config.ts'
import { eventually, type Person, registerPerson } from './client.ts'
import type { Cluster } from './cluster.ts'
import { type Sink, startSink } from './sink.ts'
import { clusterOf, type Say } from './up.ts'

/** All of it has to be done by then. */
const limitMs = 60_000

const services = ['server', 'notifier', 'recurrer'] as const

/**
 * The whole story inside the cluster, told step by step; resolves with 1 when a step fails. It makes an account of its
 * own and leaves what it did to it.
 */
export async function check(config: ClusterConfig, say: Say): Promise<number> {
  const cluster = clusterOf(config)
  const began = Date.now()
  let failed = 0
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T | null> => {
    const start = Date.now()
    try {
      const result = await work()
      say(`ok    ${name.padEnd(36)} ${((Date.now() - start) / 1000).toFixed(1)} s`)
      return result
    } catch (error) {
      failed += 1
      say(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
  await step('every pod has all its containers ready', () => podsReady(cluster))
  const sink = await step('a sink inside the cluster', () => startSink(cluster))
  const way = await step('a way to the API', () => cluster.forward('service/server', 80))
  if (sink !== null && way !== null) {
    const url = `http://127.0.0.1:${way.port}`
    const ann = await step('an account, and the sink as its webhook', () => personWithSink(url, sink))
    if (ann !== null) {
      await step('a task: its event, its notification', () => taskArrives(ann, sink))
      await step('a recurring task makes an instance', () => recurs(ann, sink))
      await step('figures of all three, backlog empty', () => figures(cluster))
    }
  }
  way?.close()
  if (sink !== null) await step('the sink is gone again', () => sink.remove())
  const seconds = (Date.now() - began) / 1000
  if (Date.now() - began > limitMs) {
    failed += 1
    say(`FAIL  it took longer than ${limitMs / 1000} s`)
  }
  say(failed === 0 ? `All of it works, seen in ${seconds.toFixed(1)} s.` : `${failed} steps failed.`)
  return failed === 0 ? 0 : 1
}

export type Pod = {
  metadata: {
    name: string
    labels: Record<string, string>
    deletionTimestamp?: string
    annotations?: Record<string, string>
  }
  status: {
    phase: string
    podIP?: string
    conditions?: { type: string; status: string; lastTransitionTime: string }[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

export type ContainerStatus = {
  name: string
  ready: boolean
  restartCount: number
  containerID?: string
  state: { running?: { startedAt: string } }
}

/** The product's pods that are to stay, sidecars among their containers. */
export async function servicePods(cluster: Cluster, service?: string): Promise<Pod[]> {
  const names = service ?? services.join(',')
  const selector = `app.kubernetes.io/part-of=todo,app.kubernetes.io/name in (${names})`
  const pods = await cluster.list<Pod>('pods', selector)
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
}

/** A sidecar stands among the init containers, as the one that never ends. */
export const containersOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status.containerStatuses ?? []),
  ...(status.initContainerStatuses ?? []),
]

export const isWhole = (pod: Pod): boolean => {
  const containers = containersOf(pod)
  return containers.length === 2 && containers.every(({ ready }) => ready)
}

async function podsReady(cluster: Cluster): Promise<void> {
  for (const service of services) {
    const wholeOnes = (pods: Pod[]) => pods.length > 0 && pods.every(isWhole)
    await eventually(`pods of ${service} with 2/2`, () => servicePods(cluster, service), wholeOnes)
  }
}

async function personWithSink(url: string, sink: Sink): Promise<Person> {
  const ann = await registerPerson(url)
  await ann.request('POST', '/channels', { kind: 'webhook', target: sink.url })
  return ann
}

type Item = { event_type: string; task_id: number; source: string }

async function taskArrives(ann: Person, sink: Sink): Promise<void> {
  const { id } = await ann.request<{ id: number }>('POST', '/tasks', {
    title: 'See it arrive',
    priority_id: 3,
  })
  const { items } = await ann.request<{ items: Item[] }>('GET', `/events?task_id=${id}`)
  if (items[0]?.event_type !== 'task.created') throw new Error(`the log has no task.created of task ${id}`)
  await posted(sink, 'task.created', id)
  await ann.request('PATCH', `/tasks/${id}/complete`)
  await posted(sink, 'task.completed', id)
}

const posted = (sink: Sink, type: string, task: number) =>
  eventually(
    `${type} of task ${task} at the sink`,
    () => sink.received(),
    (seen) => seen.some(({ body }) => body.type === type && body.data.task_id === task),
  )

/**
 * A template for tomorrow is told to make its tasks two days ahead: the first one is due to be made at once, and the
 * recurrer makes it.
 */
async function recurs(ann: Person, sink: Sink): Promise<void> {
  const start = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16)
  const rule = { recurrence_pattern: 'daily', interval: 1, time_zone: 'UTC', start }
  const { id } = await ann.request<{ id: number }>('POST', '/recurring-tasks', {
    template_title: 'Every day',
    ...rule,
  })
  await ann.request('PATCH', `/recurring-tasks/${id}`, { create_ahead: '2d' })
  const { items } = await eventually(
    'an instance',
    () => ann.request<{ items: { id: number }[] }>('GET', `/tasks?recurring_task_id=${id}`),
    (answer) => answer.items.length > 0,
  )
  const made = items[0]!.id
  const log = await ann.request<{ items: Item[] }>('GET', `/events?task_id=${made}`)
  const source = log.items[0]?.source
  if (source !== 'recurrer') throw new Error(`the instance was made by ${source}, not by the recurrer`)
  await posted(sink, 'task.created', made)
}

/** What the figures of a service must say, each as a pattern of Prometheus' text. */
const expected: Record<(typeof services)[number], RegExp[]> = {
  server: [
    /^todo_http_request_duration_seconds_count\{.*\} [1-9]/m,
    /^todo_outbox_depth 0$/m,
    /^todo_db_up 1$/m,
  ],
  notifier: [
    /^todo_event_deliveries_total\{.*type="task.created".*outcome="ok".*\} [1-9]/m,
    /^todo_sidecar_reachable 1$/m,
  ],
  recurrer: [/^todo_sidecar_reachable 1$/m],
}

async function figures(cluster: Cluster): Promise<void> {
  await Promise.all(
    services.map(async (service) => {
      const forward = await cluster.forward(`deployment/${service}`, 8080)
      try {
        for (const pattern of expected[service]) {
          const ask = async () => (await fetch(`http://127.0.0.1:${forward.port}/metrics`)).text()
          await eventually(
            `${pattern} in the figures of ${service}`,
            ask,
            (text) => pattern.test(text),
            10_000,
          )
        }
      } finally {
        forward.close()
      }
    }),
  )
}
