import type { NewTag, Tag } from '../../shared/api/tag.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { type Change, emitEach, transact, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { requireMatch } from '../precondition.ts'
import { carryingTasks, deleteTag, findTag, insertTag, touchTasks, updateTag } from './repository.ts'

export async function createTag(deps: WriteDeps, change: Change, input: NewTag): Promise<Tag> {
  const tag = await transact(deps, change, (sql) => insertTag(sql, change.userId, input))
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

const touchingTasks = (
  deps: WriteDeps,
  change: Change,
  id: number,
  work: (sql: Sql) => Promise<unknown>,
  newName?: string,
): Promise<Tag | undefined> =>
  transact(deps, change, async (sql) => {
    const tag = await findTag(sql, change.userId, id)
    if (tag === undefined) throw notFound(`Tag ${id}`)
    requireTagVersion(change.ifMatch, tag)
    const before = await carryingTasks(sql, change.userId, [id])
    try {
      await work(sql)
    } catch (error) {
      if (isUniqueViolation(error) && newName !== undefined) throw taken(newName)
      throw error
    }
    await touchTasks(sql, change.userId, before, emitEach(change))
    return findTag(sql, change.userId, id)
  })

/** Only the version before the count is compared: a task more or less with the tag is no change of the tag. */
const requireTagVersion = (header: string | null, tag: Tag) =>
  requireMatch(header, (given) => given.split('-', 1)[0] === String(tag.version))

const isUniqueViolation = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '23505'

const taken = (name: string) =>
  new AppError('conflict', `There is a tag ${JSON.stringify(name)} already.`, {
    hint: 'Case does not make two names different; use the tag that is there.',
    reason: 'tag_taken',
    fields: [{ pointer: '/name', code: 'taken', message: 'is taken' }],
  })
