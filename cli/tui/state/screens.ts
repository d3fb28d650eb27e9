import type { Screen, ScreenKind, State } from '../model.ts'

export const screenOf = (state: State): Screen => state.screens.at(-1) ?? { kind: 'tasks' }

export const opened = (state: State, screen: Screen): State => ({
  ...state,
  screens: [...state.screens, screen],
  left: [],
})

/** Back to where this was opened from; the first screen stays. */
export function back(state: State): State {
  if (state.screens.length < 2) return state
  return { ...state, screens: state.screens.slice(0, -1), left: [screenOf(state), ...state.left] }
}

export function forward(state: State): State {
  const [next, ...left] = state.left
  return next === undefined ? state : { ...state, screens: [...state.screens, next], left }
}

/** Changes the top screen when it is of that kind: an answer may come after it was left. */
export function onScreen<K extends ScreenKind>(
  state: State,
  kind: K,
  change: (screen: Extract<Screen, { kind: K }>) => Screen,
): State {
  const at = state.screens.findLastIndex((screen) => screen.kind === kind)
  if (at < 0) return state
  const screens = state.screens.map((screen, n) =>
    n === at ? change(screen as Extract<Screen, { kind: K }>) : screen,
  )
  return { ...state, screens }
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))

/** Moves the chosen row of a list, or scrolls a text; how far a text goes only its view knows. */
export function scrolledScreen(state: State, by: number): State {
  const screen = screenOf(state)
  switch (screen.kind) {
    case 'recurring':
    case 'log': {
      const last = Math.max(0, (screen.items?.length ?? 0) - 1)
      return onScreen(state, screen.kind, (one) => ({ ...one, index: clamp(screen.index + by, last) }))
    }
    case 'contexts': {
      const index = clamp(screen.index + by, state.places.length - 1)
      return onScreen(state, 'contexts', (one) => ({ ...one, index }))
    }
    case 'detail': {
      const scroll = { ...screen.scroll, [screen.pane]: clamp(screen.scroll[screen.pane] + by, 9_999) }
      return onScreen(state, 'detail', (one) => ({ ...one, scroll }))
    }
    case 'help':
    case 'problem':
      return onScreen(state, screen.kind, (one) => ({ ...one, scroll: clamp(screen.scroll + by, 9_999) }))
    default:
      return state
  }
}

/** The way back, for the bar on top. */
export const crumbs = (state: State): string[] =>
  state.screens.slice(1).map((screen) => {
    if (screen.kind === 'detail') return `#${screen.id}`
    return screen.kind === 'form' ? 'edit' : screen.kind
  })
