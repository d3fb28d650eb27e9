import type { Verb } from '../../command.ts'
import { lookUp, readSettings, settingName, settings, settingText } from '../../settings.ts'

export const get: Verb = {
  summary: 'Print one setting',
  usage: '<name>',
  examples: [['todo config get daemon.idle_minutes', 'its value']],
  run: async ({ paths, out }, words) => {
    const name = settingName(words[0] ?? '')
    const value = lookUp(readSettings(paths), name) ?? settings[name].fallback
    out.value(value, `${settingText(value)}\n`)
    return undefined
  },
}
