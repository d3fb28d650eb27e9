import type { ImportReport, TaskRecord, TemplateRecord } from '../../shared/api/transfer.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { lockUser } from '../../shared/db/outbox.ts'
import { AppError } from '../../shared/errors.ts'
import { type Change, emitOf, transactUnlocked, type WriteDeps } from '../change.ts'
import { readRecord } from './read-records.ts'
import { createStage, dropKnown, dropRepeats, rowOf, type StagedTask, stage } from './stage.ts'
import { ensureTags, refreshStatistics, storeStaged, type TagLook } from './store-tasks.ts'
import { storeTemplate, templateFaults } from './store-templates.ts'
import { ownId } from './uid.ts'

const stagedAtOnce = 1_000
const storedAtOnce = 1_000
/** Of a statement, in seconds: those over all staged tasks take as long as the file is, and a machine may be busy. */
const patience = 60
const toldFaults = 50
/** So many new rows that the planner's idea of the tables is wrong until autovacuum comes round. */
const manyRows = 1_000

type Fault = { line: number; pointer: string; code: string; message: string }

/** What the stream has brought so far. Faults are told up to a number, and counted. */
type Intake = {
  templates: { line: number; template: TemplateRecord }[]
  tags: Map<string, TagLook>
  faults: Fault[]
  badLines: number
}

/**
 * Imports a stream of records in one transaction: all of them or, unless `skipBad`, none. What is there already stays as
 * it is, so that importing a file again changes nothing.
 */
export const importRecords = (
  deps: WriteDeps,
  change: Change,
  lines: AsyncIterable<string[]>,
  skipBad: boolean,
): Promise<ImportReport> =>
  transactUnlocked(deps, change, async (sql) => {
    await sql`select set_config('statement_timeout', ${`${patience}s`}, true)`
    await createStage(sql)
    const intake = await takeIn(sql, change.userId, lines)
    if (!skipBad) refuseBad(intake)
    await lockUser(sql, change.userId)
    await ensureTags(sql, change.userId, intake.tags)
    let templates = 0
    let unchanged = 0
    for (const { line, template } of intake.templates) {
      const stored = await storeOne(sql, change, template, line, intake)
      if (stored === true) templates += 1
      else if (stored === false) unchanged += 1
    }
    if (!skipBad) refuseBad(intake)
    unchanged += (await dropRepeats(sql)) + (await dropKnown(sql, change.userId))
    const { tasks, firstId } = await storeAll(sql, change)
    const bad = intake.faults.map(({ line, pointer, message }) => ({ line, pointer, message }))
    return { tasks, templates, unchanged, bad, bad_count: intake.badLines, first_task_id: firstId }
  })

async function takeIn(sql: Sql, userId: string, lines: AsyncIterable<string[]>): Promise<Intake> {
  const intake: Intake = { templates: [], tags: new Map(), faults: [], badLines: 0 }
  let waiting: StagedTask[] = []
  let number = 0
  for await (const some of lines) {
    for (const text of some) {
      number += 1
      if (text.trim() === '') continue
      const record = readRecord(text, number)
      if (record.kind === 'bad')
        addFaults(
          intake,
          record.faults.map((fault) => ({ ...fault, line: record.line })),
        )
      else if (record.kind === 'template') intake.templates.push(record)
      else waiting.push(stagedOf(userId, record.task, number, intake))
    }
    if (waiting.length < stagedAtOnce) continue
    await stage(sql, waiting)
    waiting = []
  }
  if (waiting.length > 0) await stage(sql, waiting)
  return intake
}

function stagedOf(userId: string, task: TaskRecord, n: number, { tags }: Intake): StagedTask {
  for (const tag of task.tags ?? []) {
    const look =
      typeof tag === 'string' ? { name: tag, color: null } : { name: tag.name, color: tag.color ?? null }
    const key = look.name.toLowerCase()
    if (look.color !== null || !tags.has(key)) tags.set(key, look)
  }
  const uid = task.uid ?? null
  return { n, uid, ownId: uid === null ? null : ownId(userId, 'task', uid), row: rowOf(userId, task) }
}

function addFaults(intake: Intake, faults: Fault[]): void {
  intake.badLines += 1
  intake.faults.push(...faults.slice(0, Math.max(0, toldFaults - intake.faults.length)))
}

/** Undefined when its rule was refused, which is one of the faults then. */
async function storeOne(
  sql: Sql,
  change: Change,
  template: TemplateRecord,
  line: number,
  intake: Intake,
): Promise<boolean | undefined> {
  try {
    return await storeTemplate(sql, change, template)
  } catch (error) {
    addFaults(intake, templateFaults(error, line))
    return undefined
  }
}

async function storeAll(sql: Sql, change: Change): Promise<{ tasks: number; firstId: number | null }> {
  const emit = emitOf(change, 'task.created')
  let tasks = 0
  let firstId: number | null = null
  for (let after = 0; ; ) {
    const next = await storeStaged(sql, change.userId, { after, limit: storedAtOnce }, emit)
    tasks += next.stored
    firstId ??= next.firstId
    if (next.last !== null) after = next.last
    else break
  }
  if (tasks >= manyRows) await refreshStatistics(sql)
  return { tasks, firstId }
}

function refuseBad({ faults, badLines }: Intake): void {
  if (badLines === 0) return
  throw new AppError('invalid', `Nothing was imported: ${badLines} of the records cannot be.`, {
    hint: 'Mend them, or leave them out with skip_bad=true.',
    reason: 'bad_records',
    fields: faults.map(({ line, pointer, code, message }) => ({
      pointer: `/${line}${pointer}`,
      code,
      message,
    })),
  })
}
