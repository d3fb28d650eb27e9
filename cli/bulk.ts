import type { Problem } from '../shared/api/common.ts'
import type { Task, TaskPatchInput } from '../shared/api/task.ts'
import { toError } from '../shared/api-client.ts'
import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { describeError, errorObject, usage } from './errors.ts'

/** More tasks than this are changed only after a question, or with `--yes`. */
export const askAbove = 3

/** Asks once on a terminal. Elsewhere naming ids is consent, but for deletion, which wants `--yes`. */
export async function confirm(
  context: Context,
  count: number,
  what: string,
  needsYes: boolean,
): Promise<boolean> {
  const { flags, terminal } = context
  if (count <= askAbove || flags.yes || flags.dryRun) return true
  if (!terminal.isInteractive || !flags.input) {
    if (!needsYes) return true
    throw usage(`This would ${what} ${count} tasks.`, 'Say --yes to do it, or --dry-run to see them.')
  }
  const { ask } = await import('./ask.ts')
  return ask(terminal, `${what.charAt(0).toUpperCase()}${what.slice(1)} ${count} tasks?`)
}

export type BulkOperation = { op: 'complete' | 'reopen' | 'delete' } | { op: 'update'; body: TaskPatchInput }

type Changed<T> = { results: T[]; exitCode: number }

/** What a batch may hold as JSON, and as NDJSON. */
const mostInJson = 100
const mostInLines = 10_000

/**
 * Does one thing to many tasks in one request, which one undo takes back. Those that fail are told on stderr with
 * their reason, the others are done; a single failing one is an ordinary error. `alone` does it to a single task, by a
 * request that tells more.
 */
export async function changeAll<T extends { id: number }>(
  context: Context,
  ids: number[],
  operation: BulkOperation,
  alone: (id: number) => Promise<T>,
  read: (task: Task, result: BatchResult) => T,
): Promise<Changed<T>> {
  if (ids.length === 1) return { results: [await alone(ids[0]!)], exitCode: 0 }
  const results: T[] = []
  const failures: Failure[] = []
  for (let at = 0; at < ids.length; at += mostInLines) {
    const part = ids.slice(at, at + mostInLines)
    const answers = await sendBatch(context, part, operation)
    for (const [n, answer] of answers.entries()) {
      if (answer.problem) failures.push({ of: { id: part[n]! }, error: problemError(answer.problem) })
      else results.push(read(answer.task ?? ({ id: part[n]! } as Task), answer))
    }
  }
  tellFailures(context, failures)
  if (failures.length === 0) return { results, exitCode: 0 }
  const allGone = results.length === 0 && failures.every(({ error }) => error.code === 'not_found')
  return { results, exitCode: allGone ? 3 : 1 }
}

type BatchResult = { status: number; task?: Task | undefined; problem?: Problem | undefined }

/** The fault of one operation, told as if it had been sent alone. */
function problemError({ errors = [], ...problem }: Problem): AppError {
  const own = errors.map((fault) => ({
    ...fault,
    pointer: fault.pointer.replace(/^\/operations\/\d+(\/body)?/, ''),
  }))
  const told = problem.status === 404 ? problem : { ...problem, errors: own }
  return toError({ status: problem.status, headers: {}, body: JSON.stringify(told) })
}

/** Without an idempotency key, since repeating any of these operations changes nothing. */
async function sendBatch(
  { send, flags }: Context,
  ids: number[],
  operation: BulkOperation,
): Promise<BatchResult[]> {
  const operations = ids.map((id) => ({ ...operation, id }))
  const isLong = ids.length > mostInJson
  const response = await send({
    method: 'POST',
    path: `/api/me/tasks/batch${flags.dryRun ? '?dry_run=true' : ''}`,
    headers: {
      accept: 'application/json',
      'content-type': isLong ? 'application/x-ndjson' : 'application/json',
    },
    patienceMs: 10_000 + ids.length * 10,
    body: isLong ? operations.map((one) => JSON.stringify(one)).join('\n') : JSON.stringify({ operations }),
  })
  if (response.status >= 400) throw toError(response)
  return (JSON.parse(response.body) as { results: BatchResult[] }).results
}

/** Reads tasks by their ids, however many, in one request: an empty change that is not stored. */
export const readAll = (context: Context, ids: number[]): Promise<Changed<Task>> =>
  changeAll(
    { ...context, flags: { ...context.flags, dryRun: true } },
    ids,
    { op: 'update', body: {} },
    (id) => context.api('GET /api/{user_id}/tasks/{id}', { params: { id } }),
    (task) => task,
  )

/**
 * Does `work` for each id and answers what came of it. Those that fail are told on stderr with their reason, the
 * others are done; a single failing one is an ordinary error.
 */
export async function forEachId<T>(
  context: Context,
  ids: number[],
  work: (id: number) => Promise<T>,
): Promise<{ results: T[]; exitCode: number }> {
  const results: T[] = []
  const failures: Failure[] = []
  for (const id of ids) {
    try {
      results.push(await work(id))
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable' || ids.length === 1) throw error
      failures.push({ of: { id }, error })
    }
  }
  tellFailures(context, failures)
  if (failures.length === 0) return { results, exitCode: 0 }
  if (results.length === 0 && failures.every(({ error }) => error.code === 'not_found'))
    return { results, exitCode: 3 }
  return { results, exitCode: 1 }
}

export type Failure = { of: { id: number } | { line: number }; error: AppError }

const toldOneByOne = 3

/** `3, 11-34, 38`: ids in order, neighbours together. */
export function rangesOf(ids: number[]): string {
  const ranges: [from: number, to: number][] = []
  for (const id of [...ids].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === id - 1) last[1] = id
    else ranges.push([id, id])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** The ones of many that failed, on stderr: a line each, or with `--json` an object each. */
export function tellFailures({ out }: Pick<Context, 'out'>, failures: Failure[]): void {
  const isData = out.mode === 'json' || out.mode === 'ndjson'
  const missing = failures.flatMap(({ of, error }) =>
    'id' in of && error.code === 'not_found' ? [of.id] : [],
  )
  const areMany = !isData && missing.length > toldOneByOne
  if (areMany) out.note(`todo: ${rangesOf(missing)} do not exist.\n`)
  for (const { of, error } of failures) {
    if (areMany && error.code === 'not_found') continue
    if (isData) {
      out.note(`${JSON.stringify({ ...errorObject(error), ...of })}\n`)
    } else {
      const name = 'id' in of ? `${of.id}` : `line ${of.line}`
      const faults = describeError(error).matchAll(/^todo: (.*)\n/gm)
      out.note([...faults].map(([, fault]) => `todo: ${name}: ${fault}\n`).join(''))
    }
  }
}
