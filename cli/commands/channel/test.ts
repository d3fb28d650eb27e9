import { findChannel } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import { deliveryFields, deliveryShape, describeDelivery, firstOutcome } from '../../deliveries.ts'
import { usage } from '../../errors.ts'

/** A little longer than one attempt may take. */
const limitMs = 20_000

export const test: Verb = {
  summary: 'Send a test notification and tell what became of it',
  usage: '<channel>',
  examples: [['todo channel test 2', 'exits with 1 when it was not delivered']],
  fields: deliveryFields,
  run: async (context, words) => {
    const { api, out } = context
    if (words.length !== 1) throw usage('Name one channel.', 'Like this: `todo channel test 2`.')
    const { id } = await findChannel(context, words[0]!)
    const asked = await api('POST /api/{user_id}/channels/{id}/test', { params: { id } })
    const delivery = await firstOutcome(context, asked, limitMs)
    out.one(delivery, describeDelivery(delivery, out.view()), deliveryShape(out.view).columns)
    return delivery.status === 'sent' ? undefined : 1
  },
}
