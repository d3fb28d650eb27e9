import { spawnSync } from 'node:child_process'

export type Variant = {
  name: string
  file: string
  args: string[]
  env: Record<string, string>
  /** Taskwarrior ends with 1 when a list is empty. */
  mayFindNothing?: boolean
}

export type Sample = { name: string; ms: number[] }

export const quantile = (values: number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]!
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at))
}

export const median = (values: number[]): number => quantile(values, 0.5)

/** Wall time from before the fork to after the exit, in ms. stdout is a pipe, as in a script. */
export function time({ name, file, args, env, mayFindNothing }: Variant): number {
  const before = performance.now()
  const { status, stderr } = spawnSync(file, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  })
  const ms = performance.now() - before
  if (status !== 0 && !(mayFindNothing && status === 1))
    throw new Error(`${name} ended with ${status}: ${stderr}`)
  return ms
}

/** What a command sets going (events, notifications) is not the next one's: each begins when the machine is quiet. */
const quietMs = 50

const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/**
 * Runs every variant once a round, each round from another one on, so that whatever else the machine does falls on
 * all of them alike. `variants` is asked for each round, since commands need fresh ids.
 */
export function interleave(rounds: number, variants: (round: number) => Variant[]): Sample[] {
  const samples = variants(-1).map(({ name }): Sample => ({ name, ms: [] }))
  for (const variant of variants(-1)) time(variant)
  for (let round = 0; round < rounds; round += 1) {
    const all = variants(round)
    for (let n = 0; n < all.length; n += 1) {
      const at = (n + round) % all.length
      pause(quietMs)
      samples[at]!.ms.push(time(all[at]!))
    }
  }
  return samples
}

/** A Markdown table of medians and minima, and of both as multiples of the first sample's. */
export function ratioTable(samples: Sample[], targets: Record<string, number> = {}): string {
  const base = samples[0]!
  const rows = samples.map(({ name, ms }) => {
    const [ratio, least] = [median(ms) / median(base.ms), Math.min(...ms) / Math.min(...base.ms)]
    const target = Object.entries(targets).find(([prefix]) => name.startsWith(prefix))?.[1]
    const verdict =
      target === undefined ? '' : `≤ ${target} ${Math.min(ratio, least) <= target ? 'met' : 'MISSED'}`
    return `| ${name} | ${median(ms).toFixed(1)} | ${Math.min(...ms).toFixed(1)} | ${ratio.toFixed(2)} | ${least.toFixed(2)} | ${verdict} |`
  })
  const head = `| n = ${base.ms.length} each | median ms | min ms | × ${base.name} | × by minima | target |`
  return `${head}\n| --- | ---: | ---: | ---: | ---: | --- |\n${rows.join('\n')}\n`
}
