import type { Verb } from '../../command.ts'
import { lookUp, readSettings, settings, settingText } from '../../settings.ts'

export const list: Verb = {
  summary: 'List every setting, its value and where it comes from',
  usage: '',
  examples: [['todo config list', 'name, value, origin']],
  run: async ({ paths, out }) => {
    const tree = readSettings(paths)
    const rows = Object.entries(settings).map(([name, { fallback, does }]) => {
      const own = lookUp(tree, name)
      return { name, value: own ?? fallback, origin: own === undefined ? 'default' : 'file', does }
    })
    out.value(
      rows,
      rows
        .map(({ name, value, origin, does }) => `${name}\t${settingText(value)}\t${origin}\t${does}\n`)
        .join(''),
    )
    return undefined
  },
}
