/** Answers that are believed for a while, so that a sign-in is not looked up for every request. */
export type Memo<T> = {
  /** Without a promise when it is remembered: the most frequent case is worth it. */
  get(key: string, load: () => Promise<T | undefined>): T | Promise<T | undefined>
  forget(key: string): void
  clear(): void
}

const mostKeys = 10_000

/** `now` in milliseconds. Nothing is remembered of what was not found. */
export function createMemo<T>(ttlMs: number, now: () => number = Date.now): Memo<T> {
  const entries = new Map<string, { value: T; until: number }>()
  // Counted up by every `forget`, so that an answer which was asked for before does not come back after it.
  let forgotten = 0
  const loadOnce = async (key: string, load: () => Promise<T | undefined>) => {
    entries.delete(key)
    const before = forgotten
    const value = await load()
    if (value === undefined || before !== forgotten) return value
    entries.set(key, { value, until: now() + ttlMs })
    if (entries.size > mostKeys) entries.delete(entries.keys().next().value!)
    return value
  }
  return {
    get: (key, load) => {
      const entry = entries.get(key)
      return entry !== undefined && entry.until > now() ? entry.value : loadOnce(key, load)
    },
    forget: (key) => {
      forgotten += 1
      entries.delete(key)
    },
    clear: () => {
      forgotten += 1
      entries.clear()
    },
  }
}
