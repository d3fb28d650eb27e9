import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after } from 'node:test'
import { eventually } from '../../deploy/minikube/client.ts'
import { imageOf, podOf, type Received, type Sink, startSink } from '../../deploy/minikube/sink.ts'
import { clusterOf } from '../../deploy/minikube/up.ts'
import { clusterConfig } from '../../shared/config.ts'

export const config = clusterConfig()
export const cluster = clusterOf(config)

export type Summary = { sent: number; answered: number; slowestMs: number; failures: string[] }

/** One account of the load and what the API has acknowledged of it. */
export type LoadPerson = {
  id: string
  token: string
  created: string[]
  completed: number[]
  reminded: number[]
}

export type Load = {
  start(name: string, rate: number): Promise<void>
  /** Resolves when what was under way is answered. */
  stop(): Promise<Summary>
  summary(): Promise<Summary>
  people(): Promise<LoadPerson[]>
}

/** A sender of requests inside the cluster, with accounts whose webhooks lead to the sink. It goes when the file ends. */
export async function startLoad(sink: Sink, count = 10): Promise<Load> {
  const name = 'load'
  const program = readFileSync(join(import.meta.dirname, '../cluster/load.js'), 'utf8')
  const metadata = { name, labels: { 'app.kubernetes.io/name': name } }
  const pod = podOf(await imageOf(cluster), name, ['/program/load.js'])
  const remove = () =>
    cluster.kubectl(['delete', `pod/${name}`, `configmap/${name}`, '--ignore-not-found', '--grace-period=1'])
  await remove()
  const items = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'load.js': program } },
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: pod },
  ]
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  await cluster.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s'])
  const forward = await cluster.forward(`pod/${name}`, 8080)
  after(async () => {
    forward.close()
    await remove()
  })
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await fetch(`http://127.0.0.1:${forward.port}${path}`, init)
    const answer = (await response.json()) as T & { message?: string }
    if (!response.ok) throw new Error(`load: ${answer.message}`)
    return answer
  }
  await ask('POST', '/people', { count, sink: sink.url })
  return {
    start: (run, rate) => ask('POST', '/start', { name: run, rate }),
    stop: () => ask('POST', '/stop'),
    summary: () => ask('GET', '/summary'),
    people: () => ask('GET', '/people'),
  }
}

/** A sink that goes when the file ends. */
export async function startTestSink(): Promise<Sink> {
  const sink = await startSink(cluster, 'sink')
  after(() => sink.remove())
  return sink
}

type EventItem = { event_id: string; event_type: string; task_id: number; version: number }
type TaskItem = { id: number; title: string; status: string }

/** Reads as one account of the load, over a way of its own. */
export async function withApi<T>(work: (url: string) => Promise<T>): Promise<T> {
  const forward = await cluster.forward('service/server', 80)
  try {
    return await work(`http://127.0.0.1:${forward.port}`)
  } finally {
    forward.close()
  }
}

async function readAll<T>(url: string, { id, token }: LoadPerson, path: string): Promise<T[]> {
  const all: T[] = []
  for (let cursor = ''; ; ) {
    const address = `${url}/api/${id}${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(response.status, 200, `${path} answered ${response.status}`)
    const page = (await response.json()) as { items: T[]; next_cursor: string | null }
    all.push(...page.items)
    if (page.next_cursor === null) return all
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`
  }
}

export type Effects = { events: number; posts: number; repeated: number; reminders: number }

/**
 * Waits until every event of the load's accounts has reached the sink, and asserts that nothing acknowledged is lost
 * and nothing happened twice: each task and completion once, each reminder once, one delivery for each event, and at the
 * sink each task's versions in order. A failed request may have had its effect, so `certain` is only for a load without.
 */
export async function assertEffects(load: Load, sink: Sink, options: { ms?: number } = {}): Promise<Effects> {
  const people = await load.people()
  const effects = { events: 0, posts: 0, repeated: 0, reminders: 0 }
  const byEvent = Map.groupBy(await arrived(people, sink, options.ms ?? 120_000), ({ id }) => id)
  await withApi(async (url) => {
    for (const person of people) {
      const tasks = await readAll<TaskItem>(url, person, '/tasks')
      const counts = Map.groupBy(tasks, ({ title }) => title)
      for (const title of person.created) assert.equal(counts.get(title)?.length, 1, `task "${title}"`)
      const done = new Set(tasks.filter(({ status }) => status === 'done').map(({ id }) => id))
      for (const task of person.completed) assert.ok(done.has(task), `task ${task} is done`)
      const events = await readAll<EventItem>(url, person, '/events')
      const reminders = events.filter(({ event_type }) => event_type === 'task.due.approaching')
      for (const task of person.reminded) {
        const own = reminders.filter(({ task_id }) => task_id === task)
        assert.equal(own.length, 1, `reminders of task ${task}`)
      }
      const deliveries = await readAll<{ event_id: string; status: string }>(url, person, '/deliveries')
      assert.deepEqual(
        deliveries.map(({ event_id }) => event_id).sort(),
        events.map(({ event_id }) => event_id).sort(),
        'one delivery for each event',
      )
      for (const { event_id } of events) effects.repeated += byEvent.get(event_id)!.length - 1
      effects.events += events.length
      effects.reminders += reminders.length
    }
  })
  effects.posts = [...byEvent.values()].flat().length
  assertOrder([...byEvent.values()].map(([first]) => first!))
  return effects
}

/** All posts at the sink, once there is one for each event of these accounts. */
async function arrived(people: LoadPerson[], sink: Sink, ms: number): Promise<Received[]> {
  const expected = async () =>
    withApi(async (url) => {
      const all = await Promise.all(people.map((person) => readAll<EventItem>(url, person, '/events')))
      return all.flat()
    })
  const ask = async () => {
    const [events, posts] = [await expected(), await sink.received()]
    const seen = new Set(posts.map(({ id }) => id))
    const due = people.reduce((sum, { reminded }) => sum + reminded.length, 0)
    const reminded = events.filter(({ event_type }) => event_type === 'task.due.approaching').length
    const missing = events.filter(({ event_id }) => !seen.has(event_id)).length + Math.max(0, due - reminded)
    return { missing, of: events.length, posts }
  }
  const whole = await eventually(
    'every event at the sink',
    async () => {
      const { missing, of, posts } = await ask()
      return { missing, of, posts: { toJSON: () => posts.length, posts } }
    },
    ({ missing }) => missing === 0,
    ms,
  )
  return whole.posts.posts
}

/** The first post of each event, by task: versions never go back. */
function assertOrder(firsts: Received[]): void {
  const byTask = Map.groupBy(firsts, ({ body }) => body.data.task_id)
  for (const [task, posts] of byTask) {
    const versions = posts.map(({ body }) => body.data.version)
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
      `the order of task ${task}`,
    )
  }
}

/** Events that the bus has not taken, as a server tells it. */
export async function outboxDepth(): Promise<number> {
  return withApi(async (url) => {
    const text = await (await fetch(`${url}/metrics`)).text()
    const depth = /^todo_outbox_depth (\d+)$/m.exec(text)?.[1]
    if (depth === undefined) throw new Error('the server tells no todo_outbox_depth')
    return Number(depth)
  })
}

/** The titles of all tasks of an account, sorted. */
export const titlesOf = (person: LoadPerson): Promise<string[]> =>
  withApi(async (url) => (await readAll<TaskItem>(url, person, '/tasks')).map(({ title }) => title).sort())
