#!/usr/bin/env node
import { Command } from 'commander'
import { opsConfig, opsVariables } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { readVersion } from '../shared/version.ts'
import { deadCommand } from './commands/dead.ts'
import { exporterCommand } from './commands/exporter.ts'
import { lagCommand } from './commands/lag.ts'
import { probeCommand } from './commands/probe.ts'
import { tailCommand } from './commands/tail.ts'
import { topicsCommand } from './commands/topics.ts'
import { brokerHint, type Context, createContext } from './context.ts'

async function main(argv: string[]): Promise<number> {
  let code = 0
  const fail = () => {
    code = 1
  }
  const end = new AbortController()
  process.once('SIGINT', () => end.abort()).once('SIGTERM', () => end.abort())
  process.stdout.on('error', () => end.abort())
  let made: Context | undefined
  const context = () => {
    made ??= createContext(opsConfig(), end.signal, (line) => void process.stdout.write(`${line}\n`))
    return made
  }
  const program = new Command('todo-ops').description('Looks after the event stack.').version(readVersion())
  program.addHelpText('after', `\n${opsVariables}`).exitOverride().showSuggestionAfterError()
  topicsCommand(program.command('topics'), context, fail)
  lagCommand(program.command('lag'), context, fail)
  tailCommand(program.command('tail'), context)
  exporterCommand(program.command('exporter'), context)
  deadCommand(program.command('dead'), context, fail)
  probeCommand(program.command('probe'), context, fail)
  await program.parseAsync(argv, { from: 'user' })
  return code
}

/** The usage is wrong (2), or it failed (1); a help text that was asked for is neither. */
function explain(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error) return error.exitCode === 0 ? 0 : 2
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`todo-ops: ${message}\n`)
  const hint = error instanceof AppError ? error.hint : isOfBroker(error) ? brokerHint : undefined
  if (hint !== undefined) process.stderr.write(`${hint}\n`)
  return 1
}

const isOfBroker = (error: unknown) => error instanceof Error && error.name.startsWith('KafkaJS')

// The Kafka client sets timers in the past, of which newer Nodes warn on every connection.
process.removeAllListeners('warning').on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') process.stderr.write(`${warning.stack ?? warning.message}\n`)
})
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(explain(error)),
)
