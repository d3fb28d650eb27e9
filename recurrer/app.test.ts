import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../shared/log.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createTemplate, createUser, instancesOf } from '../test/support/recurrence.ts'
import { createRecurrer } from './app.ts'

const { db } = await createDatabase()
const log = createLog('test', { level: 'silent' })

/** A wake that only the test rings; `made` resolves when the recurrer tells of what it made. */
function bell() {
  const { promise: made, resolve } = Promise.withResolvers<void>()
  let ring = () => {}
  const onWake = (listener: () => void) => {
    ring = listener
    return () => {}
  }
  return { wake: { notify: resolve, onWake }, made, ring: () => ring() }
}

const dueIn = (id: number, ms: number) => db`
  update recurring_tasks set next_run_at = clock_timestamp() + make_interval(secs => ${ms / 1000}) where id = ${id}`

test('a task is made at its time by the timer, without a tick', async () => {
  const id = await createTemplate(db, await createUser(db))
  await dueIn(id, 300)
  const stop = new AbortController()
  const { wake, made } = bell()
  const running = createRecurrer({ db, log, wake }, stop.signal).run()
  await made
  assert.equal((await instancesOf(db, id)).length, 1)
  stop.abort()
  await running
})

test('a commit that plans something sooner wakes a recurrer that sleeps', async () => {
  const stop = new AbortController()
  const { wake, made, ring } = bell()
  const running = createRecurrer({ db, log, wake }, stop.signal).run()
  const id = await createTemplate(db, await createUser(db))
  ring()
  await made
  assert.equal((await instancesOf(db, id)).length, 1)
  stop.abort()
  await running
})

test('the tick does everything that is due, and ticks at the same time do it once', async () => {
  const id = await createTemplate(db, await createUser(db))
  const { wake } = bell()
  const recurrer = createRecurrer({ db, log, wake }, new AbortController().signal)
  await Promise.all([recurrer.tick(), recurrer.tick(), recurrer.tick()])
  assert.equal((await instancesOf(db, id)).length, 1)
})
