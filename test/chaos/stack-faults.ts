import { findTools } from '../../deploy/local/tools.ts'
import { inheritedEnvironment } from '../../shared/config.ts'
import { runFaults, violations } from './faults/run.ts'
import { startWorld } from './faults/world.ts'

// `node test/chaos/stack-faults.ts [FAULTS] [MINUTES] [SEED]` (default 300 and 10), on the built services: random
// SIGKILLs and pauses of the services, the sidecars, Kafka, Redis and Postgres under load, on the real parts. Exit 1
// when anything was lost, doubled or out of order. Its figures stand in docs/reliability.md.

const perRound = 100
const perSecond = 30

async function main(faults: number, minutes: number, seed: number): Promise<number> {
  const { missing } = findTools(inheritedEnvironment({}))
  if (missing.length > 0) {
    const lines = missing.map(({ what, install }) => `  ${what}:   ${install}`)
    process.stdout.write(`NOT RUN, the parts of the stack are not here:\n${lines.join('\n')}\n`)
    return 0
  }
  let end = async () => {}
  const began = performance.now()
  try {
    const world = await startWorld((ending) => {
      end = ending
    })
    const say = (line: string) => void process.stderr.write(`${line}\n`)
    // An interruption too ends after the round, with what was found so far.
    const stop = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(minutes * 60_000)])
    const outcome = await runFaults(world, { faults, perRound, perSecond, seed, say, signal })
    const { verdict, recoveriesMs } = outcome
    const byKind = Map.groupBy(outcome.faults, ({ part, kind }) => `${part} ${kind}`)
    const counted = [...byKind].map(([name, all]) => `${name} ${all.length}`).sort()
    const sorted = recoveriesMs.toSorted((a, b) => a - b).map((ms) => (ms / 1000).toFixed(1))
    const wrong = violations(verdict)
    for (const line of [
      `${outcome.faults.length} faults in ${((performance.now() - began) / 60_000).toFixed(1)} minutes, seed ${seed}: ${counted.join(', ')}`,
      `${outcome.acknowledged} changes acknowledged, ${outcome.failed} without an answer, ${verdict.events} events`,
      `caught up after the faults of a round: median ${sorted[Math.floor(sorted.length / 2)]} s, longest ${sorted.at(-1)} s`,
      `repeats that their id tells: ${verdict.repeatedOnBus} on the bus, ${verdict.repeatedPosts} at the webhook`,
      wrong.length === 0 ? 'nothing lost, doubled or out of order' : `WRONG: ${wrong.join('; ')}`,
    ])
      process.stdout.write(`${line}\n`)
    return wrong.length === 0 ? 0 : 1
  } finally {
    await end()
  }
}

const [faults = 300, minutes = 10, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number)
main(faults, minutes, seed).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`chaos: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exitCode = 1
  },
)
