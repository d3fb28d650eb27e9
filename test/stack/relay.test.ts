import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { applyTopics } from '../../ops/topics.ts'
import { startConsumer } from '../support/consumer.ts'
import { startTestStack } from '../support/stack.ts'
import { changeDuring, openDatabase, registerPerson, servicesOf } from '../support/stack-api.ts'

// Kafka is away at first: everything else starts without it.
const sidecars = ['daprd-server', 'daprd-notifier']
const stack = await startTestStack({ start: [['postgres', 'redis']], extra: servicesOf('server') })
const db = await openDatabase(stack)
await stack.stack.start('server', ...sidecars)
const ann = await registerPerson(`http://127.0.0.1:${stack.ports.server}`)
const consumer = await startConsumer(stack, 'notifier')
const { arrived, deliveries } = consumer

async function readiness(): Promise<{ status: string; checks: Record<string, string> }> {
  const answer = await fetch(`http://127.0.0.1:${stack.ports.server}/readyz`)
  return (await answer.json()) as { status: string; checks: Record<string, string> }
}

test('Kafka away at boot: changes succeed and wait, and go out in order when it comes', async () => {
  const task = await ann.request('POST', '/tasks', { title: 'before Kafka' })
  for (let i = 0; i < 5; i++) await ann.request('PATCH', `/tasks/${task.id}`, { title: `version ${i}` })
  assert.equal((await db`select from outbox`).length, 6)
  assert.equal(arrived.seen.length, 0)
  const away = await readiness()
  assert.equal(away.status, 'ready', 'requests are answered, so it stays in the balancer')
  assert.deepEqual([away.checks.relay, away.checks.bus], ['leader', 'pubsub_not_loaded'])
  await stack.stack.start('kafka')
  await stack.withAdmin((admin) => applyTopics(admin, { replicationFactor: 1 }))
  assert.equal((await consumer.check(db)).events, 6)
  assert.equal((await readiness()).checks.bus, 'ok')
})

test('create, edit, complete, reopen, delete: each is one event, with the trace of its request', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const ask = (method: string, path: string, body?: unknown) =>
    ann.request(method, path, body, { traceparent })
  const task = await ask('POST', '/tasks', { title: 'whole life' })
  await ask('PATCH', `/tasks/${task.id}`, { title: 'whole long life' })
  await ask('PATCH', `/tasks/${task.id}/complete`, {})
  await ask('PATCH', `/tasks/${task.id}/complete`, { completed: false })
  await ask('DELETE', `/tasks/${task.id}`)
  await consumer.check(db)
  const mine = arrived.seen.filter((event) => event.subject === String(task.id))
  assert.deepEqual(
    [...new Map(mine.map((event) => [event.eventId, event.type])).values()],
    ['task.created', 'task.updated', 'task.completed', 'task.reopened', 'task.deleted'],
  )
  assert.ok(mine.every((event) => event.traceparent?.split('-')[1] === '0af7651916cd43dd8448eb211c80319c'))
})

test('commit to handler takes milliseconds', async (t) => {
  const from = deliveries.seen.length
  await changeDuring(ann, 50, () => sleep(4_000))
  await consumer.check(db)
  const sorted = deliveries.seen
    .slice(from)
    .map((delivery) => delivery.latencyMs ?? 0)
    .sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)]
  t.diagnostic(`n ${sorted.length}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`)
  assert.ok(sorted.length > 100)
})

test('Kafka killed under load: no change fails, nothing is lost, each task keeps its order', async (t) => {
  const load = await changeDuring(ann, 50, async () => {
    await sleep(1_000)
    await stack.stack.kill('kafka')
    await sleep(3_000)
    await stack.stack.start('kafka')
    await sleep(1_000)
  })
  assert.equal(load.failed, 0)
  const { repeats } = await consumer.check(db)
  t.diagnostic(`${load.acknowledged} changes, ${repeats} repeats`)
})

test('the sidecars killed under load: no change fails, nothing is lost, each task keeps its order', async (t) => {
  const load = await changeDuring(ann, 50, async () => {
    for (const name of sidecars) {
      await sleep(1_000)
      await stack.stack.kill(name)
      await sleep(1_000)
      await stack.stack.start(name)
    }
  })
  assert.equal(load.failed, 0)
  const { repeats } = await consumer.check(db)
  t.diagnostic(`${load.acknowledged} changes, ${repeats} repeats`)
})

test('Redis killed: events go on', async () => {
  await stack.stack.kill('redis')
  const task = await ann.request('POST', '/tasks', { title: 'without Redis' })
  await arrived.until('the event', (seen) => seen.some((event) => event.subject === String(task.id)), 5_000)
  await stack.stack.start('redis')
})

test('Postgres killed under load: what was acknowledged is there and goes out, and changes succeed again', async (t) => {
  const before = (await db`select from events`).length
  const load = await changeDuring(ann, 50, async () => {
    await sleep(1_000)
    await stack.stack.kill('postgres')
    await sleep(500)
    await stack.stack.start('postgres')
    await sleep(2_000)
  })
  await ann.request('POST', '/tasks', { title: 'back again' })
  const { events, repeats } = await consumer.check(db)
  // Ten creations; a change whose answer was lost may have been committed all the same.
  const written = events - before - 11
  assert.ok(written >= load.acknowledged && written <= load.acknowledged + load.failed, JSON.stringify(load))
  assert.ok(load.acknowledged > 50)
  t.diagnostic(`${load.acknowledged} changes, ${load.failed} without an answer, ${repeats} repeats`)
})

test('the server killed under load: what was acknowledged is there and goes out in order', async (t) => {
  const before = (await db`select from events`).length
  const load = await changeDuring(ann, 50, async () => {
    for (let i = 0; i < 2; i++) {
      await sleep(800)
      await stack.stack.kill('server')
      await stack.stack.start('server')
    }
    await sleep(800)
  })
  const { events, repeats } = await consumer.check(db)
  const written = events - before - 10
  assert.ok(written >= load.acknowledged && written <= load.acknowledged + load.failed, JSON.stringify(load))
  t.diagnostic(`${load.acknowledged} changes, ${load.failed} without an answer, ${repeats} repeats`)
})
