import type { ChannelKind } from '../../../shared/api/channel.ts'
import type { Preferences } from '../../../shared/api/preferences.ts'
import { kindNames, readEvents } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'
import { describePreferences, readTime } from '../../preferences.ts'

type Options = { digest?: string; self?: boolean; allow?: string[]; deny?: string[] }

const collect = (word: string, before: string[] = []) => [...before, word]

export const preferences: Verb<Options> = {
  summary: 'Show or change what you are told of, and how',
  usage: '[--digest HH:MM|off] [--self|--no-self] [--allow EVENT:KIND]… [--deny EVENT:KIND]…',
  examples: [
    ['todo notify preferences --digest 08:00', 'one mail a day'],
    ['todo notify preferences --deny due:push', 'no reminders on devices'],
    ['todo notify preferences --self', 'also of my own changes'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('--digest <time>', 'when the mails of a day are sent as one, or off')
      .option('--self', 'tell me of my own changes too')
      .option('--no-self', 'do not')
      .option('--allow <event:kind>', 'such as due:email; may be repeated', collect)
      .option('--deny <event:kind>', 'such as created:push; may be repeated', collect)
  },
  run: async ({ api, out, flags }, words, options) => {
    if (words.length > 0)
      throw usage(`${words[0]} is not understood.`, '`todo notify preferences -h` shows what is.')
    const before = await api('GET /api/{user_id}/preferences')
    const wanted = structuredClone(before)
    if (options.digest !== undefined) {
      wanted.digest_at = options.digest === 'off' ? null : readTime(options.digest)
    }
    if (options.self !== undefined) wanted.notify_self = options.self
    for (const word of options.allow ?? []) permit(wanted, word, true)
    for (const word of options.deny ?? []) permit(wanted, word, false)
    const isChanged = JSON.stringify(wanted) !== JSON.stringify(before)
    const after =
      isChanged && !flags.dryRun ? await api('PUT /api/{user_id}/preferences', { body: wanted }) : wanted
    out.value(after, describePreferences(after))
    return undefined
  },
}

function permit({ matrix }: Preferences, word: string, isAllowed: boolean): void {
  const [event = '', kind = ''] = word.split(':')
  if (!kindNames.includes(kind as ChannelKind)) {
    throw usage(
      `${JSON.stringify(word)} names no channel.`,
      `Like this: due:email; there are ${kindNames.join(', ')}.`,
    )
  }
  for (const name of readEvents(event)) matrix[name][kind as ChannelKind] = isAllowed
}
