import { AppError } from '../../../shared/errors.ts'
import { eventWord } from '../../events.ts'
import type { Board } from '../board.ts'
import { tell } from '../state/notices.ts'
import { selectTask } from '../state/select.ts'
import { drain } from './change.ts'
import { refresh } from './load.ts'

/** Takes the last changes back, or brings them again: the service's own undo, so it also knows those of the shell. */
export async function revert(board: Board, direction: 'undo' | 'redo', count: number): Promise<void> {
  await drain(board)
  const word = direction === 'undo' ? 'Undone' : 'Done again'
  const back = direction === 'undo' ? '  (U does it again)' : '  (u undoes)'
  try {
    const done = await ask(board, direction, count)
    const [first] = done
    const what =
      first === undefined
        ? `There is nothing to ${direction}.`
        : done.length === 1
          ? `${word}: ${eventWord(first.event_type)} “${first.task.title}”${back}`
          : `${word}: ${done.length} changes${back}`
    board.store.update((state) => tell(state, 'info', what))
    await refresh(board)
    // What came back is what one wants to look at.
    if (done.length === 1) board.store.update((state) => selectTask(state, first!.task_id))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    board.store.update((state) => tell(state, 'error', error.message, error.hint ?? null))
  }
}

async function ask({ context: { api } }: Board, direction: 'undo' | 'redo', count: number) {
  const body = { count: Math.min(count, 100) }
  if (direction === 'undo') return (await api('POST /api/{user_id}/undo', { body })).undone
  return (await api('POST /api/{user_id}/redo', { body })).redone
}
