import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'
import { describeQuietHours, readQuietHours } from '../../preferences.ts'

export const quiet: Verb<{ days?: string }> = {
  summary: 'Show or set the hours in which you are left alone',
  usage: '[HH:MM-HH:MM|off] [--days mon-fri]',
  examples: [
    ['todo notify quiet 22:00-07:00', 'every night, in your time zone'],
    ['todo notify quiet 20:00-08:00 --days fri,sat', 'nights that begin on these days'],
    ['todo notify quiet off', 'never'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--days <days>', 'on which they begin: mon-fri, sat,sun')
  },
  run: async ({ api, out, flags }, words, options) => {
    if (words.length > 1)
      throw usage('Quiet hours are one word.', 'Like this: `todo notify quiet 22:00-07:00`.')
    const before = await api('GET /api/{user_id}/preferences')
    const [word] = words
    const hours =
      word === undefined ? before.quiet_hours : word === 'off' ? null : readQuietHours(word, options.days)
    if (word !== undefined && !flags.dryRun) {
      await api('PUT /api/{user_id}/preferences', { body: { ...before, quiet_hours: hours } })
    }
    out.value({ quiet_hours: hours }, `Quiet hours: ${describeQuietHours(hours)}\n`)
    return undefined
  },
}
