import type { Card, Op, State } from '../model.ts'
import { changed, findCard } from './columns.ts'

/** Everything that is on its way, laid over what the service says. Done again after each answer. */
export function relaid(state: State): State {
  return state.queue.filter((op) => op.state !== 'rejected').reduce(laid, state)
}

function laid(state: State, op: Op): State {
  let next = state
  for (const [id, patch] of op.patches) {
    const card = findCard(next, id)
    if (card === null) continue
    next = changed(next, card, patch === null ? null : { ...card, ...patch })
  }
  if (op.added !== null && findCard(next, op.added.id) === null) next = changed(next, null, op.added)
  return next
}

/** A change begins: it is shown at once and stands in the queue. */
export const queued = (state: State, op: Op): State => laid({ ...state, queue: [...state.queue, op] }, op)

export const sending = (state: State, id: number): State => withOp(state, id, { state: 'sending' })

const withOp = (state: State, id: number, change: Partial<Op>): State => ({
  ...state,
  queue: state.queue.map((op) => (op.id === id ? { ...op, ...change } : op)),
})

/** The service has done it and says what the tasks are now; null: deleted. */
export function settled(state: State, id: number, results: ReadonlyMap<number, Card | null>): State {
  const op = state.queue.find((one) => one.id === id)
  let next: State = { ...state, queue: state.queue.filter((one) => one.id !== id) }
  if (op?.added) next = changed(next, op.added, null)
  for (const [taskId, card] of results) {
    const known = findCard(next, taskId)
    if (known !== null && card !== null && known.version > card.version) continue
    next = changed(next, known, card)
  }
  return relaid(next)
}

/** The service is away: it waits for its turn again. */
export const postponed = (state: State, id: number): State => {
  const op = state.queue.find((one) => one.id === id)
  return op === undefined ? state : withOp(state, id, { state: 'waiting', attempts: op.attempts + 1 })
}

export const rejected = (state: State, id: number, reason: string): State =>
  withOp(state, id, { state: 'rejected', reason })

/** Once more; or never again. */
export const retried = (state: State, id: number): State =>
  withOp(state, id, { state: 'waiting', reason: null })
export const dropped = (state: State, id: number): State => ({
  ...state,
  queue: state.queue.filter((op) => op.id !== id),
})

export const firstWaiting = (state: State): Op | null =>
  state.queue.find((op) => op.state === 'waiting') ?? null
export const firstRejected = (state: State): Op | null =>
  state.queue.find((op) => op.state === 'rejected') ?? null

/** Tasks that are shown other than the service has them. */
export function pendingIds(state: State): ReadonlySet<number> {
  const ids = new Set<number>()
  for (const op of state.queue) {
    if (op.state === 'rejected') continue
    for (const id of op.patches.keys()) ids.add(id)
    if (op.added !== null) ids.add(op.added.id)
  }
  return ids
}
