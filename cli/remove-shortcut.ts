import { AppError } from '../shared/errors.ts'
import { suggest } from '../shared/suggest.ts'
import type { Example, Verb } from './command.ts'
import { usage } from './errors.ts'
import { readShortcuts, writeShortcut } from './shortcuts.ts'

/** Takes a view or an alias away. */
export const removeShortcut = (kind: 'views' | 'aliases', what: string, examples: Example[]): Verb => ({
  summary: `Remove a saved ${what}`,
  usage: '<name>',
  examples,
  run: async ({ paths, out, flags }, [name, ...more]) => {
    if (name === undefined || more.length > 0)
      throw usage(`Name one ${what}.`, `\`todo ${what} list\` shows all.`)
    const known = Object.keys(readShortcuts(paths, kind))
    if (!known.includes(name)) {
      const near = suggest(name, known)
      throw new AppError('not_found', `There is no ${what} ${JSON.stringify(name)}.`, {
        hint: near ? `Did you mean ${near}?` : `\`todo ${what} list\` shows all.`,
      })
    }
    if (!flags.dryRun) writeShortcut(paths, kind, name, null)
    out.value({ name }, `Removed ${name}.\n`)
    return undefined
  },
})
