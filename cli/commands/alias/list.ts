import type { Verb } from '../../command.ts'
import { readShortcuts } from '../../shortcuts.ts'
import { escapeControls } from '../../text.ts'

export const list: Verb = {
  summary: 'List the aliases',
  usage: '',
  examples: [['todo alias list', 'name and what it stands for']],
  run: async ({ paths, out }) => {
    const all = Object.entries(readShortcuts(paths, 'aliases')).map(([name, words]) => ({ name, words }))
    out.value(all, all.map(({ name, words }) => `${name}\t${escapeControls(words)}\n`).join(''))
    if (all.length === 0 && out.mode === 'text')
      out.note("None yet: `todo alias set soon 'list due.by:+3d'`.\n")
    return undefined
  },
}
