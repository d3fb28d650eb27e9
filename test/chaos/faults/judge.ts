import { setTimeout as sleep } from 'node:timers/promises'
import { readTopic } from '../../../ops/read.ts'
import type { Db } from '../../../shared/db/connect.ts'
import type { World } from './world.ts'

export type Verdict = {
  events: number
  /** Acknowledged changes without an event, events that are not on the bus, and such that the webhook never got. */
  lost: { changes: number; onBus: number; atWebhook: number }
  /** Second deliveries of one event, second instances of one occurrence, posts repeated after a stored 2xx. */
  double: { deliveries: number; instances: number; posts: number }
  /** Events of a task that came before one of an earlier version, on the bus and at the webhook. */
  disorder: { onBus: number; atWebhook: number }
  /** Minutes of a template without an instance. */
  missedInstances: number
  deadLetters: number
  /** Posts that came again because a process died between sending and writing down; receivers know them by their id. */
  repeatedPosts: number
  repeatedOnBus: number
}

/** Waits until everything committed so far has gone all the way; answers how long that took. */
export async function caughtUp(world: World, ms: number): Promise<number> {
  const began = performance.now()
  for (;;) {
    const behind = await whatIsBehind(world).catch((error: unknown) => String(error))
    if (behind === null) return performance.now() - began
    if (performance.now() - began > ms) throw new Error(`not caught up in ${ms / 1000} s: ${behind}`)
    await sleep(100)
  }
}

async function whatIsBehind({ db, posts }: World): Promise<string | null> {
  const [row] = await db<{ outbox: number; queued: number; events: number; sent: number; due: number }[]>`
    select (select count(*) from outbox) as outbox,
           (select count(*) from deliveries where status in ('queued', 'sending')) as queued,
           (select count(*) from events e where exists (
             select from notification_channels c where c.user_id = e.user_id and c.created_at < e.created_at)) as events,
           (select count(*) from deliveries where status = 'sent') as sent,
           (select count(*) from recurring_tasks where is_active and next_run_at < now() - interval '1 second') as due`
  const { outbox, queued, events, sent, due } = row!
  const isBehind = outbox > 0 || queued > 0 || due > 0 || sent < events
  return isBehind ? JSON.stringify({ ...row, posts: posts.length }) : null
}

export async function judge(world: World, acknowledged: string[]): Promise<Verdict> {
  const { db, posts } = world
  const events = await db<EventRow[]>`
    select e.event_id, e.task_id, e.version, e.data ->> 'title' as title, exists (
      select from notification_channels c where c.user_id = e.user_id and c.created_at < e.created_at) as is_posted
    from events e order by e.id`
  const titles = new Set(events.map(({ title }) => title))
  const bus = await readBus(world)
  const onBus = firsts(bus)
  const posted = firsts(posts)
  const isMissing = (seen: Map<string, unknown>) => (event: EventRow) => !seen.has(event.event_id)
  return {
    events: events.length,
    lost: {
      changes: acknowledged.filter((title) => !titles.has(title)).length,
      onBus: events.filter(isMissing(onBus)).length,
      atWebhook: events.filter(({ is_posted }) => is_posted).filter(isMissing(posted)).length,
    },
    double: { ...(await doubles(db)), posts: await unexplainedRepeats(world) },
    disorder: { onBus: disorder([...onBus.values()]), atWebhook: disorder([...posted.values()]) },
    missedInstances: await missedInstances(db),
    deadLetters: await countDeadLetters(world),
    repeatedPosts: posts.length - posted.size,
    repeatedOnBus: bus.length - onBus.size,
  }
}

type EventRow = { event_id: string; task_id: number; version: number; title: string; is_posted: boolean }
type Seen = { eventId: string; taskId: number; version: number }

const firsts = <T extends Seen>(seen: T[]): Map<string, T> => {
  const map = new Map<string, T>()
  for (const one of seen) if (!map.has(one.eventId)) map.set(one.eventId, one)
  return map
}

/** A reminder repeats the version it speaks of, so equal ones are in order. */
function disorder(seen: Seen[]): number {
  const last = new Map<number, number>()
  let count = 0
  for (const { taskId, version } of seen) {
    if (version < (last.get(taskId) ?? 0)) count += 1
    last.set(taskId, Math.max(version, last.get(taskId) ?? 0))
  }
  return count
}

async function readBus({ stack }: World): Promise<Seen[]> {
  const seen: Seen[] = []
  const signal = AbortSignal.timeout(60_000)
  await readTopic(stack.kafka, 'task-events', { fromBeginning: true, toEnd: true, signal }, ({ event }) => {
    const data = event?.data as { task_id: number; version: number }
    seen.push({ eventId: String(event?.id), taskId: data.task_id, version: data.version })
  })
  return seen
}

async function doubles(db: Db): Promise<{ deliveries: number; instances: number }> {
  const [row] = await db<{ deliveries: number; instances: number }[]>`
    select (select count(*) from (
             select from deliveries group by event_id, channel_id having count(*) > 1) d) as deliveries,
           (select count(*) from (
             select from tasks where recurring_task_id is not null
             group by recurring_task_id, occurrence_at having count(*) > 1) i) as instances`
  return row!
}

/** A post may come again only if the log shows an attempt whose outcome nobody wrote down. */
async function unexplainedRepeats({ db, posts }: World): Promise<number> {
  const rows = await db<{ event_id: string; unanswered: number }[]>`
    select event_id, jsonb_array_length(jsonb_path_query_array(attempts, '$[*] ? (@.status == null)')) as unanswered
    from deliveries`
  const unanswered = new Map(rows.map((row) => [row.event_id, row.unanswered]))
  const times = Map.groupBy(posts, ({ eventId }) => eventId)
  return [...times].filter(([id, all]) => all.length > 1 + (unanswered.get(id) ?? 0)).length
}

async function missedInstances(db: Db): Promise<number> {
  const [row] = await db<{ missed: number }[]>`
    select coalesce(sum(wanted - made), 0)::int as missed from (
      select count(*) as made,
             extract(epoch from max(occurrence_at) - min(occurrence_at)) / 60 + 1 as wanted
      from tasks where recurring_task_id is not null group by recurring_task_id
    ) per_template`
  return row!.missed
}

async function countDeadLetters({ stack }: World): Promise<number> {
  return stack.withAdmin(async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.endsWith('.dlq'))
    const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)))
    return offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  })
}
