import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { type BusRecord, readTopic } from '../../ops/read.ts'
import { inheritedEnvironment } from '../../shared/config.ts'
import { createWitness } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'
import { openDatabase, registerPerson, servicesOf } from '../support/stack-api.ts'

// The whole product as a user has it: the command line, the server, the bus, the notifier, a webhook at the end.
const sidecars = ['daprd-server', 'daprd-notifier', 'daprd-recurrer']
const stack = await startTestStack({
  start: [['postgres', 'kafka', 'redis']],
  extra: servicesOf('server', 'notifier', 'recurrer'),
})
const db = await openDatabase(stack)
await stack.stack.start('server', 'notifier', 'recurrer', ...sidecars)
const url = `http://127.0.0.1:${stack.ports.server}`
const ann = await registerPerson(url)

type Post = { id: string; body: { type: string; data: { task_id: number; version: number } } }
const posts = createWitness<Post>()
const receiver = createServer(async (request, response) => {
  let text = ''
  for await (const part of request) text += part
  posts.add({ id: String(request.headers['webhook-id']), body: JSON.parse(text) })
  response.writeHead(204).end()
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
stack.atEnd(async () => {
  receiver.closeAllConnections()
  receiver.close()
})
const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
await ann.request('POST', '/channels', { kind: 'webhook', target })

const todo = (...args: string[]) =>
  new Promise<string>((resolve, reject) => {
    const main = join(import.meta.dirname, '../../cli/main.ts')
    const env = inheritedEnvironment({
      TODO_HOME: join(stack.home, 'todo'),
      TODO_API_URL: url,
      TODO_TOKEN: ann.token,
    })
    execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
      error ? reject(new Error(`todo ${args.join(' ')}: ${err}`)) : resolve(String(out)),
    )
  })

/** Every event of the log that changes a task, as the receiver should have got it. */
const changes = () => db<{ event_id: string; task_id: number; version: number; type: string }[]>`
  select event_id, task_id, version, type from events where user_id = ${ann.id} order by id`

async function allPosted(ms = 60_000) {
  const events = await changes()
  const missing = (seen: Post[]) => {
    const ids = new Set(seen.map((post) => post.id))
    return events.filter((event) => !ids.has(event.event_id)).length
  }
  await posts.until('a post for every event', (seen) => missing(seen) === 0, ms)
  return events
}

test('what is done on the command line is on the broker in order, with the task as key, and at the webhook', async () => {
  const task = JSON.parse(await todo('add', 'Pay rent', '--priority', 'high', '--json')) as { id: number }
  await todo('edit', String(task.id), 'Pay the rent')
  await todo('done', String(task.id))
  await todo('rm', String(task.id), '--yes')
  const events = await allPosted()
  assert.deepEqual(
    events.map((event) => event.type),
    ['task.created', 'task.updated', 'task.completed', 'task.deleted'],
  )
  const records: BusRecord[] = []
  const signal = AbortSignal.timeout(20_000)
  await readTopic(stack.kafka, 'task-events', { fromBeginning: true, toEnd: true, signal }, (record) =>
    records.push(record),
  )
  assert.deepEqual(
    records.map(({ event }) => [event?.id, event?.type, event?.source, event?.specversion]),
    events.map(({ event_id, type }) => [event_id, type, '/todo/server', '1.0']),
  )
  assert.ok(records.every(({ key, event }) => key === String(task.id) && event?.subject === key))
  assert.ok(records.every(({ event }) => /^00-[0-9a-f]{32}-/.test(String(event?.traceparent))))
  assert.deepEqual(
    posts.seen.map((post) => post.id),
    events.map((event) => event.event_id),
  )
})
