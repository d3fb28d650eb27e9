import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import {
  addChannel,
  allEnded,
  createEvent,
  createTask,
  createUser,
  fakeSender,
  nobody,
  silentLog,
  startNotifier,
  untilDeliveries,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createDeliveryMetrics } from './metrics.ts'

const { db } = await createDatabase()
const metrics = createDeliveryMetrics({ db, log: silentLog })
const registry = new Registry()
metrics.register(registry)
const value = async (series: string): Promise<number> => {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1))
}

test('attempts are counted by channel and end, and what is due is told with its age until it has been sent', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'webhook', target: 'http://127.0.0.1:9/' })
  const idle = startNotifier(db, { senders: nobody })
  await idle.stop()
  await idle.handle(
    await createEvent(db, await createTask(db, ann), 'task.created'),
    new AbortController().signal,
  )
  await db`update deliveries set next_attempt_at = now() - interval '90 seconds'`
  assert.equal(await value('todo_deliveries_due'), 1)
  assert.ok((await value('todo_delivery_oldest_seconds')) >= 90)
  const webhook = fakeSender()
  const notifier = startNotifier(db, { senders: { ...nobody, webhook }, observe: metrics.observe })
  await untilDeliveries(db, ann, allEnded)
  await notifier.stop()
  assert.equal(await value('todo_delivery_attempts_total{kind="webhook",class="sent"}'), 1)
  assert.equal(await value('todo_delivery_seconds_count{kind="webhook"}'), 1)
  assert.equal(await value('todo_deliveries_due'), 0)
  assert.equal(await value('todo_delivery_oldest_seconds'), 0)
})
