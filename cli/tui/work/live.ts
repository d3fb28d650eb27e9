import type { TaskEvent } from '../../../shared/api/event.ts'
import { AppError } from '../../../shared/errors.ts'
import { liveEvents } from '../../event-stream.ts'
import type { Board } from '../board.ts'
import type { State } from '../model.ts'
import { cameBack, wentAway } from '../state/away.ts'
import { changed, findCard } from '../state/columns.ts'
import { tell } from '../state/notices.ts'
import { pendingIds, relaid } from '../state/pending.ts'
import { drain } from './change.ts'
import { renew } from './load.ts'
import { detailChanged } from './screens.ts'

const flashMs = 800
/** Somebody is looking: what is back shall be seen soon. */
const retryMostMs = 2_000
/** Counts and edges are asked for anew when changes have come, at most so often. */
const settleMs = 400

/** One change made somewhere, in the columns. Our own come too; they are here already. */
export function arrived(state: State, event: TaskEvent): State {
  const known = findCard(state, event.task_id)
  if (event.event_type === 'task.deleted') return changed(state, known ?? event.previous, null)
  if (known !== null && known.version >= event.version) return state
  const next = changed(state, known ?? event.previous, event.data)
  // What we do ourselves we have seen already.
  if (pendingIds(state).has(event.task_id)) return relaid(next)
  return { ...relaid(next), flashing: new Set(next.flashing).add(event.task_id) }
}

/** Follows the stream for as long as the board is open, and says whether the service is there. */
export async function follow(board: Board): Promise<void> {
  const { store, context, signal } = board
  const settle = createSettler(board)
  const back = () => {
    store.update(cameBack)
    void drain(board)
    settle()
  }
  const away = () => store.update((state) => wentAway(state, null))
  const open: typeof context.open = async (request) => {
    try {
      const response = await context.open(request)
      if (response.status < 400) back()
      return response
    } catch (error) {
      if (error instanceof AppError && !signal.aborted) store.update((state) => wentAway(state, error))
      throw error
    }
  }
  try {
    for await (const event of liveEvents(
      { open, out: { ...context.out, note: away } },
      undefined,
      signal,
      retryMostMs,
    )) {
      const before = store.get()
      store.update((state) => arrived(state, event))
      if (store.get().flashing !== before.flashing) {
        setTimeout(() => store.update((state) => unflashed(state, event.task_id)), flashMs).unref()
      }
      detailChanged(board, event.task_id)
      settle()
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) return
    store.update((state) => tell(state, 'error', error.message, error.hint ?? null))
  }
}

function unflashed(state: State, id: number): State {
  const flashing = new Set(state.flashing)
  return flashing.delete(id) ? { ...state, flashing } : state
}

/** Once soon after the first of many changes, and once after the last. */
function createSettler(board: Board): () => void {
  let timer: NodeJS.Timeout | null = null
  return () => {
    if (timer !== null || board.signal.aborted) return
    timer = setTimeout(() => {
      timer = null
      if (!board.signal.aborted) void renew(board)
    }, settleMs)
  }
}
