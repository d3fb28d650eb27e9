import type { Db, Sql } from '../shared/db/connect.ts'
import { insertInstances, type NewInstance } from '../shared/db/instances.ts'
import { lockUsers } from '../shared/db/outbox.ts'
import { aheadMs, ruleOf, type TemplateRow, templateColumns } from '../shared/db/template.ts'
import type { Log } from '../shared/log.ts'
import { catchUp } from '../shared/recurrence.ts'
import { noTracing, type Tracing } from '../shared/tracing.ts'

/** What became of one template, to be written back. */
type Step = {
  id: number
  made: number
  missed: number
  next: string | null
  nextRun: string | null
  error: string | null
}

/** Templates of one transaction: their users are locked meanwhile, so it stays short. */
const batchSize = 500

type GenerateDeps = { db: Db; log: Log; onTurn?: (() => void) | undefined; tracing?: Tracing }

/**
 * Makes the instances of every template that is due by the database's clock and answers how many it made. Candidates
 * are read without locks; in the transaction the users are locked first, as every writer does, then the templates that
 * nobody else holds.
 */
export async function generateDue(deps: GenerateDeps, signal: AbortSignal): Promise<number> {
  let made = 0
  for (;;) {
    deps.onTurn?.()
    const batch = await deps.db<Due[]>`
      select id, user_id from recurring_tasks
      where is_active and next_run_at <= now() order by next_run_at limit ${batchSize}`
    if (batch.length === 0 || signal.aborted) return made
    const done = await generateBatch(deps, batch)
    made += done.made
    // Whoever holds the others will finish them.
    if (done.claimed === 0) return made
  }
}

type Due = { id: number; user_id: string }
type Done = { claimed: number; made: number }

/** What the database refuses is tried one by one, so that the template at fault stops and the others go on. */
async function generateBatch(deps: GenerateDeps, batch: Due[]): Promise<Done> {
  const { db, log, tracing = noTracing } = deps
  const span = tracing.begin('make instances', { kind: 'internal', parent: null })
  try {
    const done = await db.begin((sql) => generate(sql, batch, log, span.traceparent))
    span.end({ attributes: { 'todo.instances': done.made } })
    return done
  } catch (error) {
    span.end({ error: 'refused by the database' })
    if (!isRefusal(error)) throw error
    if (batch.length === 1) return stop(db, batch[0]!, error, log)
    const done: Done = { claimed: 0, made: 0 }
    for (const one of batch) {
      const { claimed, made } = await generateBatch(deps, [one])
      done.claimed += claimed
      done.made += made
    }
    return done
  }
}

/** Classes of SQLSTATE that lie in the data (22, 23), or in too much of it at once (a statement's time-out). */
const isRefusal = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && /^(22...|23...|57014)$/.test(String(error.code))

async function stop(db: Db, { id, user_id }: Due, error: Error, log: Log): Promise<Done> {
  log.error({ template: id, err: error }, 'a template was stopped')
  await db.begin(async (sql) => {
    await lockUsers(sql, [user_id])
    await sql`
      update recurring_tasks
      set is_active = false, next_occurrence = null, next_run_at = null, last_error = ${error.message} where id = ${id}`
  })
  return { claimed: 1, made: 0 }
}

async function generate(sql: Sql, batch: Due[], log: Log, traceparent: string | null): Promise<Done> {
  await lockUsers(
    sql,
    batch.map((one) => one.user_id),
  )
  const rows = await sql<(TemplateRow & { now: Date; has_open: boolean })[]>`
    select ${templateColumns(sql)}, now() as now,
      (r.overlap = 'skip' or r.anchor = 'completion') and exists (
        select from tasks t
        where t.recurring_task_id = r.id and t.status <> 'done' and t.deleted_at is null
      ) as has_open
    from recurring_tasks r
    where r.id = any(${batch.map((one) => one.id)}::bigint[]) and r.is_active and r.next_run_at <= now()
    order by r.next_run_at for update of r skip locked`
  const instances: NewInstance[] = []
  const steps = rows.map((row) => {
    const { step, wanted } = stepOf(row, row.now, row.has_open)
    instances.push(...wanted)
    if (step.error !== null) log.error({ template: row.id, error: step.error }, 'a template was stopped')
    return step
  })
  const emit = { source: 'recurrer', changeId: crypto.randomUUID(), traceparent } as const
  const made = await insertInstances(sql, instances, emit)
  const counts = new Map<number, number>()
  for (const one of made) counts.set(one.recurring_task_id, (counts.get(one.recurring_task_id) ?? 0) + 1)
  await advance(
    sql,
    steps.map((step) => ({ ...step, made: counts.get(step.id) ?? 0 })),
  )
  return { claimed: rows.length, made: made.length }
}

/** What a due template makes now, and when it is due again. A rule that breaks stops its template only. */
export function stepOf(row: TemplateRow, now: Date, hasOpen: boolean): { step: Step; wanted: NewInstance[] } {
  try {
    const ahead = aheadMs(row.create_ahead)
    const { due, missed, next } = catchUp(ruleOf(row), {
      after: row.next_occurrence!.getTime() - 1,
      now: now.getTime() + ahead,
      policy: row.catch_up,
      generated: row.generated,
    })
    const onlyOne = row.overlap === 'skip' || row.anchor === 'completion'
    const taken = hasOpen ? [] : onlyOne ? due.slice(-1) : due
    const passed = missed + due.length - taken.length
    // After a completion counts from there: until then nothing is planned.
    const following = row.anchor === 'completion' && (taken.length > 0 || hasOpen) ? null : next
    const step: Step = {
      id: row.id,
      made: taken.length,
      missed: passed,
      next: following?.instant ?? null,
      nextRun: following === null ? null : new Date(Date.parse(following.instant) - ahead).toISOString(),
      error: null,
    }
    return { step, wanted: taken.map((occurrence) => ({ templateId: row.id, occurrence })) }
  } catch (error) {
    const step: Step = {
      id: row.id,
      made: 0,
      missed: 0,
      next: null,
      nextRun: null,
      error: String((error as Error).message),
    }
    return { step, wanted: [] }
  }
}

const advance = (sql: Sql, steps: Step[]) =>
  sql`
    update recurring_tasks r set
      next_occurrence = u.next::timestamptz, next_run_at = u.run::timestamptz,
      generated = r.generated + u.made, missed = r.missed + u.missed,
      last_error = u.error, is_active = r.is_active and u.error is null
    from unnest(
      ${steps.map((one) => one.id)}::bigint[], ${steps.map((one) => one.made)}::integer[],
      ${steps.map((one) => one.missed)}::integer[], ${steps.map((one) => one.next)}::text[],
      ${steps.map((one) => one.nextRun)}::text[], ${steps.map((one) => one.error)}::text[]
    ) as u (id, made, missed, next, run, error)
    where r.id = u.id`
