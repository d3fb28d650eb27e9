import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { isSigned, startWebhookReceiver } from '../test/support/fakes/webhook-receiver.ts'
import {
  addChannel,
  allEnded,
  createEvent,
  createNotification,
  createTask,
  createUser,
  fakeSender,
  nobody,
  passTime,
  type RunningNotifier,
  shownChannel,
  silentLog,
  startNotifier,
  until,
  untilDeliveries,
} from '../test/support/notifications.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createNotifier } from './app.ts'
import { createWebhookAgent } from './channels/guard.ts'
import { createWebhook } from './channels/webhook.ts'

const { db } = await createDatabase({ max: 8 })
const receiver = await startWebhookReceiver()
const agent = createWebhookAgent({ allowPrivate: true })
const webhook = createWebhook({ agent, allowPrivate: true })
after(() => Promise.all([receiver.stop(), agent.destroy()]))

const running: RunningNotifier[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((notifier) => notifier.stop()))
  receiver.received.length = 0
  receiver.accepted.length = 0
  receiver.answer = () => ({ status: 204 })
})

function start(options: Parameters<typeof startNotifier>[1] = {}): RunningNotifier {
  const notifier = startNotifier(db, {
    ...options,
    senders: { webhook, email: null, push: null, desktop: null, ...options.senders },
  })
  running.push(notifier)
  return notifier
}
const signal = new AbortController().signal
const hook = (path = '/hook') => ({ kind: 'webhook', target: `${receiver.url}${path}` }) as const

test('a change is sent at once, signed, with its time and answer in the log', async () => {
  const ann = await createUser(db)
  const { secret } = await addChannel(db, ann, hook())
  const event = await createEvent(db, await createTask(db, ann), 'task.created')
  const notifier = start({ pollMs: 60_000 })
  await notifier.handle(event, signal)
  const [row] = await untilDeliveries(db, ann, allEnded)
  assert.equal(row!.status, 'sent')
  assert.equal(row!.attempts.length, 1)
  assert.deepEqual([row!.attempts[0]!.status, row!.attempts[0]!.error], [204, null])
  assert.equal(receiver.received.length, 1)
  assert.equal(receiver.received[0]!.headers['webhook-id'], event.eventId)
  assert.ok(isSigned(receiver.received[0]!, secret!))
})

test('a failed webhook comes again with the same id and body, and the log has both attempts', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook())
  receiver.answer = (_, n) => ({ status: n === 1 ? 503 : 204 })
  const notifier = start()
  await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
  const [waiting] = await untilDeliveries(db, ann, ([row]) => row?.attempts.length === 1)
  assert.deepEqual([waiting!.status, waiting!.reason], ['queued', 'retry'])
  assert.ok(waiting!.next_attempt_at!.getTime() - Date.parse(waiting!.attempts[0]!.at) <= 10_000)
  await passTime(db, ann)
  const [row] = await untilDeliveries(db, ann, allEnded)
  assert.deepEqual(
    row!.attempts.map(({ status }) => status),
    [503, 204],
  )
  const [first, second] = receiver.received
  assert.equal(first!.headers['webhook-id'], second!.headers['webhook-id'])
  assert.equal(first!.body, second!.body)
})

test('on one channel the events of a task keep their order, while other tasks go on', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook())
  const [stuck, free] = [await createTask(db, ann), await createTask(db, ann)]
  receiver.answer = ({ body }, n) => ({
    status: JSON.parse(body).data.task_id === stuck && n < 3 ? 500 : 204,
  })
  const notifier = start()
  for (const type of ['task.created', 'task.updated', 'task.completed'] as const) {
    await notifier.handle(await createEvent(db, stuck, type), signal)
  }
  await notifier.handle(await createEvent(db, free, 'task.created'), signal)
  const rows = await untilDeliveries(
    db,
    ann,
    (all) => all.at(-1)?.status === 'sent' && all[0]!.attempts.length === 1,
  )
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['queued', 'queued', 'queued', 'sent'],
  )
  await passTime(db, ann)
  await untilDeliveries(db, ann, allEnded)
  const order = receiver.received
    .map(({ body }) => JSON.parse(body))
    .filter(({ data }) => data.task_id === stuck)
    .map(({ type }) => type)
  assert.deepEqual(order, ['task.created', 'task.created', 'task.updated', 'task.completed'])
})

