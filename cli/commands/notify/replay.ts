import { forEachId } from '../../bulk.ts'
import type { Verb } from '../../command.ts'
import { deliveryFields, deliveryId, deliveryShape } from '../../deliveries.ts'
import { usage } from '../../errors.ts'

export const replay: Verb = {
  summary: 'Send deliveries again, whatever the preferences say',
  usage: '<ids…>',
  examples: [
    ['todo notify replay 17', 'one from `todo notify log`'],
    ['todo notify log -q --status dead | xargs todo notify replay', 'all that were given up'],
  ],
  fields: deliveryFields,
  run: async (context, words) => {
    if (words.length === 0) throw usage('Name deliveries.', 'Like this: `todo notify replay 17`.')
    const { api, flags, out } = context
    const { results, exitCode } = await forEachId(context, words.map(deliveryId), (id) =>
      flags.dryRun
        ? api('GET /api/{user_id}/deliveries/{id}', { params: { id } })
        : api('POST /api/{user_id}/deliveries/{id}/replay', { params: { id } }),
    )
    out.list(results, deliveryShape(out.view))
    return exitCode
  },
}
