const restMs = 2_000

/**
 * Called again and again; collects all garbage once after each time of work, when nobody has asked for a while. V8 by
 * itself leaves the garbage of a long list where it is, 15 MB of it, until somebody asks for more. Takes 30 ms; does
 * nothing in a Node that was started without --expose-gc.
 */
export function createTidy(idleMs: () => number): () => void {
  let isTidy = false
  return () => {
    const isResting = idleMs() > restMs
    if (isResting && !isTidy) globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    isTidy = isResting
  }
}
