const restMs = 2_000
const worthBytes = 8 * 1024 * 1024

/**
 * Called again and again; collects all garbage when nobody has asked for a while and memory has grown since the last
 * time. V8 by itself leaves the garbage of a long list or of an import where it is, up to 70 MB of it, until somebody
 * asks for more. Takes 30 ms; does nothing in a Node that was started without --expose-gc.
 */
export function createTidy(idleMs: () => number, memory: () => number = process.memoryUsage.rss): () => void {
  let least = 0
  return () => {
    if (idleMs() <= restMs || memory() < least + worthBytes) return
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    least = memory()
  }
}
