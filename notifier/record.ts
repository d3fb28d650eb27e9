import type { Sql } from '../shared/db/connect.ts'
import { type EventName, type EventRecord, eventPayloads, type TaskEventName } from '../shared/events.ts'

/** Reminders are worth something until an hour after the task is due, other news for two days. */
const reminderGrace = '1 hour'
const newsLife = '48 hours'

/** `invalid`: no repeat of the event will help. `foreign`: a type that this version does not know. */
export type Recorded = { kind: 'recorded'; deliveries: number } | { kind: 'invalid' } | { kind: 'foreign' }

/**
 * Writes one delivery for each channel that listens to the event, in one statement. A repeated event, or another one
 * with the same `dedup_key`, adds nothing. The event may have come from anybody who can write to the bus, so a task
 * of another user or a user that does not exist leads nowhere.
 */
export async function recordEvent(sql: Sql, event: EventRecord): Promise<Recorded> {
  if (!Object.hasOwn(eventPayloads, event.type)) return { kind: 'foreign' }
  if (!eventPayloads[event.type as EventName].safeParse(event.data).success) return { kind: 'invalid' }
  const deliveries =
    event.type === 'notification.send' ? await recordNotification(sql, event) : await recordChange(sql, event)
  return { kind: 'recorded', deliveries }
}

type TaskPayload = {
  user_id: string
  task_id: number
  version: number
  data: { due_at: string | null; due_date: string | null }
}

/** Its payload is the item of the history, with the number that the log gave it. */
async function recordChange(sql: Sql, event: EventRecord): Promise<number> {
  const payload = event.data as TaskPayload
  const isReminder = (event.type as TaskEventName) === 'task.due.approaching'
  const rest = JSON.stringify({ event_id: event.eventId, ...event.data }).slice(1)
  const number = isReminder
    ? sql`select e.id from events e where e.type = 'task.due.approaching'`
    : sql`select e.id from events e where e.type <> 'task.due.approaching'`
  const { due_at: dueAt, due_date: dueDate } = payload.data
  const expires = isReminder
    ? sql`coalesce(${dueAt}::timestamptz + ${reminderGrace}::interval,
                   (${dueDate}::date + 1)::timestamp at time zone u.time_zone)`
    : sql`case when c.kind <> 'webhook' then now() + ${newsLife}::interval end`
  const rows = await sql`
    insert into deliveries
      (user_id, channel_id, kind, target, event_id, event_type, task_id, payload, expires_at)
    select c.user_id, c.id, c.kind, ${masked(sql)}, ${event.eventId}, ${event.type}, ${payload.task_id},
           ('{"id":' || coalesce((
             ${number} and e.task_id = ${payload.task_id} and e.version = ${payload.version}
               and e.event_id::text = ${event.eventId}
           )::text, 'null') || ',' || ${rest})::json,
           ${expires}
    from ${listeners(sql, payload.user_id, event.type)}
    order by c.id
    on conflict do nothing
    returning id`
  return rows.length
}

type NotificationPayload = {
  user_id: string
  task_id: number | null
  channels?: string[]
  dedup_key?: string
}

async function recordNotification(sql: Sql, event: EventRecord): Promise<number> {
  const payload = event.data as NotificationPayload
  // A channel is named by its kind, its name or its number.
  const wanted = payload.channels ?? null
  const rows = await sql`
    insert into deliveries
      (user_id, channel_id, kind, target, event_id, event_type, dedup_key, task_id, payload, expires_at)
    select c.user_id, c.id, c.kind, ${masked(sql)}, ${event.eventId}, ${event.type},
           ${payload.dedup_key ?? null}, ${payload.task_id},
           ${JSON.stringify({ event_id: event.eventId, ...event.data })}::text::json,
           case when c.kind <> 'webhook' then now() + ${newsLife}::interval end
    from ${listeners(sql, payload.user_id, event.type)}
      and (${wanted}::text[] is null or c.kind = any(${wanted}::text[]) or c.name = any(${wanted}::text[])
           or c.id::text = any(${wanted}::text[]))
    order by c.id
    on conflict do nothing
    returning id`
  return rows.length
}

const listeners = (sql: Sql, userId: string, type: string) => sql`
  notification_channels c
    join users u on u.id = c.user_id
    left join channel_health h on h.channel_id = c.id
  where c.user_id = ${userId} and c.is_active and ${type} = any(c.events)
    and not coalesce(h.disabled_at > c.enabled_at, false)`

/** The token of a device lets whoever has it send to the device, so the log shows only its ends. */
const masked = (sql: Sql) =>
  sql`case when c.kind = 'push' then left(c.target, 6) || chr(8230) || right(c.target, 4) else c.target end`
