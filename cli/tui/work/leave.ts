import type { Board } from '../board.ts'
import { tell } from '../state/notices.ts'
import { prompting } from '../state/prompts.ts'
import { drain } from './change.ts'
import { hooksEnded } from './hooks.ts'

/** Ends the board by `end` once everything is saved; what cannot be saved now is asked about, for it would be lost. */
export async function leave(board: Board, end: () => void): Promise<void> {
  const { store } = board
  if (store.get().offlineSince !== null) {
    ask(board, end)
    return
  }
  if (store.get().queue.length > 0) store.update((state) => tell(state, 'info', 'Saving …'))
  // A hook may stand before what is added, and others follow what was done.
  await hooksEnded(board)
  await drain(board)
  await hooksEnded(board)
  ask(board, end)
}

function ask({ store }: Board, end: () => void): void {
  const { length } = store.get().queue
  if (length === 0) {
    end()
    return
  }
  const what = length === 1 ? '1 change is not saved. Leave without it?' : many(length)
  store.update((state) => prompting({ ...state, notice: null }, 'confirm', { echo: what, onYes: end }))
}

const many = (count: number) => `${count} changes are not saved. Leave without them?`
