import type { Sql } from '../../shared/db/connect.ts'
import { type Emit, emitCtes } from '../../shared/db/outbox.ts'
import { tagsOfIds, taskJson } from '../../shared/db/task-json.ts'

/** How many were stored, 0 at the end; the first of their ids, and the last of their places in the file. */
export type Stored = { stored: number; firstId: number | null; last: number | null }

/**
 * Stores the staged tasks behind the place `after` (at most `limit`), each with its tags, its origin, its event and its
 * publication, in the order of the file. Times of making and completion stay as they were.
 */
export async function storeStaged(
  sql: Sql,
  userId: string,
  { after, limit }: { after: number; limit: number },
  emit: Emit,
): Promise<Stored> {
  const [row] = await sql<[Stored]>`
    with taken as (select * from staged where n > ${after} order by n limit ${limit}),
    input as materialized (
      select s.n, s.uid, s.row, nextval(pg_get_serial_sequence('tasks', 'id')) as id,
             array(select distinct g.id from jsonb_array_elements_text(s.row -> 'tags') as w (wanted)
                   join tags g on g.user_id = ${userId} and g.name_key = lower(w.wanted)) as tag_ids,
             coalesce(o.recurring_task_id, r.id) as template_id
      from taken s
      left join origins o on o.user_id = ${userId} and o.uid = (s.row ->> 'recurring_task_uid')::uuid
      left join recurring_tasks r on r.user_id = ${userId} and r.id = (s.row ->> 'own_template_id')::bigint
      order by s.n
    ),
    made as (
      insert into tasks (id, user_id, title, description, status, priority_id, project, due_date, due_at, position,
                         reminders, created_at, completed_at, recurring_task_id, occurrence_at)
      overriding system value
      select i.id, ${userId}, i.row ->> 'title', i.row ->> 'description', i.row ->> 'status',
             (i.row ->> 'priority_id')::bigint, i.row ->> 'project', (i.row ->> 'due_date')::date,
             (i.row ->> 'due_at')::timestamptz,
             coalesce((i.row ->> 'position')::double precision, extract(epoch from now()) + i.n * 1e-6),
             case when jsonb_typeof(i.row -> 'reminders') = 'array'
               then array(select jsonb_array_elements_text(i.row -> 'reminders')) else '{1d}' end,
             coalesce((i.row ->> 'created_at')::timestamptz, now()),
             case when i.row ->> 'status' = 'done' then coalesce((i.row ->> 'completed_at')::timestamptz, now()) end,
             case when x.id is null then i.template_id end,
             case when x.id is null and i.template_id is not null then (i.row ->> 'occurrence_at')::timestamptz end
      from input i
      left join tasks x on x.recurring_task_id = i.template_id
        and x.occurrence_at = (i.row ->> 'occurrence_at')::timestamptz
      order by i.n
      returning *
    ),
    task as materialized (select m.*, i.tag_ids, i.n, i.uid, i.row from made m join input i on i.id = m.id),
    linked as (
      insert into task_tags (user_id, task_id, tag_id)
      select t.user_id, t.id, unnest(t.tag_ids) from task t
    ),
    known as (
      insert into origins (user_id, uid, task_id, extra)
      select t.user_id, coalesce(t.uid, gen_random_uuid()), t.id, case when jsonb_typeof(t.row -> 'extra') = 'object' then (t.row -> 'extra')::json end
      from task t where t.uid is not null or jsonb_typeof(t.row -> 'extra') = 'object'
      on conflict (user_id, uid) do update
        set task_id = excluded.task_id, recurring_task_id = null, extra = excluded.extra
    ),
    written as materialized (
      select t.id, t.user_id, t.version, t.n, null as previous, ${taskJson(sql, 't', tagsOfIds('t'))} as data
      from task t order by t.n
    ),
    ${emitCtes(sql, 'written', emit)}
    select count(*) as stored, min(id) as "firstId", max(n) as last from written`
  return row!
}

/** Makes the tags that are missing, with the colour that the import gives them. */
export async function ensureTags(sql: Sql, userId: string, tags: Map<string, TagLook>): Promise<void> {
  if (tags.size === 0) return
  const looks = [...tags.values()]
  await sql`
    insert into tags (user_id, name, color)
    select ${userId}, name, color
    from unnest(${looks.map((tag) => tag.name)}::text[], ${looks.map((tag) => tag.color)}::text[]) as t (name, color)
    on conflict on constraint tags_name_key do nothing`
}

export type TagLook = { name: string; color: string | null }

/** The next list would be planned for the tables as they were, and may take a hundred times as long. */
export const refreshStatistics = (sql: Sql) => sql`analyze tasks, task_tags, origins`
