import type { NewTemplate, TemplatePatch } from '../../shared/api/recurring-task.ts'
import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { ruleOf, type TemplateRow } from '../../shared/db/template.ts'
import { AppError } from '../../shared/errors.ts'
import { exdateOf, occurrences, parseRule } from '../../shared/recurrence.ts'
import { type Change, emitEach, transact, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { requireMatch } from '../precondition.ts'
import { changesOf } from '../tasks/changes.ts'
import type { TaskColumns } from '../tasks/repository.ts'
import { readTasks, resolveTags, type TaskUpdate, updateTasks } from '../tasks/write.ts'
import { columnsOf, defaults, ruleNames } from './columns.ts'
import { planAgain, planFirst } from './plan.ts'
import {
  deleteTemplate,
  findTemplate,
  insertTemplate,
  openInstances,
  readTemplate,
  type StoredTemplate,
  setTemplateTags,
  type TemplateColumns,
  updateTemplate,
  zoneOfUser,
} from './repository.ts'

export type Created = StoredTemplate & { firstTask: string | null }

export const createTemplate = (
  deps: WriteDeps,
  change: Change,
  input: NewTemplate,
  first: boolean,
): Promise<Created> =>
  transact(deps, change, async (sql) => {
    const columns = await complete(sql, change.userId, columnsOf(input))
    const rule = parseRule(columns)
    const id = await insertTemplate(sql, change.userId, { ...columns, all_day: rule.allDay })
    await putTags(sql, change.userId, id, input.tags)
    const template = (await readTemplate(sql, change.userId, id))!
    const made = template.is_active
      ? await planFirst(sql, template, rule, template.now, emitEach(change), first)
      : []
    const stored = (await findTemplate(sql, change.userId, id))!
    return { ...stored, firstTask: made.at(-1)?.data ?? null }
  })

/** `apply_to=open` changes the template's open tasks too. PUT names every field, PATCH some. */
export const changeTemplate = (
  deps: WriteDeps,
  change: Change,
  id: number,
  input: NewTemplate | TemplatePatch,
  options: { replace: boolean; applyTo: 'future' | 'open' },
): Promise<StoredTemplate> =>
  transact(deps, change, async (sql) => {
    const before = await lockTemplate(sql, change, id)
    const named = columnsOf(input)
    const wanted = options.replace ? await complete(sql, change.userId, named) : { ...before, ...named }
    const rule = parseRule({
      ...wanted,
      all_day: 'start' in named || options.replace ? (named.all_day ?? null) : wanted.all_day,
    })
    const columns = { ...(options.replace ? (wanted as TemplateColumns) : named), all_day: rule.allDay }
    const changed = Object.entries(columns).filter(([name, value]) => !isSame((before as never)[name], value))
    if (changed.length > 0 || input.tags !== undefined || options.replace) {
      await updateTemplate(sql, id, Object.fromEntries(changed) as Partial<TemplateColumns>)
      await putTags(sql, change.userId, id, options.replace ? (input.tags ?? []) : input.tags)
    }
    if (changed.some(([name]) => name === 'is_active' || (ruleNames as readonly string[]).includes(name))) {
      const after = { ...before, ...columns } as TemplateRow & { is_active: boolean }
      await planAgain(sql, after, rule, before.now)
    }
    if (options.applyTo === 'open') await changeOpen(sql, change, id, columns, input.tags)
    return (await findTemplate(sql, change.userId, id))!
  })

export const removeTemplate = (
  deps: WriteDeps,
  change: Change,
  id: number,
  instances: 'keep' | 'delete_open',
): Promise<void> =>
  transact(deps, change, async (sql) => {
    await lockTemplate(sql, change, id)
    if (instances === 'delete_open') {
      const open = await openInstances(sql, change.userId, id)
      const found = await readTasks(
        sql,
        change.userId,
        open.map((one) => one.id),
      )
      const updates = [...found.values()].map(
        (before): TaskUpdate => ({
          before,
          type: 'task.deleted',
          columns: { deleted_at: 'now' },
          tags: undefined,
        }),
      )
      if (updates.length > 0) await updateTasks(sql, change.userId, updates, emitEach(change))
    }
    await deleteTemplate(sql, id)
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
      })
    }
    const rule = ruleOf(before)
    const [skipped] = occurrences(rule, { from: before.next_occurrence, limit: 1 })
    const exdates = [...before.exdates, exdateOf(rule, skipped!)]
    await updateTemplate(sql, id, { exdates })
    await planAgain(sql, before, parseRule({ ...before, exdates }), skipped!.instant)
    return (await findTemplate(sql, change.userId, id))!
  })

async function lockTemplate(sql: Sql, change: Change, id: number) {
  const template = await readTemplate(sql, change.userId, id)
  if (template === undefined) throw notFound(`Recurring task ${id}`)
  // The plan is part of what a reader sees, though no part of what a writer changes.
  requireMatch(change.ifMatch, (tag) => tag.split('-', 1)[0] === String(template.version))
  return template
}

/** Absent fields of a new or replaced template. Without a start it begins on the user's today. */
async function complete(sql: Sql, userId: string, given: Partial<TemplateColumns>): Promise<TemplateColumns> {
  const zone = given.time_zone ?? (await zoneOfUser(sql, userId))
  const columns = { ...defaults, ...given, time_zone: zone } as unknown as TemplateColumns
  if (columns.start === null && columns.cron_expression === null) columns.start = todayIn(zone)
  return columns
}

/** Null for a zone that does not exist: the engine tells what is wrong with it. */
function todayIn(timeZone: string): string | null {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone }).format()
  } catch {
    return null
  }
}

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
  const open = await openInstances(sql, change.userId, id)
  const found = await readTasks(
    sql,
    change.userId,
    open.map((one) => one.id),
  )
  const choice = tagNames === undefined ? undefined : { names: tagNames ?? [] }
  const [tags] = await resolveTags(sql, change.userId, [choice])
  const updates = [...found.values()].flatMap((before): TaskUpdate[] => {
    const changes = changesOf(JSON.parse(before.data) as Task, wanted, choice)
    return changes === null
      ? []
      : [{ before, ...changes, tags: changes.tags ? (tags ?? undefined) : undefined }]
  })
  if (updates.length > 0) await updateTasks(sql, change.userId, updates, emitEach(change))
}

const isSame = (before: unknown, after: unknown) => JSON.stringify(before) === JSON.stringify(after)
