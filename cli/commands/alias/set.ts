import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { shellWords } from '../../shell-words.ts'
import { writeShortcut } from '../../shortcuts.ts'

export const set: Verb = {
  summary: 'Make a command of your own',
  usage: '<name> <words…>',
  examples: [
    ["todo alias set soon 'list due.by:+3d --sort urgency'", '`todo soon +work` adds its words behind'],
    ["todo alias set in 'add +inbox'", '`todo in Call mum`'],
  ],
  run: async ({ paths, out, flags }, [name, ...given]) => {
    const words = given.join(' ').trim()
    if (name === undefined || words === '')
      throw usage('Name the alias and what it stands for.', "Like this: `todo alias set in 'add +inbox'`.")
    if (shellWords(words) === null) throw usage('A quote is not closed.', 'Close it, or escape it with \\.')
    if (!flags.dryRun) writeShortcut(paths, 'aliases', name, words)
    out.value({ name, words }, `\`todo ${name}\` is \`todo ${words}\` now.\n`)
    return undefined
  },
}
