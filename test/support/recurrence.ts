import type { Db } from '../../shared/db/connect.ts'

/** A user of the tests in a zone. */
export async function createUser(db: Db, timeZone = 'UTC'): Promise<string> {
  const id = crypto.randomUUID()
  await db`insert into users (id, email, time_zone) values (${id}, ${`${id}@example.org`}, ${timeZone})`
  return id
}

/**
 * A template as it lies in the database after the recurrer was away: `dueDays` days ago its next task was due. Other
 * columns as given.
 */
export async function createTemplate(
  db: Db,
  userId: string,
  { dueDays = 0, ...columns }: Record<string, unknown> & { dueDays?: number } = {},
): Promise<number> {
  const row = {
    user_id: userId,
    template_title: 'Water plants',
    recurrence_pattern: 'daily',
    time_zone: 'UTC',
    ...columns,
  }
  const [made] = await db<{ id: number }[]>`
    insert into recurring_tasks ${db({ start: '2026-01-01T00:00', ...row } as never)} returning id`
  await db`
    update recurring_tasks set
      next_occurrence = date_trunc('day', now()) - make_interval(days => ${dueDays}),
      next_run_at = date_trunc('day', now()) - make_interval(days => ${dueDays})
    where id = ${made!.id}`
  return made!.id
}

export type Instance = { id: number; occurrence_at: Date; due_at: Date | null; due_date: string | null }

export const instancesOf = (db: Db, id: number) =>
  db<Instance[]>`
    select id, occurrence_at, due_at, due_date::text from tasks where recurring_task_id = ${id} order by occurrence_at`

/** Whole days from the database's today, oldest first: -2 is the day before yesterday. */
export async function daysOf(db: Db, id: number): Promise<number[]> {
  const rows = await db<{ day: number }[]>`
    select extract(epoch from occurrence_at - date_trunc('day', now()))::float / 86400 as day
    from tasks where recurring_task_id = ${id} order by occurrence_at`
  return rows.map(({ day }) => day)
}
