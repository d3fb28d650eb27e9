import type { Service, TaskEventName } from '../events.ts'
import { type Fragment, raw, type Sql } from './connect.ts'

/** What an event says beside the task itself. One change (a request, a batch) has one `changeId`: the unit of undo. */
export type Emit = {
  /** `each`: every written row names its own in a column `type`. */
  type: TaskEventName | 'each'
  source: Service
  changeId: string
  traceparent: string | null
  /** Whose undo the change belongs to; absent or null for the person. */
  actor?: string | null
  /** The change that this one takes back or brings again. */
  undoes?: string | null
}

/**
 * Serialises the writes of one user until the transaction ends. Every write takes it before any row lock, so that
 * event ids are in the order of commit for their reader, and no two writers can wait for each other.
 */
export const lockUser = (sql: Sql, userId: string): Fragment =>
  sql`select pg_advisory_xact_lock(hashtextextended(${userId}::text, 7203))`

/** The locks of several users, always in the same order, so that two of us never wait for each other. */
export const lockUsers = (sql: Sql, userIds: string[]) =>
  sql`select pg_advisory_xact_lock(key) from (
    select distinct hashtextextended(id, 7203) as key from unnest(${userIds}::text[]) as id order by key
  ) keys`

/**
 * Two common table expressions that append the event and its publication in the statement of the change. `written`
 * names an expression of the same statement with the columns id, user_id, version, data (the task's JSON) and previous
 * (its JSON before the change, null when it was created), in the order that the events shall have.
 */
export const emitCtes = (sql: Sql, written: string, event: Emit): Fragment => sql`
  emitted as (
    insert into events
      (user_id, task_id, type, version, source, change_id, data, previous, traceparent, actor, undoes)
    select w.user_id, w.id, ${event.type === 'each' ? sql`w.type` : sql`${event.type}`}, w.version, ${event.source},
           ${event.changeId}::uuid, w.data::jsonb, w.previous::jsonb, ${event.traceparent},
           ${event.actor ?? null}, ${event.undoes ?? null}::uuid
    from ${raw(sql, written)} w
    returning id, task_id
  ),
  pending as (insert into outbox (id, task_id) select id, task_id from emitted)`

/** For a statement that is put together once (statement.ts): the places of an event in it, and what stands there. */
export const emitSlots = (slot: (name: string) => never): Omit<Emit, 'type'> => ({
  source: slot('source'),
  changeId: slot('changeId'),
  traceparent: slot('traceparent'),
  actor: slot('actor'),
  undoes: slot('undoes'),
})

export const emitValues = ({ source, changeId, traceparent, actor, undoes }: Omit<Emit, 'type'>) => ({
  source,
  changeId,
  traceparent,
  actor: actor ?? null,
  undoes: undoes ?? null,
})
