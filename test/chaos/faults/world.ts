import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from '../../../shared/db/connect.ts'
import { openStack, type TestStack } from '../../support/stack.ts'
import { builtServices, openDatabase, type Person, registerPerson } from '../../support/stack-api.ts'

export type Post = { eventId: string; taskId: number; version: number; at: number }

/** The whole product on its real parts, with people who change tasks and a webhook that hears of everything. */
export type World = {
  stack: TestStack
  db: Db
  people: { person: Person; tasks: number[] }[]
  /** What the webhook has answered with 2xx, in the order of arrival. */
  posts: Post[]
  templates: number
}

const sidecars = ['daprd-server', 'daprd-notifier', 'daprd-recurrer']

export async function startWorld(
  onEnd: (end: () => Promise<void>) => void,
  size = { people: 4, tasks: 10, templates: 5 },
): Promise<World> {
  const stack = await openStack(
    { start: [['postgres', 'kafka', 'redis']], extra: builtServices({}, 'server', 'notifier', 'recurrer') },
    onEnd,
  )
  const db = await openDatabase(stack)
  await stack.stack.start('server', 'notifier', 'recurrer', ...sidecars)
  const { target, posts } = await startReceiver(stack)
  const url = `http://127.0.0.1:${stack.ports.server}`
  const people = []
  for (let n = 0; n < size.people; n++) {
    const person = await registerPerson(url)
    await person.request('POST', '/channels', { kind: 'webhook', target })
    const tasks: number[] = []
    for (let i = 0; i < size.tasks; i++)
      tasks.push((await person.request('POST', '/tasks', { title: `task ${i}` })).id)
    for (let i = 0; i < size.templates; i++) await person.request('POST', '/recurring-tasks', everyMinute(i))
    people.push({ person, tasks })
  }
  return { stack, db, people, posts, templates: size.people * size.templates }
}

const everyMinute = (n: number) => ({
  template_title: `every minute ${n}`,
  recurrence_pattern: 'custom',
  cron_expression: '* * * * *',
  time_zone: 'UTC',
  catch_up: 'all',
})

async function startReceiver(stack: TestStack): Promise<{ target: string; posts: Post[] }> {
  const posts: Post[] = []
  const receiver = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const { data } = JSON.parse(text) as { data: { task_id: number; version: number } }
    const eventId = String(request.headers['webhook-id'])
    posts.push({ eventId, taskId: data.task_id, version: data.version, at: Date.now() })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  stack.atEnd(async () => {
    receiver.closeAllConnections()
    receiver.close()
  })
  return { target: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`, posts }
}

export type Load = {
  /** Titles of the changes that were answered with 2xx. */
  acknowledged: string[]
  failed: number
  stop(): Promise<void>
}

/** Changes titles at a rate, in an open loop, until it is stopped. Each title has a number of its own, upwards from `from`. */
export function startLoad({ people }: World, perSecond: number, from: number): Load {
  const going = new AbortController()
  const running = new Set<Promise<void>>()
  const load: Load = {
    acknowledged: [],
    failed: 0,
    stop: async () => {
      going.abort()
      await loop
      await Promise.all(running)
    },
  }
  const change = async (n: number) => {
    const { person, tasks } = people[n % people.length]!
    const title = `change ${n}`
    const task = tasks[Math.floor(n / people.length) % tasks.length]
    await person.request('PATCH', `/tasks/${task}`, { title }).then(
      () => void load.acknowledged.push(title),
      () => void (load.failed += 1),
    )
  }
  const loop = (async () => {
    for (let n = from; !going.signal.aborted; n++) {
      const one = change(n)
      running.add(one)
      void one.finally(() => running.delete(one))
      await sleep(1000 / perSecond)
    }
  })()
  return load
}
