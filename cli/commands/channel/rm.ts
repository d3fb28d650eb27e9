import { channelFields, channelShape, describeChannel, findChannel } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'

export const rm: Verb = {
  summary: 'Delete a channel; what waits for it is not sent',
  usage: '<channel>',
  examples: [['todo channel rm 2', 'by its id; its name or target will do too']],
  fields: channelFields,
  run: async (context, words) => {
    if (words.length !== 1) throw usage('Name one channel.', 'Like this: `todo channel rm 2`.')
    const channel = await findChannel(context, words[0]!)
    if (!context.flags.dryRun) {
      await context.api('DELETE /api/{user_id}/channels/{id}', { params: { id: channel.id } })
    }
    context.out.list([channel], { ...channelShape, line: (one) => `Deleted channel ${describeChannel(one)}` })
    return undefined
  },
}
