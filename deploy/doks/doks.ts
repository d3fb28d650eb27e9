import { createInterface } from 'node:readline/promises'
import { doksConfig } from '../../shared/config.ts'
import { check } from './check.ts'
import { createRun } from './command.ts'
import { down } from './down.ts'
import { planLines } from './plan.ts'
import { readSettings } from './settings.ts'
import { up } from './up.ts'

const usage = `node deploy/doks/doks.ts plan|up|check|down

Brings the product to DigitalOcean's Kubernetes. "plan" tells what "up" would make and what it costs, and does nothing.
Settings are variables of the environment: see deploy/doks/README.md.`

const say = (line: string) => void process.stdout.write(`${line}\n`)

async function main(verb: string | undefined): Promise<number> {
  const config = doksConfig()
  const { settings, faults } = readSettings(config, { forUp: verb === 'up' })
  for (const fault of faults) say(fault)
  if (faults.length > 0) return 2
  const work = { run: createRun(config.env), say, settings }
  switch (verb) {
    case 'plan':
      say(planLines(settings).join('\n'))
      return 0
    case 'up':
      return up(work)
    case 'check':
      return check(work)
    case 'down':
      return down(work, {
        ask: process.stdin.isTTY ? ask : null,
        yes: config.text('YES'),
        deleteData: config.text('DATA') === 'delete',
      })
    default:
      say(usage)
      return 2
  }
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  return lines.question(question).finally(() => lines.close())
}

main(process.argv[2]).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  },
)
