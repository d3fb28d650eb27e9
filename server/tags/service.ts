import type { NewTag, Tag } from '../../shared/api/tag.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { emitCtes, lockUser } from '../../shared/db/outbox.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import { AppError } from '../../shared/errors.ts'
import { type Change, emitOf, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { deleteTag, findTag, insertTag, updateTag } from './repository.ts'

export async function createTag(deps: WriteDeps, change: Change, input: NewTag): Promise<Tag> {
  const tag = await insertTag(deps.db, change.userId, input)
  if (tag === undefined) throw taken(input.name)
  return tag
}

/** The tasks that carry the tag change with it: each gets a new version and its event. */
export async function replaceTag(deps: WriteDeps, change: Change, id: number, input: NewTag): Promise<Tag> {
  const tag = await touchingTasks(
    deps,
    change,
    id,
    (sql) => updateTag(sql, change.userId, id, input),
    input.name,
  )
  return tag!
}

export async function removeTag(deps: WriteDeps, change: Change, id: number): Promise<void> {
  await touchingTasks(deps, change, id, (sql) => deleteTag(sql, change.userId, id))
}

async function touchingTasks(
  deps: WriteDeps,
  change: Change,
  id: number,
  work: (sql: Sql) => Promise<unknown>,
  newName?: string,
): Promise<Tag | undefined> {
  const tag = await deps.db.begin(async (sql) => {
    await lockUser(sql, change.userId)
    if ((await findTag(sql, change.userId, id)) === undefined) throw notFound(`Tag ${id}`)
    const before = await sql<{ id: number; data: string }[]>`
      select t.id, ${taskJson(sql, 't')}::text as data from tasks t join task_tags l on l.task_id = t.id
      where l.tag_id = ${id} and t.deleted_at is null`
    try {
      await work(sql)
    } catch (error) {
      if (isUniqueViolation(error) && newName !== undefined) throw taken(newName)
      throw error
    }
    await touch(sql, change, before)
    return findTag(sql, change.userId, id)
  })
  deps.onCommit()
  return tag
}

async function touch(sql: Sql, change: Change, before: { id: number; data: string }[]): Promise<void> {
  if (before.length === 0) return
  await sql`
    with old as (
      select * from unnest(${before.map((one) => one.id)}::bigint[], ${before.map((one) => one.data)}::text[])
        as old (id, data)
    ),
    task as (
      update tasks t set version = t.version + 1, updated_at = now() from old where t.id = old.id returning t.*
    ),
    written as (
      select t.id, t.user_id, t.version, ${taskJson(sql, 't')} as data, old.data as previous
      from task t join old on old.id = t.id order by t.id
    ),
    ${emitCtes(sql, 'written', emitOf(change, 'task.updated'))}
    select 1`
}

const isUniqueViolation = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '23505'

const taken = (name: string) =>
  new AppError('conflict', `There is a tag ${JSON.stringify(name)} already.`, {
    hint: 'Case does not make two names different; use the tag that is there.',
    reason: 'tag_taken',
    fields: [{ pointer: '/name', code: 'taken', message: 'is taken' }],
  })
