import type { Verb } from '../../command.ts'
import { templateFields } from '../../fields.ts'
import { oneTemplateId, templateDetail, templateShape } from '../../templates.ts'

export const show: Verb = {
  summary: 'Show everything about a recurring task',
  usage: '<id or part of the title>',
  examples: [['todo recur show 2', 'rule, next date, what was missed']],
  keepsDashes: true,
  fields: templateFields,
  run: async (context, words) => {
    const { api, out } = context
    const id = await oneTemplateId(context, words)
    const template = await api('GET /api/{user_id}/recurring-tasks/{id}', { params: { id } })
    out.one(template, templateDetail(template, out.view()), templateShape(out.view).columns)
    return undefined
  },
}
