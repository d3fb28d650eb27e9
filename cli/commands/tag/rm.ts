import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { tagFields } from '../../fields.ts'
import { dryRun } from '../../status-verb.ts'
import { findTag, tagShape } from '../../tags.ts'
import { escapeControls } from '../../text.ts'

export const rm: Verb = {
  summary: 'Delete a tag; its tasks stay',
  usage: '<name>',
  examples: [['todo tag rm old', 'take it off all tasks and delete it']],
  fields: tagFields,
  run: async (context, words) => {
    if (words.length !== 1) throw usage('Name one tag.', 'Like this: `todo tag rm old`.')
    const tag = await findTag(context, words[0]!)
    await context.api('DELETE /api/{user_id}/tags/{id}', { params: { id: tag.id }, ...dryRun(context) })
    context.out.list([tag], {
      ...tagShape,
      line: (one) => `${context.flags.dryRun ? 'Would delete' : 'Deleted'} tag ${escapeControls(one.name)}`,
    })
    return undefined
  },
}
