import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { insertInstances } from '../../shared/db/instances.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import { ruleOf } from '../../shared/db/template.ts'
import { afterCompletion } from '../../shared/recurrence.ts'
import { type Change, emitEach } from '../change.ts'
import type { StoredTask } from '../tasks/repository.ts'
import { readTasks, type TaskUpdate, updateTasks } from '../tasks/write.ts'
import { planTemplate, readTemplate } from './repository.ts'

/**
 * Changes tasks and what follows from it for templates that count from the completion: completing an instance makes
 * its successor, reopening it takes an untouched successor back. All of it is one change, so one undo.
 */
export async function updateWithSeries(
  sql: Sql,
  change: Change,
  updates: TaskUpdate[],
): Promise<StoredTask[]> {
  const written = await updateTasks(sql, change.userId, updates, emitEach(change))
  for (const { before, type } of updates) {
    if (type !== 'task.completed' && type !== 'task.reopened') continue
    const task = JSON.parse(before.data) as Task
    if (task.recurring_task_id === null || task.occurrence_at === null) continue
    if (type === 'task.completed') await succeed(sql, change, task)
    else await takeBack(sql, change, task)
  }
  return written
}

async function succeed(sql: Sql, change: Change, task: Task): Promise<void> {
  const template = await readTemplate(sql, change.userId, task.recurring_task_id!)
  if (template?.anchor !== 'completion' || !template.is_active) return
  if ((await openAfter(sql, change.userId, task)) !== undefined) return
  const occurrence = afterCompletion(ruleOf(template), template.now, { generated: template.generated })
  if (occurrence === null) return
  const wanted = [{ templateId: template.id, occurrence }]
  const made = await insertInstances(sql, wanted, emitEach(change), { revive: true })
  await planTemplate(sql, template.id, { next: null, nextRun: null, made: made.length })
}

async function takeBack(sql: Sql, change: Change, task: Task): Promise<void> {
  const template = await readTemplate(sql, change.userId, task.recurring_task_id!)
  if (template?.anchor !== 'completion') return
  const successor = await openAfter(sql, change.userId, task)
  if (successor === undefined || !(await isUntouched(sql, successor))) return
  const before = (await readTasks(sql, change.userId, [successor])).get(successor)!
  const update: TaskUpdate = { before, type: 'task.deleted', columns: { deleted_at: 'now' }, tags: undefined }
  await updateTasks(sql, change.userId, [update], emitEach(change))
  await planTemplate(sql, template.id, { next: null, nextRun: null, made: -1 })
}

async function openAfter(sql: Sql, userId: string, task: Task): Promise<number | undefined> {
  const [row] = await sql<{ id: number }[]>`
    select id from tasks where user_id = ${userId} and recurring_task_id = ${task.recurring_task_id}
      and id <> ${task.id} and status <> 'done' and deleted_at is null
    order by occurrence_at limit 1`
  return row?.id
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
       order by t.occurrence_at limit 1) as task,
      to_char(r.next_occurrence at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as next
    from recurring_tasks r where r.user_id = ${userId} and r.id = ${task.recurring_task_id}`
  if (row === undefined) return 'null'
  return row.task ?? (row.next === null ? 'null' : JSON.stringify({ occurrence_at: row.next }))
}
