import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '../shared/log.ts'
import type { Tracing } from '../shared/tracing.ts'
import { parseTraceparent } from '../shared/tracing.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createTemplate, createUser } from '../test/support/recurrence.ts'
import { remindDue } from './reminders.ts'
import { generateDue } from './templates.ts'

const { db } = await createDatabase()
const log = createLog('test', { level: 'silent' })
const { signal } = new AbortController()

type Told = { name: string; traceparent: string; attributes: object | undefined }

function recording(): { tracing: Tracing; told: Told[] } {
  const told: Told[] = []
  const tracing: Tracing = {
    isOn: true,
    begin: (name) => {
      const traceparent = `00-${crypto.randomUUID().replaceAll('-', '')}-b7ad6b7169203331-01`
      return {
        traceparent,
        end: (result) => void told.push({ name, traceparent, attributes: result?.attributes }),
      }
    },
    close: async () => {},
  }
  return { tracing, told }
}

test('what the clock makes belongs to the trace of the turn that made it', async () => {
  const { tracing, told } = recording()
  const user = await createUser(db)
  await createTemplate(db, user)
  assert.equal(await generateDue({ db, log, tracing }, signal), 1)
  const [made] = told
  assert.deepEqual([made!.name, made!.attributes], ['make instances', { 'todo.instances': 1 }])
  const events = await db<
    { traceparent: string }[]
  >`select traceparent from events where type = 'task.created'`
  assert.deepEqual(
    events.map(({ traceparent }) => traceparent),
    [made!.traceparent],
  )
  assert.ok(parseTraceparent(made!.traceparent))
})

test('so do reminders; and a turn with nothing to do has none', async () => {
  const { tracing, told } = recording()
  const user = await createUser(db)
  await db`insert into tasks (user_id, title, due_at, reminders)
    values (${user}, 'Pay rent', now() + interval '2 days', '{1d}')`
  await db`update reminders set fire_at = now() - interval '1 minute' where user_id = ${user}`
  assert.equal(await remindDue({ db, tracing }, signal), 1)
  const reminder = told.find(({ name }) => name === 'send reminders')
  const [event] = await db<{ traceparent: string }[]>`
    select traceparent from events where type = 'task.due.approaching' and user_id = ${user}`
  assert.equal(event!.traceparent, reminder!.traceparent)
  const quiet = recording()
  await generateDue({ db, log, tracing: quiet.tracing }, signal)
  await remindDue({ db, tracing: quiet.tracing }, signal)
  assert.deepEqual(quiet.told, [])
})
