import type { Tag } from '../../shared/api/tag.ts'
import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import type { Emit } from '../../shared/db/outbox.ts'
import { AppError } from '../../shared/errors.ts'
import { carryingTasks, touchTasks } from '../tags/repository.ts'
import type { StoredTask } from '../tasks/repository.ts'
import type { End } from './states.ts'

type TaskTag = Pick<Tag, 'id' | 'name' | 'color'>

/** The ids of these tags, made again where they were deleted meanwhile: with their id, or as another of that name. */
export async function restoreTags(sql: Sql, userId: string, tags: TaskTag[]): Promise<number[]> {
  if (tags.length === 0) return []
  const rows = await sql<{ id: number }[]>`
    with wanted as (
      select (e ->> 'id')::bigint as id, e ->> 'name' as name, e ->> 'color' as color
      from jsonb_array_elements(${JSON.stringify(tags)}::text::jsonb) as e
    ),
    found as (
      select w.id as wanted_id, g.id from wanted w join tags g on g.user_id = ${userId}
        and (g.id = w.id or (g.name_key = lower(w.name) and not exists (
          select 1 from tags same where same.user_id = ${userId} and same.id = w.id)))
    ),
    made as (
      insert into tags (id, user_id, name, color) overriding system value
      select w.id, ${userId}, w.name, w.color from wanted w where w.id not in (select wanted_id from found)
      returning id
    )
    select id from found union select id from made`
  return rows.map((row) => row.id)
}

/**
 * Gives tags that the change renamed or recoloured their look back, and touches every task that carries them. The
 * events tell it: the same tag's id with another name or colour at either end.
 */
export async function revertTags(
  sql: Sql,
  userId: string,
  plans: { expected: End; target: End }[],
  emit: Omit<Emit, 'type'>,
): Promise<StoredTask[]> {
  const looks = new Map(plans.flatMap(({ expected, target }) => changedLooks(expected, target)))
  if (looks.size === 0) return []
  const before = await carryingTasks(sql, userId, [...looks.keys()])
  for (const [id, { from, to }] of looks) {
    const [tag] = await sql<TaskTag[]>`
      update tags g set name = ${to.name}, color = ${to.color}, version = version + 1
      where g.user_id = ${userId} and g.id = ${id} and g.name = ${from.name}
        and g.color is not distinct from ${from.color}
        and not exists (select 1 from tags o
          where o.user_id = ${userId} and o.id <> g.id and o.name_key = lower(${to.name}::text))
      returning g.id, g.name, g.color`
    if (tag === undefined) throw tagChanged(from, to)
  }
  return touchTasks(sql, userId, before, emit)
}

function changedLooks(
  expected: Task | null,
  target: Task | null,
): [number, { from: TaskTag; to: TaskTag }][] {
  if (expected === null || target === null) return []
  return expected.tags.flatMap((from) => {
    const to = target.tags.find((tag) => tag.id === from.id)
    return to && (to.name !== from.name || to.color !== from.color) ? [[from.id, { from, to }] as const] : []
  }) as [number, { from: TaskTag; to: TaskTag }][]
}

const tagChanged = (from: TaskTag, to: TaskTag) => {
  const values = `${JSON.stringify(from.name)} cannot become ${JSON.stringify(to.name)} again`
  return new AppError('conflict', `The tag ${values}: it was changed since, or the name is taken.`, {
    hint: 'Rename the tag by hand.',
    reason: 'changed_since',
    fields: [
      { pointer: '/tags', code: 'changed_since', message: values, current: from.name, wanted: to.name },
    ],
  })
}