test('endpoints that hang delay nobody else', async () => {
  const [ann, bob] = [await createUser(db), await createUser(db)]
  for (let n = 0; n < 6; n++) await addChannel(db, ann, hook(`/hang/${n}`))
  await addChannel(db, bob, hook('/fine'))
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  receiver.answer = async ({ path }) => {
    if (path.startsWith('/hang')) await held
    return { status: 204 }
  }
  const notifier = start()
  for (let n = 0; n < 30; n++) {
    await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
  }
  for (let n = 0; n < 100; n++) {
    await notifier.handle(await createEvent(db, await createTask(db, bob), 'task.created'), signal)
  }
  await untilDeliveries(db, bob, (rows) => rows.length === 100 && allEnded(rows))
  const hanging = await untilDeliveries(db, ann, () => true)
  assert.equal(hanging.filter(({ status }) => status === 'sent').length, 0)
  assert.equal(hanging.filter(({ status }) => status === 'sending').length, 6 * webhook.concurrency)
  release()
})

test('an attempt without an answer ends by its time-out and is tried again', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, hook())
  receiver.answer = () => 'hang'
  const notifier = start({ attemptMs: 100 })
  await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
  const [row] = await untilDeliveries(db, ann, ([one]) => one?.attempts.length === 1)
  assert.equal(row!.status, 'queued')
  assert.match(row!.attempts[0]!.error!, /no answer within 0.1 s/)
})

test('410 switches the channel off, and its user is told on the others', async () => {
  const ann = await createUser(db)
  const gone = await addChannel(db, ann, hook('/gone'))
  await addChannel(db, ann, { kind: 'desktop' })
  const desktop = fakeSender()
  receiver.answer = () => ({ status: 410 })
  const task = await createTask(db, ann)
  const recorder = createNotifier({ db, log: silentLog, senders: nobody })
  await recorder.handle(await createEvent(db, task, 'task.created'), signal)
  await recorder.handle(await createEvent(db, task, 'task.updated'), signal)
  start({ senders: { desktop } as never })
  const rows = await untilDeliveries(db, ann, (all) => all.length === 3 && allEnded(all))
  assert.deepEqual(
    rows.map(({ status, reason }) => [status, reason]),
    [
      ['dead', 'gone'],
      ['suppressed', 'channel_disabled'],
      ['sent', null],
    ],
  )
  assert.match(desktop.sent[0]!.title, /webhook channel was switched off/)
  const shown = await shownChannel(db, ann, gone.id)
  assert.equal(shown!.is_active, false)
  assert.match(shown!.disabled_reason!, /410/)
  assert.ok(shown!.version > gone.version)
})

test('a channel that has failed for five days is switched off; a success in between begins anew', async () => {
  const ann = await createUser(db)
  const channel = await addChannel(db, ann, hook())
  const notifier = start({ disableAfterMs: 1 })
  const isFailing = () =>
    db`select from channel_health where channel_id = ${channel.id} and failing_since is not null`
  const answer = async (status: number, failing: number) => {
    receiver.answer = () => ({ status })
    await notifier.handle(await createEvent(db, await createTask(db, ann), 'task.created'), signal)
    await untilDeliveries(db, ann, allEnded)
    await until(isFailing, (rows) => rows.length === failing)
  }
  await answer(404, 1)
  await answer(204, 0)
  await answer(404, 1)
  assert.equal((await shownChannel(db, ann, channel.id))!.is_active, true)
  await answer(404, 0)
  const shown = await shownChannel(db, ann, channel.id)
  assert.deepEqual([shown!.is_active, shown!.disabled_reason], [false, 'It has failed for 0 days.'])
})

test('a refused key leaves the queue as it is and does not touch other channels', async () => {
  const ann = await createUser(db)
  const email = fakeSender()
  email.next.push({ class: 'credential', status: 401, error: 'SendGrid answered 401' })
  await addChannel(db, ann, { kind: 'email', target: 'ann@example.org' })
  await addChannel(db, ann, { ...hook(), events: ['notification.send'] })
  const notifier = start({ senders: { email } as never })
  await notifier.handle(createNotification(ann), signal)
  await untilDeliveries(db, ann, (rows) => rows[0]?.attempts.length === 1)
  await notifier.handle(createNotification(ann), signal)
  const rows = await untilDeliveries(
    db,
    ann,
    (all) => all.filter(({ status }) => status === 'sent').length === 2,
  )
  const mails = rows.filter(({ kind }) => kind === 'email')
  assert.deepEqual(
    mails.map(({ status, reason }) => [status, reason]),
    [
      ['queued', 'credentials'],
      ['queued', null],
    ],
  )
  assert.equal(email.sent.length, 1)
})

test('what is not set up here is suppressed and says so', async () => {
  const ann = await createUser(db)
  await addChannel(db, ann, { kind: 'push', target: 'some-device-token' })
  await start().handle(createNotification(ann), signal)
  const [row] = await untilDeliveries(db, ann, allEnded)
  assert.deepEqual([row!.status, row!.reason, row!.attempts], ['suppressed', 'not_configured', []])
})
