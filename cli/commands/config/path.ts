import type { Verb } from '../../command.ts'
import { settingsFile } from '../../settings.ts'

export const path: Verb = {
  summary: 'Print where the settings are',
  usage: '',
  examples: [['$EDITOR "$(todo config path)"', 'edit them by hand']],
  run: async ({ paths, out }) => {
    out.value({ path: settingsFile(paths) }, `${settingsFile(paths)}\n`)
    return undefined
  },
}
