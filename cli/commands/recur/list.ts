import type { Verb } from '../../command.ts'
import { templateFields } from '../../fields.ts'
import { allTemplates, templateShape } from '../../templates.ts'

export const list: Verb = {
  summary: 'List recurring tasks with their rules and next dates',
  usage: '',
  examples: [['todo recur list', 'id, title, rule, next date']],
  fields: templateFields,
  run: async (context) => {
    const { out } = context
    const templates = await allTemplates(context)
    out.list(templates, templateShape(out.view))
    if (templates.length === 0 && out.mode === 'text') out.note('No recurring tasks.\n')
    return undefined
  },
}
