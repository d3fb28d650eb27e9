import type { Log } from './log.ts'

/** Says once how long the process has taken to be ready, which is what a rollout waits for. */
export function createReadyNote(log: Log): () => void {
  let isSaid = false
  return () => {
    if (isSaid) return
    isSaid = true
    log.info({ after_ms: Math.round(performance.now()) }, 'ready')
  }
}
