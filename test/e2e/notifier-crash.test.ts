import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createNotifier } from '../../notifier/app.ts'
import type { TaskEventName } from '../../shared/events.ts'
import { startWebhookReceiver } from '../support/fakes/webhook-receiver.ts'
import {
  addChannel,
  createEvent,
  createTask,
  createUser,
  deliveriesOf,
  nobody,
  silentLog,
} from '../support/notifications.ts'
import { createDatabase } from '../support/postgres.ts'

const rounds = 30
const tasks = 40

const { db, target } = await createDatabase()
const receiver = await startWebhookReceiver()
let child: ChildProcess | null = null
let successor: Promise<unknown> = Promise.resolve()
after(async () => {
  await successor
  child?.kill('SIGKILL')
  await receiver.stop()
})

function start(): ChildProcess {
  const program = join(import.meta.dirname, '../support/notifier-process.ts')
  child = spawn(process.execPath, [program, JSON.stringify(target)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return child
}

/** All events of one task in the order in which they are made. */
const story: TaskEventName[] = [
  'task.created',
  'task.updated',
  'task.completed',
  'task.reopened',
  'task.deleted',
]

test(`a notifier killed ${rounds} times loses nothing, repeats only what it was sending, and keeps each task's order`, async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'webhook', target: receiver.url })
  const recorder = createNotifier({ db, log: silentLog, senders: nobody })
  const made: string[] = []
  for (const type of story) {
    for (let n = 0; n < tasks; n++) {
      const [known] = await db<
        { id: number }[]
      >`select id from tasks where user_id = ${ann} order by id offset ${n} limit 1`
      const event = await createEvent(db, known?.id ?? (await createTask(db, ann)), type)
      await recorder.handle(event, new AbortController().signal)
      made.push(event.eventId)
    }
  }
  // Every few requests a process dies at the moment of the answer: before it, or just after it was given.
  start()
  let isDying = false
  let killed = 0
  const kill = (dying: ChildProcess) => {
    successor = once(dying, 'exit').then(() => {
      start()
      isDying = false
    })
    dying.kill('SIGKILL')
  }
  receiver.answer = (_, n) => {
    if (killed < rounds && n % 5 === 0 && !isDying) {
      isDying = true
      killed += 1
      const dying = child!
      if (n % 2 === 0) kill(dying)
      else setImmediate(kill, dying)
    }
    return { status: 204 }
  }
  await receiver.until(() => new Set(receiver.accepted).size === made.length && killed === rounds)
  const rows = await untilEnded(ann)
  assert.deepEqual([...new Set(rows.map(({ status }) => status))], ['sent'])

  const times = Map.groupBy(receiver.accepted, (id) => id)
  const unanswered = new Map(
    rows.map((row) => [row.event_id, row.attempts.filter(({ status }) => status === null).length]),
  )
  const unexplained = made.filter((id) => times.get(id)!.length > 1 + unanswered.get(id)!)
  assert.deepEqual(unexplained, [], 'sent twice although the notifier had lived to write it down')

  const firsts = [...times.keys()]
  const received = new Map(
    receiver.received.map(({ body }) => [JSON.parse(body).data.event_id, JSON.parse(body).data]),
  )
  const byTask = Map.groupBy(firsts, (id) => received.get(id).task_id)
  assert.equal(byTask.size, tasks)
  for (const ids of byTask.values())
    assert.deepEqual(
      ids.map((id) => received.get(id).event_type),
      story,
    )
})

async function untilEnded(userId: string) {
  for (;;) {
    const rows = await deliveriesOf(db, userId)
    if (rows.every(({ status }) => status !== 'queued' && status !== 'sending')) return rows
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
