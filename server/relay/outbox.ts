import type { Sql } from '../../shared/db/connect.ts'
import type { EventRecord } from '../../shared/events.ts'

export type Pending = { id: number; event: EventRecord }

/** Any number that no other part of the product uses as an advisory lock. */
const relayLock = 7_203_402

/** The process id of the database session that has become the relay's, or null while another one is. */
export async function takeRelayLock(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ held: boolean; pid: number }[]>`
    select pg_try_advisory_lock(${relayLock}) as held, pg_backend_pid() as pid`
  return row!.held ? row!.pid : null
}

/**
 * The oldest pending event of each task that may be published now, oldest first. A task whose oldest one was refused
 * waits as a whole; the others go on. Throws when the session is not `pid` any more: the driver connects again by itself,
 * but the lock went with the old session.
 */
export async function claimWave(sql: Sql, pid: number, limit: number): Promise<Pending[]> {
  const session = sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  const claim = sql<Row[]>`
    select o.id, e.event_id, e.type, e.source, e.task_id, e.user_id, e.version, e.data, e.previous, e.traceparent,
           e.created_at
    from outbox o join events e on e.id = o.id
    where o.next_attempt_at <= now() and o.id = (select min(p.id) from outbox p where p.task_id = o.task_id)
    order by o.id limit ${limit}`
  const [[now], rows] = await Promise.all([session, claim])
  if (now!.pid !== pid) throw new Error('the session of the relay was replaced')
  return rows.map((row) => ({ id: row.id, event: toRecord(row) }))
}

type Row = {
  id: number
  event_id: string
  type: string
  source: string
  task_id: number
  user_id: string
  version: number
  data: unknown
  previous: unknown
  traceparent: string | null
  created_at: Date
}

function toRecord(row: Row): EventRecord {
  const time = row.created_at.toISOString()
  const source = `/todo/${row.source}`
  return {
    eventId: row.event_id,
    type: row.type,
    source,
    subject: String(row.task_id),
    time,
    traceparent: row.traceparent,
    data: {
      event_type: row.type,
      task_id: row.task_id,
      user_id: row.user_id,
      timestamp: time,
      version: row.version,
      source: row.source,
      data: row.data,
      previous: row.previous,
    },
  }
}

export async function remove(sql: Sql, ids: number[]): Promise<void> {
  if (ids.length > 0) await sql`delete from outbox where id = any(${ids}::bigint[])`
}

/** Exponential from one second to five minutes, so that one bad event neither spins nor is forgotten. */
export async function postpone(sql: Sql, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update outbox set attempts = attempts + 1,
    next_attempt_at = now() + least(300, power(2, least(attempts, 10))) * interval '1 second'
    where id = any(${ids}::bigint[])`
}
