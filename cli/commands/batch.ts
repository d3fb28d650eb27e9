import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import type { FlagSet } from '../flags.ts'
import { shellWords } from '../shell-words.ts'
import { readLines } from '../stdin.ts'

/** They would wait for a person or never end. */
const refused = ['batch', 'board', 'watch', 'login']

export const batch: Verb<{ stop?: boolean }> = {
  summary: 'Do many commands, one a line from stdin, over one connection',
  usage: '[flags]',
  examples: [
    ['todo batch < commands.txt', 'such as: add Buy milk +shop'],
    ["printf 'add One\\ndone 3\\n' | todo batch", 'quotes and # comments as in a shell'],
    ['todo batch --stop < commands.txt', 'end at the first that fails'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--stop', 'end at the first command that fails')
  },
  run: async (context, words, { stop }) => {
    if (words.length > 0 && words.join(' ') !== '-')
      throw usage('batch takes its commands from stdin.', 'Pipe them in: `todo batch < commands.txt`.')
    const { run } = await import('../program.ts')
    const { out, terminal, version } = context
    let worst = 0
    let number = 0
    for await (const line of readLines(terminal)) {
      number += 1
      const command = shellWords(line)
      if (command?.length === 0) continue
      const code =
        command === null || refused.includes(command[0]!)
          ? refuse(out.note, line)
          : await run(command, { ...terminal, stdin: nothing(), isInteractive: false }, version, context)
      if (code === 0) continue
      out.note(`todo: line ${number} failed (${code}).\n`)
      worst = stop ? code : 1
      if (stop) break
    }
    return worst
  },
}

/** The lines are the commands'; none of them reads its own stdin. */
async function* nothing(): AsyncGenerator<string> {}

function refuse(note: (text: string) => void, line: string): number {
  note(`todo: ${JSON.stringify(line)} cannot be done in a batch.\n`)
  return 2
}
