import type { Sql } from '../../shared/db/connect.ts'
import type { Change } from '../change.ts'

/** A change that can be taken back, or brought again. `lastEvent` is its newest event. */
export type Unit = { changeId: string; lastEvent: number }

export type Logged = { task_id: number; type: string; data: string; previous: string | null }

/**
 * The newest change of the asker that stands: one that was never undone, or one that was redone since. Reminders and
 * what the recurrer does are nobody's commands.
 */
export async function nextToUndo(sql: Sql, { userId, actor }: Change): Promise<Unit | undefined> {
  const [unit] = await sql<Unit[]>`
    select change_id as "changeId", last_event as "lastEvent" from (
      (select e.change_id, e.id as last_event, e.id as position from events e
       where e.user_id = ${userId} and e.source = 'server' and e.undoes is null and e.actor is not distinct from ${actor}
         and not exists (select 1 from undo_states s where s.change_id = e.change_id)
       order by e.id desc limit 1)
      union all
      (select change_id, last_event, position from undo_states
       where user_id = ${userId} and actor is not distinct from ${actor} and not undone
       order by position desc limit 1)
    ) unit order by position desc limit 1`
  return unit
}

/** The change that was undone last. */
export async function nextToRedo(sql: Sql, { userId, actor }: Change): Promise<Unit | undefined> {
  const [unit] = await sql<Unit[]>`
    select change_id as "changeId", last_event as "lastEvent" from undo_states
    where user_id = ${userId} and actor is not distinct from ${actor} and undone
    order by position desc limit 1`
  return unit
}

/**
 * The events of a change, oldest first. They lie together, because one user's writes are serialised: reading back
 * from the last one ends at the change before.
 */
export const eventsOf = (sql: Sql, userId: string, { changeId, lastEvent }: Unit): Promise<Logged[]> =>
  sql<Logged[]>`
    select task_id, type, data::text, previous::text from events
    where user_id = ${userId} and change_id = ${changeId} and id <= ${lastEvent}
      and id > coalesce((
        select id from events
        where user_id = ${userId} and id < ${lastEvent} and source = 'server' and change_id <> ${changeId}
        order by id desc limit 1
      ), 0)
    order by id`

/** The position is drawn from the events' own sequence, so that undone, redone and new changes are in one order. */
export const markUnit = (sql: Sql, { userId, actor }: Change, unit: Unit, undone: boolean) =>
  sql`
    insert into undo_states (user_id, change_id, actor, undone, last_event, position)
    values (${userId}, ${unit.changeId}, ${actor}, ${undone}, ${unit.lastEvent},
            nextval(pg_get_serial_sequence('events', 'id')))
    on conflict (change_id) do update set undone = excluded.undone, position = excluded.position`
