import { channelFields, channelShape, describeChannel, readEvents, readTarget } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import type { FlagSet } from '../../flags.ts'

export const add: Verb<{ name?: string; events?: string }> = {
  summary: 'Add a channel; the secret of a webhook is shown this once',
  usage: '<webhook|email|push|desktop> [target] [--events created,due,…] [--name NAME]',
  examples: [
    ['todo channel add webhook https://example.org/hook', 'every change, signed'],
    ['todo channel add email me@example.org --events due', 'only reminders'],
    ['todo channel add desktop', 'on this machine'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('--events <names>', 'created, updated, completed, reopened, deleted, due, notification, or all')
      .option('--name <name>', 'to know it by')
  },
  fields: channelFields,
  run: async ({ api, out, flags }, words, options) => {
    const body = {
      ...readTarget(words),
      ...(options.name !== undefined && { name: options.name }),
      ...(options.events !== undefined && { events: readEvents(options.events) }),
    }
    if (flags.dryRun) {
      out.value(body, `Would add ${body.kind} ${body.target ?? ''}\n`)
      return undefined
    }
    const channel = await api('POST /api/{user_id}/channels', { body })
    const secret =
      channel.secret === undefined
        ? ''
        : `Secret: ${channel.secret}\n  It signs each webhook (Standard Webhooks). Keep it: it is not shown again.\n`
    out.one(channel, `Added channel ${describeChannel(channel)}\n${secret}`, channelShape.columns)
    return undefined
  },
}
