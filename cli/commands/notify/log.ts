import type { Delivery } from '../../../shared/api/delivery.ts'
import { findChannel, readEvents } from '../../channels.ts'
import type { Verb } from '../../command.ts'
import type { Context } from '../../context.ts'
import { deliveryFields, deliveryId, deliveryShape, describeDelivery } from '../../deliveries.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'

type Options = { status?: string; event?: string; channel?: string; limit?: string }

export const log: Verb<Options> = {
  summary: 'Show deliveries with every attempt, newest first',
  usage: '[id] [--status S] [--event E] [--channel C] [--limit N]',
  examples: [
    ['todo notify log', 'the last 20'],
    ['todo notify log --status dead', 'what was given up'],
    ['todo notify log 17', 'one with all its attempts'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('--status <status>', 'queued, sending, sent, dead, suppressed or unknown')
      .option('--event <event>', 'such as due, or the id of an event')
      .option('--channel <channel>', 'only of one channel')
      .option('--limit <n>', 'how many (default 20)')
  },
  fields: deliveryFields,
  run: async (context, words, options) => {
    const { api, out } = context
    if (words.length > 1) throw usage('Name one delivery or none.', 'Like this: `todo notify log 17`.')
    const shape = deliveryShape(out.view)
    if (words.length === 1) {
      const one = await api('GET /api/{user_id}/deliveries/{id}', { params: { id: deliveryId(words[0]!) } })
      out.one(one, describeDelivery(one, out.view()), shape.columns)
      return undefined
    }
    const found = await newest(context, options)
    out.list(found, shape)
    if (found.length === 0 && out.mode === 'text') out.note('Nothing was sent yet.\n')
    return undefined
  },
}

async function newest(context: Context, { status, event, channel, limit }: Options): Promise<Delivery[]> {
  const wanted = limit === undefined ? 20 : Number(limit)
  if (!Number.isInteger(wanted) || wanted < 1)
    throw usage(`--limit ${limit} is not a number from 1 on.`, 'Like this: --limit 50.')
  const filter = {
    ...(status !== undefined && { status: status as Delivery['status'] }),
    // An event's id is no name and goes as it is.
    ...(event !== undefined && { event: event.length > 30 ? event : readEvents(event)[0]! }),
    ...(channel !== undefined && { channel_id: (await findChannel(context, channel)).id }),
  }
  const found: Delivery[] = []
  let cursor: string | null = null
  do {
    const query = {
      ...filter,
      limit: Math.min(200, wanted - found.length),
      ...(cursor !== null && { cursor }),
    }
    const page: { items: Delivery[]; next_cursor: string | null } = await context.api(
      'GET /api/{user_id}/deliveries',
      { query },
    )
    found.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null && found.length < wanted)
  return found
}
