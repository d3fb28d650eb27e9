import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { settingName, settings, settingText, writeSetting } from '../../settings.ts'

export const set: Verb = {
  summary: 'Change one setting',
  usage: '<name> <value>',
  examples: [['todo config set daemon.idle_minutes 120', 'keep the service for two hours']],
  run: async ({ paths, out, flags }, words) => {
    const [word, value] = words
    if (word === undefined || value === undefined) {
      throw usage('Name a setting and its value.', 'Like this: `todo config set daemon.idle_minutes 120`.')
    }
    const name = settingName(word)
    const set = flags.dryRun ? settings[name].read(value) : writeSetting(paths, name, value)
    out.value({ [name]: set }, `${name} ${flags.dryRun ? 'would be' : 'is'} ${settingText(set)} now.\n`)
    return undefined
  },
}
