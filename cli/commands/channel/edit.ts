import type { ChannelPatch } from '../../../shared/api/channel.ts'
import { channelFields, channelShape, describeChannel, findChannel, readEvents } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'

type Options = {
  target?: string
  name?: string
  events?: string
  on?: boolean
  off?: boolean
  newSecret?: boolean
}

export const edit: Verb<Options> = {
  summary: 'Change a channel, switch it on or off, or change its secret',
  usage: '<channel> [--target T] [--events …] [--name NAME] [--on|--off] [--new-secret]',
  examples: [
    ['todo channel edit 2 --off', 'send nothing there for now'],
    ['todo channel edit 2 --on', 'also after it was switched off for its failures'],
    ['todo channel edit 1 --new-secret', 'the former one signs too for 24 hours'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('--target <target>', 'another URL, address or token')
      .option('--events <names>', 'what it is told of, or all')
      .option('--name <name>', 'to know it by')
      .option('--on', 'switch it on')
      .option('--off', 'switch it off')
      .option('--new-secret', 'change the secret of a webhook and show it once')
  },
  fields: channelFields,
  run: async (context, words, options) => {
    const { api, out, flags } = context
    if (words.length !== 1) throw usage('Name one channel.', 'Like this: `todo channel edit 2 --off`.')
    if (options.on && options.off) throw usage('--on and --off exclude each other.', 'Use one of them.')
    const body = patchOf(options)
    if (Object.keys(body).length === 0 && !options.newSecret) {
      throw usage('Nothing to change was named.', '`todo channel edit -h` shows what can be.')
    }
    let channel = await findChannel(context, words[0]!)
    const params = { id: channel.id }
    if (flags.dryRun) {
      out.one({ ...channel, ...body } as typeof channel, `Would change ${describeChannel(channel)}\n`)
      return undefined
    }
    if (Object.keys(body).length > 0) {
      channel = await api('PATCH /api/{user_id}/channels/{id}', { params, body })
    }
    let secret = ''
    if (options.newSecret) {
      const changed = await api('POST /api/{user_id}/channels/{id}/secret', { params })
      secret = `Secret: ${changed.secret}\n  Keep it: it is not shown again. The former signs too for 24 hours.\n`
      channel = changed
    }
    out.one(channel, `Changed channel ${describeChannel(channel)}\n${secret}`, channelShape.columns)
    return undefined
  },
}

const patchOf = ({ target, name, events, on, off }: Options): ChannelPatch => ({
  ...(target !== undefined && { target }),
  ...(name !== undefined && { name: name === '' ? null : name }),
  ...(events !== undefined && { events: readEvents(events) }),
  ...((on || off) && { is_active: on === true }),
})
