import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, injectFaults, seeded } from './inject.ts'
import { caughtUp, judge, type Verdict } from './judge.ts'
import { startLoad, type World } from './world.ts'

export type Outcome = {
  faults: Fault[]
  /** From the last part that runs again until everything committed has gone all the way, of each round. */
  recoveriesMs: number[]
  acknowledged: number
  failed: number
  verdict: Verdict
}

export type RunOptions = {
  faults: number
  /** So many come one after the other, or at the same time, before the run waits until all is caught up. */
  perRound: number
  perSecond: number
  seed: number
  /** No further round begins after it. */
  signal?: AbortSignal
  say?: (line: string) => void
}

/** How long everything may take to be caught up: a lease of the notifier, and a group that waits for a dead member. */
const limitMs = 120_000

/** Rounds of faults under load, each followed by the time that recovery takes; in the end everything is judged. */
export async function runFaults(world: World, options: RunOptions): Promise<Outcome> {
  const random = seeded(options.seed)
  const [faults, recoveriesMs]: [Fault[], number[]] = [[], []]
  const [acknowledged, failed]: [string[], number[]] = [[], []]
  let written = 0
  while (faults.length < options.faults && !options.signal?.aborted) {
    const load = startLoad(world, options.perSecond, (written += 1_000_000))
    await sleep(200)
    const count = Math.min(options.perRound, options.faults - faults.length)
    const done = await injectFaults(world.stack.stack, count, random)
    const healed = performance.now()
    // The load goes on for a moment, so that there is something that only a mended way lets through.
    await sleep(500)
    await load.stop()
    await caughtUp(world, limitMs)
    recoveriesMs.push(performance.now() - healed)
    faults.push(...done)
    acknowledged.push(...load.acknowledged)
    failed.push(load.failed)
    const seconds = (recoveriesMs.at(-1)! / 1000).toFixed(1)
    options.say?.(`${faults.length} faults, ${acknowledged.length} changes, caught up after ${seconds} s`)
  }
  const verdict = await judge(world, acknowledged)
  return {
    faults,
    recoveriesMs,
    verdict,
    acknowledged: acknowledged.length,
    failed: failed.reduce((sum, one) => sum + one, 0),
  }
}

/** What must be nought, by name; empty when the run was good. */
export function violations({ lost, double, disorder, missedInstances, deadLetters }: Verdict): string[] {
  const counts = {
    'acknowledged changes lost': lost.changes,
    'events lost on the way to the bus': lost.onBus,
    'events lost on the way to the webhook': lost.atWebhook,
    'deliveries recorded twice': double.deliveries,
    'occurrences with two instances': double.instances,
    'posts repeated after an answer that was written down': double.posts,
    'events out of order on the bus': disorder.onBus,
    'events out of order at the webhook': disorder.atWebhook,
    'occurrences without an instance': missedInstances,
    'dead letters': deadLetters,
  }
  return Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]))
}
