import { setTimeout as sleep } from 'node:timers/promises'
import { createNotifier } from '../../notifier/app.ts'
import type { DelivererOptions } from '../../notifier/deliver.ts'
import type { Outcome, Outgoing, Sender } from '../../notifier/outcome.ts'
import { findChannel } from '../../server/channels/repository.ts'
import { createChannel } from '../../server/channels/service.ts'
import type { ChannelWithSecret, NewChannel } from '../../shared/api/channel.ts'
import type { Delivery } from '../../shared/api/delivery.ts'
import type { Db } from '../../shared/db/connect.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import type { EventRecord, TaskEventName } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'

export const silentLog = createLog('test', { level: 'silent' })

/** A user with preferences as the server stores them; absent ones are the defaults. */
export async function createUser(
  db: Db,
  options: { timeZone?: string; preferences?: object } = {},
): Promise<string> {
  const id = crypto.randomUUID()
  await db`
    insert into users (id, email, time_zone) values (${id}, ${`${id}@example.org`}, ${options.timeZone ?? 'UTC'})`
  if (options.preferences) await setPreferences(db, id, options.preferences)
  return id
}

export const setPreferences = (db: Db, userId: string, preferences: object) => db`
  insert into notification_preferences (user_id, preferences)
  values (${userId}, ${JSON.stringify(preferences)}::text::json)
  on conflict (user_id) do update set preferences = excluded.preferences`

/** Through the server's own service, so that it is what users make. Loopback addresses are allowed. */
export const addChannel = (db: Db, userId: string, input: NewChannel): Promise<ChannelWithSecret> =>
  createChannel(
    { db, onCommit: () => {}, notifications: { allowPrivateWebhooks: true } },
    { userId, changeId: userId, traceparent: null, dryRun: false, actor: null, ifMatch: null, within: null },
    input,
  )

/** As the API shows it. */
export const shownChannel = (db: Db, userId: string, id: number) => findChannel(db, userId, id)

type TaskFields = {
  title?: string
  due_at?: string | null
  due_date?: string | null
  priority_id?: number
}

export async function createTask(db: Db, userId: string, fields: TaskFields = {}): Promise<number> {
  const [row] = await db<{ id: number }[]>`
    insert into tasks (user_id, title, due_at, due_date, priority_id)
    values (${userId}, ${fields.title ?? 'Pay rent'}, ${fields.due_at ?? null}, ${fields.due_date ?? null},
            ${fields.priority_id ?? 2})
    returning id`
  return row!.id
}

/** Makes the event as its producer does, the row in the log included. */
export async function createEvent(
  db: Db,
  taskId: number,
  type: TaskEventName,
  options: { source?: string } = {},
): Promise<EventRecord> {
  const source = options.source ?? 'server'
  const change = type === 'task.due.approaching' || type === 'task.created' ? 0 : 1
  await db`update tasks set version = version + ${change} where id = ${taskId}`
  const [row] = await db<
    { event_id: string; user_id: string; version: number; data: object; created_at: Date }[]
  >`
    insert into events (user_id, task_id, type, version, source, change_id, data)
    select t.user_id, t.id, ${type}, t.version, ${source}, gen_random_uuid(), ${taskJson(db, 't')}::jsonb
    from tasks t where t.id = ${taskId}
    returning event_id, user_id, version, data, created_at`
  const time = row!.created_at.toISOString()
  return {
    eventId: row!.event_id,
    type,
    source: `/todo/${source}`,
    subject: String(taskId),
    time,
    traceparent: null,
    data: {
      event_type: type,
      task_id: taskId,
      user_id: row!.user_id,
      timestamp: time,
      version: row!.version,
      source,
      data: row!.data,
      previous: null,
    },
  }
}

export function createNotification(userId: string, fields: object = {}): EventRecord {
  const time = new Date().toISOString()
  return {
    eventId: crypto.randomUUID(),
    type: 'notification.send',
    source: '/elsewhere',
    subject: '',
    time,
    traceparent: null,
    data: {
      event_type: 'notification.send',
      user_id: userId,
      task_id: null,
      timestamp: time,
      source: 'elsewhere',
      title: 'Hello',
      body: 'World',
      ...fields,
    },
  }
}

export const nobody: DelivererOptions['senders'] = { webhook: null, email: null, push: null, desktop: null }

export type FakeSender = Sender & { sent: Outgoing[]; next: (Outcome | Promise<Outcome>)[] }

/** A channel that takes everything down and answers `next`, then success. */
export function fakeSender(concurrency = 8): FakeSender {
  const sender: FakeSender = {
    concurrency,
    sent: [],
    next: [],
    async send(message) {
      sender.sent.push(message)
      return (await sender.next.shift()) ?? { class: 'sent', status: 200 }
    },
  }
  return sender
}

export type RunningNotifier = ReturnType<typeof createNotifier> & { stop(): Promise<void> }

/** A notifier that sends; `stop` ends it as SIGTERM does. */
export function startNotifier(db: Db, options: Partial<DelivererOptions>): RunningNotifier {
  const notifier = createNotifier({ db, log: silentLog, senders: nobody, pollMs: 100, ...options })
  const stop = new AbortController()
  const running = notifier.run(stop.signal)
  return {
    ...notifier,
    stop: async () => {
      stop.abort()
      await running
    },
  }
}

type Row = Pick<Delivery, 'id' | 'status' | 'reason' | 'attempts' | 'kind' | 'channel_id'> & {
  event_id: string
  next_attempt_at: Date | null
  bundle: string | null
}

export const deliveriesOf = (db: Db, userId: string): Promise<Row[]> => db<Row[]>`
  select id, event_id, channel_id, kind, status, reason, attempts, next_attempt_at, bundle from deliveries
  where user_id = ${userId} order by id`

/** Waits until `isDone` holds for the user's deliveries; fails with what they are after ten seconds. */
export async function untilDeliveries(
  db: Db,
  userId: string,
  isDone: (rows: Row[]) => boolean,
): Promise<Row[]> {
  return until(() => deliveriesOf(db, userId), isDone)
}

/** Reads again and again until it is as wished. */
export async function until<T>(read: () => Promise<T>, isDone: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 10_000
  for (;;) {
    const value = await read()
    if (isDone(value)) return value
    if (Date.now() > deadline) throw new Error(`after 10 s: ${JSON.stringify(value)}`)
    await sleep(15)
  }
}

export const allEnded = (rows: Row[]): boolean =>
  rows.length > 0 && rows.every(({ status }) => status !== 'queued' && status !== 'sending')

/** Everything that waits for a later time is due now. */
export const passTime = (db: Db, userId: string) =>
  db`update deliveries set next_attempt_at = now() where user_id = ${userId} and status = 'queued'`
