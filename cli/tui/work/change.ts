import type { Task } from '../../../shared/api/task.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Board } from '../board.ts'
import type { Card, Op } from '../model.ts'
import { cameBack, wentAway } from '../state/away.ts'
import { tell } from '../state/notices.ts'
import { firstWaiting, postponed, queued, rejected, sending, settled } from '../state/pending.ts'
import { callHooks, type Deed, hookFor, readGone } from './hooks.ts'
import { refresh } from './load.ts'

/** What one request of the service may hold. */
const mostOperations = 100
const retryMs = 2_000

export type Change = Pick<Op, 'label' | 'operations'> & Partial<Pick<Op, 'patches' | 'added' | 'expected'>>

let lastOp = 0
/** Counts down: a task that is not stored yet has no number that another could have. */
let lastTemporary = 0
export const temporaryId = (): number => (lastTemporary -= 1)

const freshKey = () =>
  `board-${process.pid.toString(36)}-${Date.now().toString(36)}-${((lastOp += 1)).toString(36)}`

/** Shows a change at once and sends it. More than one request holds becomes several changes. */
export function change(board: Board, { operations, ...rest }: Change): void {
  for (let from = 0; from < operations.length; from += mostOperations) {
    const some = operations.slice(from, from + mostOperations)
    const ids = new Set(some.map(({ id }) => id))
    const patches = new Map([...(rest.patches ?? [])].filter(([id]) => ids.has(id)))
    const op: Op = {
      id: (lastOp += 1),
      label: rest.label,
      key: freshKey(),
      operations: some,
      patches,
      added: rest.added ?? null,
      expected: rest.expected ?? null,
      state: 'waiting',
      reason: null,
      attempts: 0,
    }
    board.store.update((state) => queued(state, op))
  }
  void drain(board)
}

const draining = new WeakMap<Board, Promise<void>>()

/** Sends what waits, one after the other and in order, until nothing does or the service is away. */
export function drain(board: Board): Promise<void> {
  const running = draining.get(board) ?? sendAll(board).finally(() => draining.delete(board))
  draining.set(board, running)
  return running
}

async function sendAll(board: Board): Promise<void> {
  for (let op = firstWaiting(board.store.get()); op !== null; op = firstWaiting(board.store.get())) {
    const { id } = op
    board.store.update((state) => sending(state, id))
    if (!(await sendOne(board, op))) return
  }
}

/** False when the service is away. */
async function sendOne(board: Board, op: Op): Promise<boolean> {
  try {
    const { results, problems, hint, deeds } = await request(board, op)
    board.store.update((state) => {
      const next = settled(cameBack(state), op.id, results)
      if (problems.length > 0) return tell(next, 'error', `${op.label}: ${problems[0]}`, problems.join('\n'))
      return tell(next, 'undoable', `${op.label}${hint}`)
    })
    callHooks(board, `${op.label}${hint}`, deeds)
    if (problems.length > 0) await refresh(board)
    return true
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'unavailable' || error.code === 'rate_limited') {
      board.store.update((state) => wentAway(postponed(state, op.id), error))
      // The stream says when the service is back; where it never went, nothing else does.
      setTimeout(() => board.signal.aborted || void drain(board), retryMs).unref()
      return false
    }
    const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`
    board.store.update((state) =>
      tell(rejected(state, op.id, reason), 'error', `Not saved: ${op.label}: ${error.message}`, reason),
    )
    await refresh(board)
    return true
  }
}

type Outcome = { results: Map<number, Card | null>; problems: string[]; hint: string; deeds: Deed[] }

async function request(board: Board, op: Op): Promise<Outcome> {
  if (op.expected !== null) return updateOne(board, op)
  const gone = await readGone(board, op)
  const { results } = await board.context.api('POST /api/{user_id}/tasks/batch', {
    body: { operations: op.operations },
    headers: { 'idempotency-key': op.key },
  })
  const cards = new Map<number, Card | null>()
  const problems: string[] = []
  const deeds: Deed[] = []
  let hint = ''
  for (const [n, { task, next, problem }] of results.entries()) {
    const { id, op: act } = op.operations[n]!
    const whole = task ?? gone.get(id ?? 0)
    if (problem !== undefined) problems.push(problem.detail ?? problem.title)
    else if (whole !== undefined) deeds.push({ name: hookFor[act], task: whole })
    if (problem !== undefined) continue
    if (task !== undefined) cards.set(task.id, task)
    else if (id !== undefined) cards.set(id, null)
    if (next && 'id' in next) {
      cards.set(next.id, next)
      hint = `; next: ${next.due_date ?? next.due_at?.slice(0, 10) ?? next.id}`
    }
  }
  return { results: cards, problems, hint, deeds }
}

/** An edit that began with an older version must not replace what came between; the service refuses it then. */
async function updateOne(board: Board, op: Op): Promise<Outcome> {
  const { id, version } = op.expected!
  const task: Task = await board.context.api('PATCH /api/{user_id}/tasks/{id}', {
    params: { id },
    body: op.operations[0]!.body as never,
    headers: { 'if-match': `"${version}"` },
  })
  const deeds: Deed[] = [{ name: 'on-change', task }]
  return { results: new Map([[task.id, task]]), problems: [], hint: '', deeds }
}
