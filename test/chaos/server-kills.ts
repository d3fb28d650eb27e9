import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { killServers } from './server-kills/run.ts'

// `node test/chaos/server-kills.ts [ROUNDS]` (default 15), on the built program. What it checks: server-kills/run.ts.

async function main(rounds: number): Promise<number> {
  if (!existsSync(join(import.meta.dirname, '../../dist/cli/main.js'))) {
    throw new Error('dist/ is missing: run `make build` first')
  }
  const { kills, tally, tasks, events, starts, faults } = await killServers({
    rounds,
    onRound: (round, acknowledged) =>
      process.stderr.write(`\rround ${round} of ${rounds}, ${acknowledged} requests acknowledged `),
  })
  process.stderr.write('\n')
  const line = (name: string, value: unknown) => process.stdout.write(`${name.padEnd(24)}${value}\n`)
  line('rounds', rounds)
  line('processes killed', kills)
  line('requests acknowledged', tally.acknowledged)
  line('sent again', tally.repeated)
  line('answered from memory', tally.replayed)
  line('tasks', tasks)
  line('events', events)
  line('ready again', `${Math.max(...starts).toFixed(0)} ms after a kill at most`)
  line('faults', faults.length)
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  return faults.length === 0 ? 0 : 1
}

process.exitCode = await main(Number(process.argv[2] ?? 15))
