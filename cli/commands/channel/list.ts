import { channelFields, channelShape } from '../../channels.ts'
import type { Verb } from '../../command.ts'

export const list: Verb = {
  summary: 'List channels, with what they are told of',
  usage: '',
  examples: [['todo channel list', 'id, kind, on or off, target, name, events, why it is off']],
  fields: channelFields,
  run: async ({ api, out }) => {
    const { items } = await api('GET /api/{user_id}/channels', { query: { limit: 200 } })
    out.list(items, channelShape)
    if (items.length === 0 && out.mode === 'text')
      out.note('None yet: `todo channel add email you@example.org` (see --help).\n')
    return undefined
  },
}
