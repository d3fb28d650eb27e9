import type { NewTemplate, Template, TemplatePatch } from '../../shared/api/recurring-task.ts'
import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { ruleOf } from '../../shared/db/template.ts'
import { AppError } from '../../shared/errors.ts'
import { exdateOf, occurrences, parseRule, type Rule } from '../../shared/recurrence.ts'
import { type Change, emitEach, transact, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { requireMatch } from '../precondition.ts'
import { changesOf } from '../tasks/changes.ts'
import type { StoredTask, TaskColumns } from '../tasks/repository.ts'
import { readTasks, resolveTags, type TaskUpdate, updateTasks } from '../tasks/write.ts'
import {
  changesIn,
  columnsIn,
  columnsOf,
  defaults,
  replanning,
  sameNames,
  todayIn,
  type Wanted,
} from './columns.ts'
import { planAgain, planFirst } from './plan.ts'
import {
  countTemplates,
  deleteTemplate,
  findTemplate,
  insertTemplate,
  openInstances,
  readTemplate,
  type StoredTemplate,
  setTemplateTags,
  type TemplateColumns,
  timeOfUser,
  updateTemplate,
} from './repository.ts'

export type Created = StoredTemplate & { firstTask: string | null }

/** More templates than a person can have on purpose. */
const mostTemplates = 5_000

export const createTemplate = (
  deps: WriteDeps,
  change: Change,
  input: NewTemplate,
  first: boolean,
): Promise<Created> =>
  transact(deps, change, async (sql) => {
    const columns = await complete(sql, change.userId, { ...defaults, ...columnsOf(input) })
    const rule = parseRule(columns)
    if ((await countTemplates(sql, change.userId)) >= mostTemplates) throw tooMany()
    const id = await insertTemplate(sql, change, { ...columns, all_day: rule.allDay })
    await putTags(sql, change.userId, id, input.tags ?? [])
    const template = (await readTemplate(sql, change.userId, id))!
    const made = template.is_active
      ? await planFirst(sql, template, rule, template.now, emitEach(change), first)
      : []
    const stored = (await findTemplate(sql, change.userId, id))!
    return { ...stored, firstTask: made.at(-1)?.data ?? null }
  })

/**
 * `apply_to=open` changes the template's open tasks too. PUT names every field, PATCH some. What changes nothing makes
 * no version; what changes the rule plans anew from now.
 */
export const changeTemplate = (
  deps: WriteDeps,
  change: Change,
  id: number,
  input: NewTemplate | TemplatePatch,
  options: { replace: boolean; applyTo: 'future' | 'open' },
): Promise<StoredTemplate> =>
  transact(deps, change, async (sql) => {
    const before = await lockTemplate(sql, change, id)
    const stored = JSON.parse(before.data) as Template
    const named = columnsOf(input)
    const base = options.replace ? defaults : columnsIn(stored)
    const isDatedAnew = ['start', 'recurrence_pattern', 'cron_expression', 'rrule'].some(
      (name) => name in named,
    )
    const given = { ...base, ...(isDatedAnew && { all_day: null }), ...named }
    const asked = await complete(sql, change.userId, given)
    const rule = parseRule(asked)
    const wanted = { ...asked, all_day: rule.allDay }
    const changed = changesIn(stored, wanted)
    const tags = options.replace ? (input.tags ?? []) : input.tags
    if (Object.keys(changed).length > 0 || !sameNames(stored.tags, tags)) {
      await updateTemplate(sql, id, changed)
      await putTags(sql, change.userId, id, tags)
    }
    if (Object.keys(changed).some((name) => replanning.has(name))) {
      await planAgain(sql, { ...before, ...changed }, rule, before.now)
    }
    if (options.applyTo === 'open') await changeOpen(sql, change, id, options.replace ? wanted : named, tags)
    return (await findTemplate(sql, change.userId, id))!
  })

/** The tasks stay, as ordinary ones, or the open ones go too. */
export const removeTemplate = (
  deps: WriteDeps,
  change: Change,
  id: number,
  instances: 'keep' | 'delete_open',
): Promise<void> =>
  transact(deps, change, async (sql) => {
    await lockTemplate(sql, change, id)
    const open = await readOpen(sql, change.userId, id)
    await deleteTemplate(sql, id)
    // They do not belong to a template any more: whoever follows the open ones is told so.
    const type = instances === 'keep' ? 'task.updated' : 'task.deleted'
    const columns: TaskUpdate['columns'] = instances === 'keep' ? {} : { deleted_at: 'now' }
    const updates = open.map((before): TaskUpdate => ({ before, type, columns, tags: undefined }))
    if (updates.length > 0) await updateTasks(sql, change.userId, updates, emitEach(change))
  })

/** Pausing a paused template, and resuming one that runs, change nothing. */
export const setActive = (
  deps: WriteDeps,
  change: Change,
  id: number,
  isActive: boolean,
): Promise<StoredTemplate> =>
  transact(deps, change, async (sql) => {
    const before = await lockTemplate(sql, change, id)
    if (before.is_active !== isActive) {
      // Also a template whose rule broke can be paused; to resume it the rule must hold.
      const rule = ruleOf(before)
      await updateTemplate(sql, id, { is_active: isActive })
      await planAgain(sql, { ...before, is_active: isActive }, rule, before.now)
    }
    return (await findTemplate(sql, change.userId, id))!
  })

/** Leaves the next occurrence out, for good: it becomes one of the exdates. */
export const skipNext = (deps: WriteDeps, change: Change, id: number): Promise<StoredTemplate> =>
  transact(deps, change, async (sql) => {
    const before = await lockTemplate(sql, change, id)
    if (before.next_occurrence === null) {
      throw new AppError('conflict', 'This template has no next occurrence to skip.', {
        hint: before.is_active ? 'It has ended, or waits for a completion.' : 'Resume it first.',
        reason: 'nothing_to_skip',
      })
    }
    const rule = ruleOf(before)
    const { instant, exdate } = skipped(rule, before.next_occurrence)
    const exdates = [...before.exdates, exdate]
    await updateTemplate(sql, id, { exdates })
    await planAgain(sql, before, parseRule({ ...before, exdates }), instant)
    return (await findTemplate(sql, change.userId, id))!
  })

/** A plan that counts from a completion need not lie on the rule's own dates; then there is nothing to leave out. */
function skipped(rule: Rule, next: Date): { instant: string; exdate: string } {
  const [found] = occurrences(rule, { from: next, limit: 1, generated: 0 })
  if (found === undefined || Date.parse(found.instant) !== next.getTime())
    return { instant: next.toISOString(), exdate: next.toISOString() }
  return { instant: found.instant, exdate: exdateOf(rule, found) }
}

async function lockTemplate(sql: Sql, change: Change, id: number) {
  const template = await readTemplate(sql, change.userId, id)
  if (template === undefined) throw notFound(`Recurring task ${id}`)
  // The plan is part of what a reader sees, though no part of what a writer changes.
  requireMatch(change.ifMatch, (tag) => tag.split('-', 1)[0] === String(template.version))
  return template
}

/** What is neither given nor has a default of its own: the user's zone, and without a start the zone's today. */
export async function complete(sql: Sql, userId: string, given: Partial<Wanted>): Promise<Wanted> {
  const { zone, now } = await timeOfUser(sql, userId)
  const columns = { ...given, time_zone: given.time_zone ?? zone } as Wanted
  if (columns.start == null && columns.cron_expression === null)
    columns.start = todayIn(columns.time_zone, now)
  return columns
}

const tooMany = () =>
  new AppError('conflict', `There are ${mostTemplates.toLocaleString('en-US')} recurring tasks already.`, {
    hint: 'Delete some that are not needed any more.',
    reason: 'too_many_templates',
  })

async function putTags(
  sql: Sql,
  userId: string,
  id: number,
  names: string[] | null | undefined,
): Promise<void> {
  if (names === undefined) return
  const [ids] = await resolveTags(sql, userId, [{ names: names ?? [] }])
  await setTemplateTags(sql, userId, id, ids ?? [])
}

async function readOpen(sql: Sql, userId: string, id: number): Promise<StoredTask[]> {
  const open = await openInstances(sql, userId, id)
  const ids = open.map((one) => one.id)
  return [...(await readTasks(sql, userId, ids)).values()]
}

async function changeOpen(
  sql: Sql,
  change: Change,
  id: number,
  columns: Partial<TemplateColumns>,
  tagNames: string[] | null | undefined,
): Promise<void> {
  const wanted: TaskColumns = {
    ...(columns.template_title !== undefined && { title: columns.template_title }),
    ...(columns.template_description !== undefined && { description: columns.template_description }),
    ...(columns.priority_id !== undefined && { priority_id: columns.priority_id }),
    ...(columns.project !== undefined && { project: columns.project }),
    ...(columns.reminders !== undefined && { reminders: columns.reminders }),
  }
  const open = await readOpen(sql, change.userId, id)
  const choice = tagNames === undefined ? undefined : { names: tagNames ?? [] }
  const [tags] = await resolveTags(sql, change.userId, [choice])
  const updates = open.flatMap((before): TaskUpdate[] => {
    const changes = changesOf(JSON.parse(before.data) as Task, wanted, choice)
    return changes === null
      ? []
      : [{ before, ...changes, tags: changes.tags ? (tags ?? undefined) : undefined }]
  })
  if (updates.length > 0) await updateTasks(sql, change.userId, updates, emitEach(change))
}
