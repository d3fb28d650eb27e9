import type { Notice, State } from '../model.ts'

/** A line that stays until a key; `detail` is its whole story, shown on demand. */
export const tell = (
  state: State,
  kind: Notice['kind'],
  text: string,
  detail: string | null = null,
): State => ({ ...state, notice: { kind, text, detail } })

/** An error stays until Escape; what only says that something was done goes with the next key. */
export const dismissed = (state: State, isEscape = false): State =>
  state.notice === null || (state.notice.kind === 'error' && !isEscape) ? state : { ...state, notice: null }
