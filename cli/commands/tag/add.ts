import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { tagFields } from '../../fields.ts'
import type { FlagSet } from '../../flags.ts'
import { dryRun } from '../../status-verb.ts'
import { tagShape } from '../../tags.ts'
import { escapeControls } from '../../text.ts'

export const add: Verb<{ color?: string }> = {
  summary: 'Make a tag',
  usage: '<name> [--color "#RRGGBB"]',
  examples: [['todo tag add home --color "#10B981"', 'with a colour']],
  define: (flags: FlagSet) => {
    flags.option('--color <color>', 'such as "#3B82F6"')
  },
  fields: tagFields,
  run: async (context, words, flags) => {
    const { api, out } = context
    if (words.length !== 1) throw usage('A tag has one word.', 'Like this: `todo tag add home`.')
    const name = words[0]!.replace(/^\+/, '')
    const tag = await api('POST /api/{user_id}/tags', {
      body: { name, ...(flags.color && { color: flags.color }) },
      ...dryRun(context),
    })
    out.one(
      tag,
      `${context.flags.dryRun ? 'Would add' : 'Added'} tag ${escapeControls(tag.name)}\n`,
      tagShape.columns,
    )
    return undefined
  },
}
