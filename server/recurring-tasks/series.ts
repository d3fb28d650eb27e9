import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { insertInstances } from '../../shared/db/instances.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import { aheadMs, ruleOf, type TemplateRow } from '../../shared/db/template.ts'
import { AppError } from '../../shared/errors.ts'
import { afterCompletion, type Occurrence } from '../../shared/recurrence.ts'
import { type Change, emitEach } from '../change.ts'
import type { StoredTask } from '../tasks/repository.ts'
import { readTasks, type TaskUpdate, updateTasks } from '../tasks/write.ts'
import { runOf } from './plan.ts'
import { planTemplate, readTemplate, stopTemplate } from './repository.ts'

/**
 * Changes tasks and what follows from it for templates that count from the completion: completing an instance makes
 * its successor, reopening it takes an untouched successor back, deleting it plans the next one. All of it is one
 * change, so one undo.
 */
export async function updateWithSeries(
  sql: Sql,
  change: Change,
  updates: TaskUpdate[],
): Promise<StoredTask[]> {
  const written = await updateTasks(sql, change.userId, updates, emitEach(change))
  for (const { before, type } of updates) {
    const task = JSON.parse(before.data) as Task
    if (task.recurring_task_id === null || task.occurrence_at === null) continue
    if (type === 'task.completed') await succeed(sql, change, task)
    else if (type === 'task.reopened') await takeBack(sql, change, task)
    else if (type === 'task.deleted' && task.status !== 'done') await planAfterDeletion(sql, change, task)
  }
  return written
}

/** So often a date that has a task already makes way for the one after it. */
const mostTries = 100

async function succeed(sql: Sql, change: Change, task: Task): Promise<void> {
  const template = await runningTemplate(sql, change, task)
  if (template === undefined) return
  let occurrence = await following(sql, template, template.now)
  for (let tries = 0; occurrence !== null && tries < mostTries; tries += 1) {
    const wanted = [{ templateId: template.id, occurrence }]
    const [made] = await insertInstances(sql, wanted, emitEach(change), { revive: true })
    if (made !== undefined) {
      await planTemplate(sql, template.id, { next: null, nextRun: null, made: made.version === 1 ? 1 : 0 })
      return
    }
    // Completed before its time, the counted date may be that of a task which was done already.
    occurrence = await following(sql, template, occurrence.instant)
  }
  await planTemplate(sql, template.id, { next: null, nextRun: null })
}

/** Who deletes the open task does not want it, but has not ended the series. */
async function planAfterDeletion(sql: Sql, change: Change, task: Task): Promise<void> {
  const template = await runningTemplate(sql, change, task)
  if (template === undefined) return
  const counted = await following(sql, template, template.now)
  const isLater = counted === null || counted.instant > task.occurrence_at!
  const next = isLater ? counted : await following(sql, template, task.occurrence_at!)
  await planTemplate(sql, template.id, runOf(next, aheadMs(template.create_ahead)))
}

/** The task's template when it counts from completions, runs, and no other of its tasks is open. */
async function runningTemplate(sql: Sql, change: Change, task: Task) {
  const template = await readTemplate(sql, change.userId, task.recurring_task_id!)
  if (template?.anchor !== 'completion' || !template.is_active) return undefined
  return (await openBeside(sql, change.userId, task)) === undefined ? template : undefined
}

/** A rule that cannot be used any more stops its template; the task is done all the same. */
async function following(sql: Sql, row: TemplateRow, after: Date | string): Promise<Occurrence | null> {
  try {
    return afterCompletion(ruleOf(row), after, { generated: row.generated })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    await stopTemplate(sql, row.id, error.message)
    return null
  }
}

async function takeBack(sql: Sql, change: Change, task: Task): Promise<void> {
  const template = await readTemplate(sql, change.userId, task.recurring_task_id!)
  if (template?.anchor !== 'completion' || (await wasFollowed(sql, change.userId, task))) return
  const successor = await openBeside(sql, change.userId, task)
  if (successor === undefined || !(await isUntouched(sql, successor))) return
  const before = (await readTasks(sql, change.userId, [successor])).get(successor)!
  const update: TaskUpdate = { before, type: 'task.deleted', columns: { deleted_at: 'now' }, tags: undefined }
  await updateTasks(sql, change.userId, [update], emitEach(change))
}

async function openBeside(sql: Sql, userId: string, task: Task): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    select id from tasks where user_id = ${userId} and recurring_task_id = ${task.recurring_task_id}
      and id <> ${task.id} and status <> 'done' and deleted_at is null
    order by occurrence_at limit 1`
  return row?.id
}

/** A later task of the series was completed after this one: what is open now is not this one's successor. */
async function wasFollowed(sql: Sql, userId: string, task: Task): Promise<boolean> {
  const [row] = await sql`
    select 1 from tasks where user_id = ${userId} and recurring_task_id = ${task.recurring_task_id}
      and id <> ${task.id} and deleted_at is null and completed_at > ${task.completed_at}::text::timestamptz limit 1`
  return row !== undefined
}

/** Nobody has changed it since it was made (or made again). */
async function isUntouched(sql: Sql, id: number): Promise<boolean> {
  const [row] = await sql<{ type: string }[]>`
    select e.type from events e join tasks t on t.id = e.task_id and t.version = e.version
    where t.id = ${id} and e.type <> 'task.due.approaching'`
  return row?.type === 'task.created'
}

/** What comes after a task of a series, as JSON: the next open task, else when it will be, else null. */
export async function nextOf(sql: Sql, userId: string, { data }: StoredTask): Promise<string> {
  const task = JSON.parse(data) as Task
  if (task.recurring_task_id === null) return 'null'
  const [row] = await sql<{ task: string | null; next: string | null }[]>`
    select
      (select ${taskJson(sql, 't')}::text from tasks t
       where t.user_id = ${userId} and t.recurring_task_id = r.id and t.id <> ${task.id}
         and t.status <> 'done' and t.deleted_at is null
         and (r.anchor = 'completion' or t.occurrence_at > ${task.occurrence_at}::text::timestamptz)
       order by t.occurrence_at limit 1) as task,
      to_char(r.next_occurrence at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as next
    from recurring_tasks r where r.user_id = ${userId} and r.id = ${task.recurring_task_id}`
  if (row === undefined) return 'null'
  return row.task ?? (row.next === null ? 'null' : JSON.stringify({ occurrence_at: row.next }))
}
