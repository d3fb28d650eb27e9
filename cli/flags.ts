import { Command, CommanderError } from 'commander'
import { usage } from './errors.ts'

/** The flags of one command, in the order of its help. */
export type FlagSet = Command

/** A silent commander: what it finds wrong is told by us. */
export const createFlags = (): FlagSet =>
  new Command()
    .argument('[words...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })

export type Parsed = { words: string[]; options: Record<string, unknown> }

/** Splits words into values of flags and the rest, wherever the flags stand. `command` is for the hint. */
export function parseFlags(flags: FlagSet, words: string[], command: string): Parsed {
  // Bare --json must not take the next word for its fields.
  const guarded = words.map((word) => (word === '--json' ? '--json=' : word))
  try {
    flags.parse(guarded, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    throw told(error, command)
  }
  return { words: flags.args, options: flags.opts() }
}

function told(error: CommanderError, command: string) {
  const [what, near] = error.message.replace(/^error: /, '').split('\n')
  return usage(
    `${what!.charAt(0).toUpperCase()}${what!.slice(1).replaceAll(/'([^']*)'/g, '"$1"')}.`,
    near ? near.replace(/^\(|\)$/g, '') : `See \`todo ${command} --help\`; after -- everything is text.`,
  )
}
