import type { Sql } from '../../shared/db/connect.ts'
import { inProject, overdue } from '../tasks/filter-condition.ts'

export type StatsQuery = { days: number; zone: string; project: string | undefined }

/** All figures in one statement, so that they fit together. Deleted tasks count nowhere. */
export async function readStats(
  sql: Sql,
  userId: string,
  { days, zone, project }: StatsQuery,
): Promise<string> {
  const within = project === undefined ? sql`` : sql`and ${inProject(sql, project)}`
  const [row] = await sql<{ stats: string }[]>`
    with mine as materialized (
      select t.id, t.status, t.created_at, t.completed_at, ${overdue(sql, sql`${zone}`)} as late,
             (t.created_at at time zone ${zone})::date as made_on, (t.completed_at at time zone ${zone})::date as done_on
      from tasks t where t.user_id = ${userId} and t.deleted_at is null ${within}
    ),
    days as (
      select d::date as day from generate_series(
        (now() at time zone ${zone})::date - ${days - 1}::integer, (now() at time zone ${zone})::date, '1 day') d
    ),
    made as (select made_on as day, count(*) as n from mine group by 1),
    finished as (select done_on as day, count(*) as n from mine where done_on is not null group by 1),
    flow as (
      select days.day, coalesce(m.n, 0) as created, coalesce(f.n, 0) as completed,
             (select count(*) from mine where made_on < (select min(day) from days))
             - (select count(*) from mine where done_on < (select min(day) from days))
             + sum(coalesce(m.n, 0) - coalesce(f.n, 0)) over (order by days.day) as open
      from days left join made m on m.day = days.day left join finished f on f.day = days.day
    ),
    ended as (
      select t.completed_at - t.created_at as lead, t.completed_at - (
          select min(e.created_at) from events e
          where e.task_id = t.id and e.type <> 'task.due.approaching' and e.data ->> 'status' = 'doing'
        ) as cycle
      from mine t where t.done_on >= (select min(day) from days)
    ),
    ages (low, high) as (values (0, 1), (1, 7), (7, 30), (30, 90), (90, null::integer)),
    aged as (
      select a.low, a.high, count(t.id) as n from ages a
      left join mine t on t.status <> 'done' and t.created_at <= now() - make_interval(days => a.low)
        and (a.high is null or t.created_at > now() - make_interval(days => a.high))
      group by 1, 2
    )
    select json_build_object(
      'todo', (select count(*) from mine where status = 'todo'),
      'doing', (select count(*) from mine where status = 'doing'),
      'overdue', (select count(*) from mine where late),
      'done', (select count(*) from mine where status = 'done'),
      'days', (select json_agg(json_build_object(
        'date', day, 'created', created, 'completed', completed, 'open', open) order by day) from flow),
      'lead_time', (select json_build_object('count', count(lead),
        'median', round(extract(epoch from percentile_cont(0.5) within group (order by lead)) / 3600, 2),
        'p85', round(extract(epoch from percentile_cont(0.85) within group (order by lead)) / 3600, 2)) from ended),
      'cycle_time', (select json_build_object('count', count(cycle),
        'median', round(extract(epoch from percentile_cont(0.5) within group (order by cycle)) / 3600, 2),
        'p85', round(extract(epoch from percentile_cont(0.85) within group (order by cycle)) / 3600, 2)) from ended),
      'ages', (select json_agg(json_build_object('from', low, 'to', high, 'count', n) order by low) from aged)
    )::text as stats`
  return row!.stats
}
