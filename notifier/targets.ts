import type { Outcome } from './outcome.ts'

/** An endpoint (`42`, a webhook channel's id) or a provider (`email`), as this process has met it. */
type Target = { inFlight: number; outages: number; refusals: number; closedUntil: number }

export type Targets = {
  /** How many more may be sent to each target that is not in its best state; 0 = none now. */
  rooms(caps: (key: string) => number): { key: string; room: number }[]
  begin(key: string): void
  end(key: string, outcome: Outcome | null): void
  /** When a target opens again that is closed now, or null. */
  nextOpening(): number | null
}

/** So many failures in a row close a target; then one probe at a time goes through until one succeeds. */
const breakAfter = 5
const firstClosureMs = 5_000
/** Short, because a probe costs one request: what recovers is found soon. */
const longestClosureMs = 25_000
/** A target that has just failed gets few at once: each may hang until its time-out. */
const doubtfulRoom = 3
const refusedMs = { first: 60_000, longest: 15 * 60_000 }
const longestThrottleMs = 60 * 60_000

/** Circuit breakers and concurrency of all targets, in memory: a new process learns in seconds what is down. */
export function createTargets(now: () => number = Date.now): Targets {
  const targets = new Map<string, Target>()
  const get = (key: string): Target => {
    let target = targets.get(key)
    if (target === undefined) {
      target = { inFlight: 0, outages: 0, refusals: 0, closedUntil: 0 }
      targets.set(key, target)
    }
    return target
  }
  const isIdle = (target: Target) =>
    target.inFlight === 0 && target.outages + target.refusals === 0 && target.closedUntil <= now()

  return {
    rooms(caps) {
      const rooms: { key: string; room: number }[] = []
      for (const [key, target] of targets) {
        if (isIdle(target)) targets.delete(key)
        else rooms.push({ key, room: Math.max(0, roomOf(target, caps(key), now())) })
      }
      return rooms
    },
    begin(key) {
      get(key).inFlight += 1
    },
    end(key, outcome) {
      const target = get(key)
      target.inFlight -= 1
      if (outcome !== null) learn(target, outcome, now())
    },
    nextOpening() {
      const closed = [...targets.values()].map((one) => one.closedUntil).filter((until) => until > now())
      return closed.length === 0 ? null : Math.min(...closed)
    },
  }
}

function roomOf(target: Target, cap: number, now: number): number {
  if (now < target.closedUntil) return 0
  if (target.outages >= breakAfter || target.refusals > 0) return 1 - target.inFlight
  return (target.outages > 0 ? Math.min(cap, doubtfulRoom) : cap) - target.inFlight
}

function learn(target: Target, outcome: Outcome, now: number): void {
  const close = (ms: number) => {
    target.closedUntil = Math.max(target.closedUntil, now + ms)
  }
  switch (outcome.class) {
    case 'credential':
      target.refusals += 1
      close(Math.min(refusedMs.longest, refusedMs.first * 2 ** (target.refusals - 1)))
      return
    case 'throttled':
      close(Math.min(longestThrottleMs, outcome.retryAfterMs))
      return
    case 'transient':
      if (!outcome.outage) return
      target.outages += 1
      if (target.outages >= breakAfter) {
        close(Math.min(longestClosureMs, firstClosureMs * 2 ** (target.outages - breakAfter)))
      }
      return
    default:
      target.outages = 0
      target.refusals = 0
  }
}
