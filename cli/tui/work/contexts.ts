import { localName, readCredentials } from '../../credentials.ts'
import type { Board } from '../board.ts'
import type { Place } from '../model.ts'
import { back, opened, screenOf } from '../state/screens.ts'
import { leave } from './leave.ts'

/** The services that the user knows, this machine's own first. */
export function readPlaces({ context }: Pick<Board, 'context'>): Place[] {
  const { contexts } = readCredentials(context.paths)
  const others = Object.entries(contexts).map(([name, { url, email, secrets }]) => ({
    name,
    address: url,
    who: secrets === undefined ? 'not signed in' : (email ?? 'with a token'),
  }))
  return [{ name: localName, address: 'this machine', who: '' }, ...others]
}

export function openContexts(board: Board): void {
  board.store.update((state) => {
    const { places, place } = state
    const index = Math.max(
      0,
      places.findIndex(({ name }) => name === (place ?? localName)),
    )
    return opened(state, { kind: 'contexts', index })
  })
}

/** To the service of that name, in the same terminal, as soon as everything is saved in this one. */
export function goTo(board: Board, name: string): void {
  if (name === (board.store.get().place ?? localName)) {
    if (screenOf(board.store.get()).kind === 'contexts') board.store.update(back)
  } else void leave(board, () => board.goTo(name))
}

export function goToChosen(board: Board): void {
  const state = board.store.get()
  const screen = screenOf(state)
  const place = screen.kind === 'contexts' ? state.places[screen.index] : undefined
  if (place !== undefined) goTo(board, place.name)
}
