/**
 * An exact sliding minute for many keys: at most `limit` in any sixty seconds. What it remembers is one number for
 * each event of the last minute, so it grows with the work that was done and not with the keys that were tried.
 */
export type Window = {
  /** Seconds to wait before one more is allowed; 0 = now. Counts nothing. */
  wait(key: string): number
  /** Counts one if it is allowed. */
  take(key: string): { waitSec: number; left: number; resetSec: number }
  /** Counts one in any case. */
  add(key: string): void
  /** How many more are allowed now. */
  left(key: string): number
}

const minuteMs = 60_000

/** `now` in milliseconds. */
export function createWindow(limit: number, now: () => number = Date.now): Window {
  const logs = new Map<string, number[]>()
  let sweptAt = now()

  /** The times of this key within the last minute, oldest first. */
  const logOf = (key: string): number[] => {
    const since = now() - minuteMs
    if (sweptAt < since) sweep(since)
    const log = logs.get(key) ?? []
    const old = log.findIndex((time) => time > since)
    if (old !== 0) log.splice(0, old < 0 ? log.length : old)
    return log
  }

  const sweep = (since: number) => {
    sweptAt = now()
    for (const [key, log] of logs) if ((log.at(-1) ?? 0) <= since) logs.delete(key)
  }

  const secondsUntilPast = (time: number | undefined): number =>
    time === undefined ? 60 : Math.max(1, Math.ceil((time + minuteMs - now()) / 1000))

  const waitOf = (log: number[]): number =>
    log.length < limit ? 0 : secondsUntilPast(log[log.length - limit])

  const add = (key: string, log: number[]) => {
    log.push(now())
    logs.set(key, log)
  }

  return {
    wait: (key) => waitOf(logOf(key)),
    take: (key) => {
      const log = logOf(key)
      const waitSec = waitOf(log)
      if (waitSec === 0) add(key, log)
      return { waitSec, left: Math.max(0, limit - log.length), resetSec: secondsUntilPast(log[0]) }
    },
    add: (key) => add(key, logOf(key)),
    left: (key) => Math.max(0, limit - logOf(key).length),
  }
}
