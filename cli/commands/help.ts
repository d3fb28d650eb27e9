import { suggest } from '../../shared/suggest.ts'
import type { AnyVerb, Verb } from '../command.ts'
import { aliases, commands } from '../commands.ts'
import { usage } from '../errors.ts'
import { createFlags } from '../flags.ts'
import { commandsHelp, nounHelp, rootHelp, verbHelp } from '../help.ts'
import { topics } from '../topics.ts'

export const help: Verb = {
  summary: 'Help on a command or a topic',
  usage: '[command or topic]',
  examples: [
    ['todo help add', 'one command'],
    ['todo help commands', 'every command in a line'],
    ['todo help dates', 'a topic: dates, filters, output, exit-codes, urgency, hooks'],
  ],
  run: async ({ out }, [word, second]) => {
    if (word === undefined) {
      out.text(rootHelp(commands))
      return undefined
    }
    if (word === 'commands') {
      out.text(commandsHelp(commands))
      return undefined
    }
    const topic = topics[word]
    const name = aliases[word] ?? word
    const entry = commands[name]
    if (topic !== undefined) out.text(await topic())
    else if (entry === undefined) throw unknown(word)
    else if ('noun' in entry) {
      const noun = await entry.noun()
      const load = second === undefined ? undefined : noun.verbs[second]
      out.text(load === undefined ? await nounHelp(name, noun) : helpOn(`${name} ${second}`, await load()))
    } else out.text(helpOn(name, await entry.load()))
    return undefined
  },
}

function helpOn(name: string, verb: AnyVerb): string {
  const flags = createFlags()
  verb.define?.(flags)
  return verbHelp(name, verb, flags)
}

function unknown(word: string) {
  const near = suggest(word, [...Object.keys(commands), ...Object.keys(topics)])
  return usage(
    `There is no help on ${JSON.stringify(word)}.`,
    near ? `Did you mean \`todo help ${near}\`?` : 'See `todo help`.',
  )
}
