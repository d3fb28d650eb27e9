import type { Verb } from '../../command.ts'
import { tagFields } from '../../fields.ts'
import { allTags, tagShape } from '../../tags.ts'

export const list: Verb = {
  summary: 'List tags with the number of open tasks',
  usage: '',
  examples: [['todo tag list', 'id, name, open tasks, colour']],
  fields: tagFields,
  run: async (context) => {
    context.out.list(await allTags(context), tagShape)
    return undefined
  },
}
