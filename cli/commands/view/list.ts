import type { Verb } from '../../command.ts'
import { readShortcuts } from '../../shortcuts.ts'
import { escapeControls } from '../../text.ts'

export const list: Verb = {
  summary: 'List the saved views',
  usage: '',
  examples: [['todo view list', 'name, filter, sort']],
  run: async ({ paths, out }) => {
    const views = Object.entries(readShortcuts(paths, 'views')).map(([name, one]) => ({ name, ...one }))
    const line = (view: { name: string; filter: string; sort?: string }) =>
      [view.name, view.filter, view.sort ?? ''].map((cell) => escapeControls(cell)).join('\t')
    out.value(views, views.map((view) => `${line(view)}\n`).join(''))
    if (views.length === 0 && out.mode === 'text')
      out.note("None yet: `todo view save work '+work due.before:eow'`.\n")
    return undefined
  },
}
