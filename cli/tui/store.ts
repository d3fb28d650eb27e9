import type { State } from './model.ts'

export type Store = {
  get: () => State
  /** Every change of the state is a pure function of it. */
  update: (change: (state: State) => State) => void
  subscribe: (listener: () => void) => () => void
}

/** Keys that come faster than this are drawn together. */
const frameMs = 16

/**
 * Holds the state. Listeners hear of a change at once when they have been quiet for a frame, else at the next one, so
 * that a held key costs one drawing a frame and no key waits for it.
 */
export function createStore(initial: State): Store {
  let state = initial
  let toldAt = 0
  let timer: NodeJS.Timeout | null = null
  const listeners = new Set<() => void>()
  const tell = () => {
    timer = null
    toldAt = performance.now()
    for (const listener of listeners) listener()
  }
  return {
    get: () => state,
    update: (change) => {
      const next = change(state)
      if (next === state) return
      state = next
      const left = frameMs - (performance.now() - toldAt)
      if (timer === null) {
        if (left <= 0) tell()
        else timer = setTimeout(tell, left)
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
