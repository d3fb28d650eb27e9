import { type Batch, Operation } from '../../shared/api/batch.ts'
import type { Problem } from '../../shared/api/common.ts'
import type { Task } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError, type FieldError } from '../../shared/errors.ts'
import { type Change, emitEach, transact, type WriteDeps } from '../change.ts'
import { notFound } from '../mount.ts'
import { toProblem } from '../problem.ts'
import { nextOf, updateWithSeries } from '../recurring-tasks/series.ts'
import { check, faultsError } from '../validate.ts'
import type { ChangeSet } from './changes.ts'
import type { StoredTask, TagChoice, TaskColumns } from './repository.ts'
import { columnsOf, completing, type Decide, deleting, patching, tagsOf, unknownTags } from './service.ts'
import { insertTasks, readTasks, resolveTags, type TaskUpdate } from './write.ts'

/** What became of one operation; `problem` stands in place of the task when it was not done, `next` is JSON. */
export type Result = { status: number; task?: StoredTask; problem?: Problem; next?: string }

type Create = { n: number; status: 201; columns: TaskColumns; tags: TagChoice }
type Edit = { n: number; status: 200 | 204; id: number; decide: Decide; completes?: boolean }
type Step = Create | Edit

/**
 * Does the operations in their order in one transaction: one unit of undo. Steps that touch different tasks go to the
 * database together, so a hundred of them cost a handful of statements.
 */
export function runBatch(
  deps: WriteDeps,
  change: Change,
  { operations, atomic = false }: Batch,
  requestId: string,
): Promise<Result[]> {
  const faults = new Map<number, AppError>()
  const steps = operations.flatMap((operation, n) => stepOf(operation, n, faults))
  if (atomic) refuseAny(faults)
  return transact(deps, change, async (sql) => {
    const done = new Map<number, Result>()
    for (const wave of wavesOf(steps)) {
      await runWave(sql, change, wave, done, faults, atomic)
      if (atomic) refuseAny(faults)
    }
    for (const step of steps) {
      const result = done.get(step.n)
      if ('completes' in step && step.completes && result?.task)
        result.next = await nextOf(sql, change.userId, result.task)
    }
    return operations.map((_, n) => done.get(n) ?? refused(faults.get(n)!, n, requestId))
  })
}

function stepOf(operation: unknown, n: number, faults: Map<number, AppError>): Step[] {
  const checked = check(Operation, operation)
  if (checked.faults.length > 0) {
    faults.set(n, faultsError(checked.faults))
    return []
  }
  const asked = checked.value
  if (asked.op === 'create') {
    return [{ n, status: 201, columns: columnsOf(asked.body), tags: tagsOf(asked.body) ?? { ids: [] } }]
  }
  if (asked.op === 'delete') return [{ n, status: 204, id: asked.id, decide: deleting }]
  const decide = asked.op === 'update' ? patching(asked.body) : completing(asked.op === 'complete')
  return [{ n, status: 200, id: asked.id, decide, completes: asked.op === 'complete' }]
}

/** A task that is named again begins a new wave, because its second step builds on the first. */
function wavesOf(steps: Step[]): Step[][] {
  const waves: Step[][] = []
  let named = new Set<number>()
  for (const step of steps) {
    const again = 'id' in step && named.has(step.id)
    if (again || waves.length === 0) {
      waves.push([])
      named = new Set()
    }
    waves.at(-1)!.push(step)
    if ('id' in step) named.add(step.id)
  }
  return waves
}

async function runWave(
  sql: Sql,
  change: Change,
  wave: Step[],
  done: Map<number, Result>,
  faults: Map<number, AppError>,
  atomic: boolean,
): Promise<void> {
  const ids = wave.flatMap((step) => ('id' in step ? [step.id] : []))
  const found = await readTasks(sql, change.userId, ids)
  const edits: { step: Edit; before: StoredTask; changes: ChangeSet }[] = []
  for (const step of wave) {
    if (!('id' in step)) continue
    const before = found.get(step.id)
    const changes = before && step.decide(JSON.parse(before.data) as Task)
    if (before === undefined) faults.set(step.n, unknownTask(step.id))
    else if (changes) edits.push({ step, before, changes })
    else done.set(step.n, { status: step.status, task: before })
  }
  const creates = wave.filter((step) => 'columns' in step)
  const choices = [...creates.map((step) => step.tags), ...edits.map((edit) => edit.changes.tags)]
  const tags = await resolveTags(sql, change.userId, choices)
  const steps = [...creates, ...edits.map((edit) => edit.step)]
  for (const [index, { n }] of steps.entries()) {
    if (tags[index] === null) faults.set(n, inBody(unknownTags()))
  }
  if (atomic && faults.size > 0) return
  const inserts = creates.map((step, index) => ({ step, columns: step.columns, tags: tags[index]! }))
  const updates = edits.map(({ step, before, changes }, index) => ({
    step,
    before,
    ...changes,
    tags: tags[creates.length + index] ?? undefined,
  }))
  await insertAll(
    sql,
    change,
    inserts.filter(({ step }) => !faults.has(step.n)),
    done,
  )
  await updateAll(
    sql,
    change,
    updates.filter(({ step }) => !faults.has(step.n)),
    done,
  )
}

async function insertAll(
  sql: Sql,
  change: Change,
  inserts: { step: Create; columns: TaskColumns; tags: number[] }[],
  done: Map<number, Result>,
): Promise<void> {
  if (inserts.length === 0) return
  const stored = await insertTasks(sql, change.userId, inserts, emitEach(change))
  for (const [index, { step }] of inserts.entries()) done.set(step.n, { status: 201, task: stored[index]! })
}

async function updateAll(
  sql: Sql,
  change: Change,
  updates: (TaskUpdate & { step: Edit })[],
  done: Map<number, Result>,
): Promise<void> {
  if (updates.length === 0) return
  const stored = await updateWithSeries(sql, change, updates)
  for (const [index, { step }] of updates.entries()) {
    done.set(step.n, step.status === 204 ? { status: 204 } : { status: step.status, task: stored[index]! })
  }
}

const unknownTask = (id: number) =>
  new AppError('not_found', notFound(`Task ${id}`).message, {
    fields: [{ pointer: '/id', code: 'not_found', message: 'names a task that does not exist' }],
  })

/** A fault of a task's own field, as seen from its operation. */
const inBody = (error: AppError) =>
  new AppError(error.code, error.message, {
    ...(error.hint !== undefined && { hint: error.hint }),
    fields: error.fields.map((fault) => ({ ...fault, pointer: `/body${fault.pointer}` })),
  })

/** Pointers go into the request that was sent, so they start with the operation. */
const within = (fields: FieldError[], n: number): FieldError[] =>
  fields.map((fault) => ({ ...fault, pointer: `/operations/${n}${fault.pointer}` }))

function refuseAny(faults: Map<number, AppError>): void {
  if (faults.size === 0) return
  const inOrder = [...faults].sort(([a], [b]) => a - b)
  throw new AppError('invalid', `Nothing was done: ${inOrder.length} of the operations cannot be.`, {
    hint: 'Mend them, or send atomic=false to do the others.',
    fields: inOrder.flatMap(([n, error]) => within(error.fields, n)),
  })
}

function refused(error: AppError, n: number, requestId: string): Result {
  const { problem } = toProblem(error, requestId)
  return { status: problem.status, problem: { ...problem, errors: within(error.fields, n) } }
}
