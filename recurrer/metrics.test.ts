import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { createWake } from '../shared/db/wake.ts'
import { createLog } from '../shared/log.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createTemplate, createUser } from '../test/support/recurrence.ts'
import { createRecurrer } from './app.ts'
import { createRecurrenceMetrics } from './metrics.ts'

const { db } = await createDatabase()
const log = createLog('test', { level: 'silent' })
const metrics = createRecurrenceMetrics({ db, log })
const registry = new Registry()
metrics.register(registry)
const value = async (series: string): Promise<number> => {
  const line = (await registry.metrics()).split('\n').find((one) => one.startsWith(`${series} `))
  return Number(line?.split(' ').at(-1))
}

test('a template that is overdue is told with its delay until its task is made, and one that a fault stopped is counted', async () => {
  const user = await createUser(db)
  assert.equal(await value('todo_recurrence_overdue_seconds'), 0)
  const id = await createTemplate(db, user)
  await db`update recurring_tasks set next_run_at = now() - interval '2 minutes' where id = ${id}`
  assert.ok((await value('todo_recurrence_overdue_seconds')) >= 120)
  const stop = new AbortController()
  const wake = createWake(db, log, stop.signal)
  await createRecurrer({ db, log, wake, observe: metrics.observe }, stop.signal).tick()
  stop.abort()
  assert.equal(await value('todo_recurrence_overdue_seconds'), 0)
  assert.equal(await value('todo_instances_total'), 1)
  assert.equal(await value('todo_templates_stopped'), 0)
  await db`update recurring_tasks set is_active = false, next_run_at = null, last_error = 'broken' where id = ${id}`
  assert.equal(await value('todo_templates_stopped'), 1)
  metrics.ticked()
  assert.equal(await value('todo_cron_ticks_total'), 1)
})

test('figures that cannot be read leave the others as they are', async () => {
  const away = createRecurrenceMetrics({ db: (() => Promise.reject(new Error('away'))) as never, log })
  const other = new Registry()
  away.register(other)
  assert.match(await other.metrics(), /todo_instances_total 0/)
})
