import assert from 'node:assert/strict'
import type { App } from '../../deploy/local/settings.ts'
import { createDaprInbox, type Delivery } from '../../shared/dapr/inbox.ts'
import type { Db } from '../../shared/db/connect.ts'
import type { EventRecord } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'
import { createWitness } from './events.ts'
import type { TestStack } from './stack.ts'

export type Consumer = {
  arrived: ReturnType<typeof createWitness<EventRecord>>
  deliveries: ReturnType<typeof createWitness<Delivery>>
  /**
   * Waits until everything in the log has arrived and the outbox is empty, then checks that the first arrivals of each
   * task's events came in their order. Answers how many there are, and how many came again since the last check.
   */
  check(db: Db, ms?: number): Promise<{ events: number; repeats: number }>
}

/** A subscriber in place of one of the services: it takes every event and remembers it. */
export async function startConsumer(stack: TestStack, app: App): Promise<Consumer> {
  const arrived = createWitness<EventRecord>()
  const deliveries = createWitness<Delivery>()
  const handler = async (event: EventRecord) => {
    arrived.add(event)
    return 'ok' as const
  }
  const inbox = createDaprInbox({
    appToken: stack.secrets.appApiToken,
    log: createLog('test', { level: 'silent' }),
    observe: deliveries.add,
    handlers: { 'task-events': handler, 'notification-events': handler },
  })
  await stack.serveApp(app, inbox)
  let told = 0
  return {
    arrived,
    deliveries,
    check: async (db, ms = 40_000) => {
      const { events, repeats } = await check(arrived, db, ms)
      const since = repeats - told
      told = repeats
      return { events, repeats: since }
    },
  }
}

async function check(arrived: Consumer['arrived'], db: Db, ms: number) {
  const committed = await db<{ event_id: string }[]>`select event_id from events order by id`
  const missing = (seen: EventRecord[]) => {
    const ids = new Set(seen.map((event) => event.eventId))
    return committed.filter((event) => !ids.has(event.event_id)).length
  }
  await arrived.until('everything committed', (seen) => missing(seen) === 0, ms)
  const firsts = new Map<string, EventRecord>()
  for (const event of arrived.seen) if (!firsts.has(event.eventId)) firsts.set(event.eventId, event)
  for (const [task, events] of Map.groupBy(firsts.values(), (event) => event.subject)) {
    const versions = events.map((event) => Number(event.data.version))
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
      `the order of task ${task}`,
    )
  }
  const end = Date.now() + 5_000
  let pending = 1
  while (pending > 0 && Date.now() < end) {
    const [row] = await db<{ count: number }[]>`select count(*)::int as count from outbox`
    pending = row!.count
  }
  assert.equal(pending, 0, 'the outbox is empty')
  return { events: committed.length, repeats: arrived.seen.length - firsts.size }
}
