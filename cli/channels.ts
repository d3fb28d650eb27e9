import type { Channel, ChannelKind } from '../shared/api/channel.ts'
import { AppError } from '../shared/errors.ts'
import type { EventName } from '../shared/events.ts'
import { suggest } from '../shared/suggest.ts'
import type { Context } from './context.ts'
import { usage } from './errors.ts'
import type { Shape } from './output.ts'
import { escapeControls } from './text.ts'

/** What a channel can be told of, with the short name that stands for it on the command line. */
const events = {
  'task.created': 'created',
  'task.updated': 'updated',
  'task.completed': 'completed',
  'task.reopened': 'reopened',
  'task.deleted': 'deleted',
  'task.due.approaching': 'due',
  'notification.send': 'notification',
} as const satisfies Record<EventName, string>

const kinds = {
  webhook: 'https://…',
  email: 'me@example.org',
  push: 'the token of a device',
  desktop: '',
} as const satisfies Record<ChannelKind, string>

export const kindNames = Object.keys(kinds) as ChannelKind[]

export const channelFields = [
  ...['id', 'kind', 'target', 'name', 'events', 'is_active', 'disabled_reason', 'version'],
  ...['created_at', 'updated_at', 'secret'],
]

const shortName = (event: string): string => events[event as EventName] ?? event

export const channelShape: Shape<Channel> = {
  line: (channel) =>
    [
      String(channel.id),
      channel.kind,
      channel.is_active ? 'on' : 'off',
      channel.target,
      channel.name ?? '',
      channel.events.map(shortName).join(','),
      channel.disabled_reason ?? '',
    ]
      .map((cell) => escapeControls(cell))
      .join('\t'),
  columns: {
    id: (channel) => channel.id,
    kind: (channel) => channel.kind,
    target: (channel) => channel.target,
    name: (channel) => channel.name,
    events: (channel) => channel.events.join(' '),
    is_active: (channel) => channel.is_active,
    disabled_reason: (channel) => channel.disabled_reason,
  },
}

/** `created,due`, `task.created` or `all` as the names of events. */
export function readEvents(text: string): EventName[] {
  const names = Object.keys(events) as EventName[]
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  if (words.includes('all')) return names
  return words.map((word) => {
    const name = names.find((one) => one === word || events[one] === word)
    if (name !== undefined) return name
    const near = suggest(word, [...Object.values(events), ...names])
    const known = `There are ${Object.values(events).join(', ')} and all.`
    throw usage(`There is no event ${JSON.stringify(word)}.`, near ? `Did you mean ${near}?` : known)
  })
}

/** `email me@example.org`, or the target alone where it shows what it is. */
export function readTarget(words: string[]): { kind: ChannelKind; target?: string } {
  const [first, second, ...more] = words
  const example = 'Like this: `todo channel add webhook https://example.org/hook`.'
  if (first === undefined || more.length > 0) throw usage('Name a kind and its target.', example)
  if (kindNames.includes(first as ChannelKind)) {
    const kind = first as ChannelKind
    if (second === undefined && kind !== 'desktop') {
      throw usage(`A channel for ${kind} needs a target: ${kinds[kind]}.`, example)
    }
    return { kind, ...(second !== undefined && { target: second }) }
  }
  if (second === undefined && /^https?:\/\//i.test(first)) return { kind: 'webhook', target: first }
  if (second === undefined && first.includes('@')) return { kind: 'email', target: first }
  const near = suggest(first, kindNames)
  throw usage(
    `There is no kind of channel ${JSON.stringify(first)}.`,
    near ? `Did you mean ${near}?` : `There are ${kindNames.join(', ')}.`,
  )
}

/** A channel by its id, or by its name or target without case. */
export async function findChannel({ api }: Pick<Context, 'api'>, word: string): Promise<Channel> {
  const { items } = await api('GET /api/{user_id}/channels', { query: { limit: 200 } })
  const wanted = word.toLowerCase()
  const found = items.filter(
    (one) =>
      String(one.id) === wanted.replace(/^#/, '') ||
      one.name?.toLowerCase() === wanted ||
      one.target.toLowerCase() === wanted,
  )
  if (found.length === 1) return found[0]!
  if (found.length > 1) {
    throw new AppError('ambiguous', `${found.length} channels are called ${JSON.stringify(word)}.`, {
      hint: `Name it by its id: ${found.map(({ id }) => id).join(', ')}.`,
    })
  }
  throw new AppError('not_found', `There is no channel ${JSON.stringify(word)}.`, {
    hint: '`todo channel list` shows what there is.',
  })
}

export const describeChannel = ({ id, kind, target, name }: Channel): string =>
  escapeControls(`${id}: ${kind} ${target}${name === null ? '' : ` (${name})`}`)
