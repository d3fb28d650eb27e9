import type { AppError } from '../../../shared/errors.ts'
import type { State } from '../model.ts'

/** The service is away since `now`, unless it is longer; the last reason that was given is kept. */
export const wentAway = (state: State, why: AppError | null, now = Date.now()): State => ({
  ...state,
  offlineSince: state.offlineSince ?? now,
  offlineWhy: why === null ? state.offlineWhy : [why.message, why.hint ?? ''].join('\n').trim(),
})

export const cameBack = (state: State): State =>
  state.isConnected && state.offlineSince === null
    ? state
    : { ...state, isConnected: true, offlineSince: null, offlineWhy: null }
