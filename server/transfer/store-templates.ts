import type { TemplateRecord } from '../../shared/api/transfer.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { parseRule } from '../../shared/recurrence.ts'
import type { Change } from '../change.ts'
import { columnsOf, defaults } from '../recurring-tasks/columns.ts'
import { planAgain } from '../recurring-tasks/plan.ts'
import { insertTemplate, readTemplate, setTemplateTags } from '../recurring-tasks/repository.ts'
import { complete } from '../recurring-tasks/service.ts'
import { resolveTags } from '../tasks/write.ts'
import { ownId } from './uid.ts'

export type TemplateFault = { line: number; pointer: string; code: string; message: string }

/**
 * Stores a template that is not there yet. Its plan goes on where it stood: what its tasks were made for is not made
 * again. Answers whether it was stored; throws `invalid` for a rule that the engine refuses.
 */
export async function storeTemplate(sql: Sql, change: Change, record: TemplateRecord): Promise<boolean> {
  const { userId } = change
  const { uid, extra, line: _line, created_at, next_occurrence, generated, missed, ...input } = record
  if (uid !== undefined && (await isKnown(sql, userId, uid))) return false
  const columns = await complete(sql, userId, { ...defaults, ...columnsOf(input) })
  const rule = parseRule(columns)
  const id = await insertTemplate(sql, change, { ...columns, all_day: rule.allDay })
  const [tagIds] = await resolveTags(sql, userId, [{ names: input.tags ?? [] }])
  await setTemplateTags(sql, userId, id, tagIds ?? [])
  await sql`
    update recurring_tasks set generated = ${generated ?? 0}, missed = ${missed ?? 0},
      created_at = coalesce(${created_at ?? null}::text::timestamptz, created_at)
    where id = ${id}`
  const template = (await readTemplate(sql, userId, id))!
  // A moment before the occurrence that came next there, so that it comes next here.
  const after = next_occurrence ? new Date(Date.parse(next_occurrence) - 1) : template.now
  const waits = record.anchor === 'completion' && next_occurrence == null
  if (!waits) await planAgain(sql, template, rule, after)
  if (uid !== undefined) {
    await sql`
      insert into origins (user_id, uid, recurring_task_id, extra)
      values (${userId}, ${uid}, ${id}, ${extra == null ? null : JSON.stringify(extra)}::text::json)
      on conflict (user_id, uid) do update
        set recurring_task_id = excluded.recurring_task_id, task_id = null, extra = excluded.extra`
  }
  return true
}

async function isKnown(sql: Sql, userId: string, uid: string): Promise<boolean> {
  const [row] = await sql`
    select r.id from recurring_tasks r
    where r.user_id = ${userId} and (r.id = ${ownId(userId, 'template', uid)} or r.id = (
      select o.recurring_task_id from origins o where o.user_id = ${userId} and o.uid = ${uid}))`
  return row !== undefined
}

/** The faults of a refused rule, for the report. */
export function templateFaults(error: unknown, line: number): TemplateFault[] {
  if (!(error instanceof AppError) || error.code !== 'invalid') throw error
  if (error.fields.length === 0) return [{ line, pointer: '', code: 'invalid', message: error.message }]
  return error.fields.map(({ pointer, code, message }) => ({ line, pointer, code, message }))
}
