import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Stack } from '../../../deploy/local/supervise.ts'

/** What was done to which part, in milliseconds since the run began. */
export type Fault = { part: string; kind: 'killed' | 'paused'; at: number; healed: number }

/** How often each part is chosen. The broker takes seconds to come up, so that it would be away all the time. */
const weights: Record<string, number> = {
  server: 4,
  notifier: 4,
  recurrer: 4,
  redis: 3,
  postgres: 2,
  kafka: 1,
  'daprd-server': 3,
  'daprd-notifier': 3,
  'daprd-recurrer': 3,
}

/** A generator of numbers from 0 to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Does `count` faults to parts chosen at random, some at the same time, and resolves when every part runs again. Half
 * are SIGKILLs with a start soon after, half are pauses (SIGSTOP, later SIGCONT) of up to three seconds.
 */
export async function injectFaults(stack: Stack, count: number, random: () => number): Promise<Fault[]> {
  const began = performance.now()
  const busy = new Set<string>()
  const done: Promise<Fault>[] = []
  while (done.length < count) {
    const part = choose(
      stack.names.filter((name) => !busy.has(name)),
      random,
    )
    if (part !== null) {
      busy.add(part)
      const kind = random() < 0.5 ? 'killed' : 'paused'
      const awayMs = random() * (kind === 'killed' ? 800 : 3_000)
      const at = performance.now() - began
      const healing = kind === 'killed' ? killAndStart(stack, part, awayMs) : pause(stack, part, awayMs)
      done.push(
        healing.then(() => {
          busy.delete(part)
          return { part, kind, at, healed: performance.now() - began }
        }),
      )
    }
    await sleep(20 + random() * 200)
  }
  return Promise.all(done)
}

function choose(parts: string[], random: () => number): string | null {
  const weighted = parts.map((part) => [part, weights[part] ?? 0] as const)
  let place = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [part, weight] of weighted) {
    place -= weight
    if (place < 0) return part
  }
  return null
}

async function killAndStart(stack: Stack, part: string, awayMs: number): Promise<void> {
  await stack.kill(part)
  await sleep(awayMs)
  // The database may refuse a start while another part of it ends; the next try finds it done.
  for (let attempt = 1; ; attempt++) {
    try {
      return await stack.start(part)
    } catch (error) {
      if (attempt === 5) throw error
      await sleep(500)
    }
  }
}

/** A database is a family of processes: all of them are paused, as when its machine stands still. */
async function pause(stack: Stack, part: string, ms: number): Promise<void> {
  const pid = stack.pid(part)
  if (pid === null) return
  const family = [pid, ...childrenOf(pid)]
  for (const one of family) signal(one, 'SIGSTOP')
  await sleep(ms)
  for (const one of family) signal(one, 'SIGCONT')
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}
