import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { tagFields } from '../../fields.ts'
import type { FlagSet } from '../../flags.ts'
import { dryRun } from '../../status-verb.ts'
import { findTag, tagShape } from '../../tags.ts'
import { escapeControls } from '../../text.ts'

export const rename: Verb<{ color?: string }> = {
  summary: 'Rename or recolour a tag, on all its tasks',
  usage: '<name> [new name] [--color "#RRGGBB"]',
  examples: [
    ['todo tag rename hom home', 'a new name'],
    ['todo tag rename home --color "#10B981"', 'a new colour'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--color <color>', 'such as "#3B82F6"')
  },
  fields: tagFields,
  run: async (context, [word, name, ...more], flags) => {
    if (word === undefined || more.length > 0 || (name === undefined && !flags.color)) {
      throw usage('Name a tag and what it should become.', 'Like this: `todo tag rename hom home`.')
    }
    const tag = await findTag(context, word)
    const changed = await context.api('PUT /api/{user_id}/tags/{id}', {
      params: { id: tag.id },
      body: { name: name?.replace(/^\+/, '') ?? tag.name, color: flags.color || tag.color },
      ...dryRun(context),
    })
    context.out.one(
      changed,
      `${context.flags.dryRun ? 'Would rename' : 'Renamed'} ${escapeControls(tag.name)} to ${escapeControls(changed.name)}\n`,
      tagShape.columns,
    )
    return undefined
  },
}
