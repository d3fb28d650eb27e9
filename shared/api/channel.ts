import * as z from 'zod'
import { type EventName, eventPayloads } from '../events.ts'
import { Id, Instant, page, pageQuery, requiredText } from './common.ts'
import { Delivery } from './delivery.ts'
import type { Routes } from './route.ts'

export const channelKinds = ['webhook', 'email', 'push', 'desktop'] as const
export type ChannelKind = (typeof channelKinds)[number]

export const eventNames = Object.keys(eventPayloads) as [EventName, ...EventName[]]

/** What a channel gets when its maker names no events: programs want every change, people what concerns them. */
export const defaultEvents = {
  webhook: eventNames.filter((name) => name !== 'notification.send'),
  email: ['task.due.approaching', 'notification.send'],
  push: ['task.due.approaching', 'notification.send'],
  desktop: ['task.due.approaching', 'notification.send'],
} satisfies Record<ChannelKind, EventName[]>

const EventNames = z
  .array(z.enum(eventNames, { error: `is not an event; there are ${eventNames.join(', ')}` }))
  .max(eventNames.length * 2)
  .transform((names) => [...new Set(names)])

export const Channel = z
  .object({
    id: Id,
    kind: z.enum(channelKinds),
    target: z.string().meta({ description: 'URL, address or token; the token of a device is masked' }),
    name: z.string().nullable(),
    events: z.array(z.string()),
    is_active: z.boolean(),
    disabled_reason: z.string().nullable(),
    version: z.int(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Channel' })
export type Channel = z.infer<typeof Channel>

export const ChannelWithSecret = Channel.extend({
  secret: z
    .string()
    .optional()
    .meta({ description: 'Signs the webhook (Standard Webhooks); shown only here' }),
}).meta({ id: 'ChannelWithSecret' })
export type ChannelWithSecret = z.infer<typeof ChannelWithSecret>

/** Null when `target` can be one of `kind`, else what it is not. What a webhook's URL may be, the server knows. */
export function targetFault(kind: ChannelKind, target: string): string | null {
  if (kind === 'email') {
    return z.email().max(254).safeParse(target).success ? null : 'is not an e-mail address'
  }
  if (kind === 'push') return /^[\w:.~-]{8,4096}$/.test(target) ? null : 'is not the token of a device'
  if (kind === 'webhook') return URL.canParse(target) ? null : 'is not a URL'
  return null
}

const Target = requiredText(4096).transform((target) => target.trim())

export const NewChannel = z
  .strictObject({
    kind: z.enum(channelKinds, { error: `is not one of ${channelKinds.join(', ')}` }),
    target: Target.optional().meta({ description: 'May be absent for desktop only' }),
    name: requiredText(100).nullish(),
    events: EventNames.nullish(),
    is_active: z.boolean().optional(),
  })
  .superRefine((channel, context) => {
    const refuse = (message: string, code: string) =>
      context.addIssue({ code: 'custom', message, path: ['target'], params: { code } })
    if (channel.target === undefined) {
      if (channel.kind !== 'desktop') refuse('is missing', 'required')
      return
    }
    const fault = targetFault(channel.kind, channel.target)
    if (fault !== null) refuse(fault, 'invalid')
  })
  .meta({ id: 'NewChannel' })
export type NewChannel = z.infer<typeof NewChannel>

export const ChannelPatch = z
  .strictObject({
    target: Target.optional(),
    name: requiredText(100).nullish(),
    events: EventNames.nullish(),
    is_active: z.boolean().optional(),
  })
  .meta({ id: 'ChannelPatch' })
export type ChannelPatch = z.infer<typeof ChannelPatch>

export const channelRoutes = {
  'GET /api/{user_id}/channels': {
    summary: 'List the channels, oldest first',
    access: 'notify:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Channel) },
  },
  'POST /api/{user_id}/channels': {
    summary: 'Add a channel; the answer for a webhook is the only one with its secret',
    access: 'notify:write',
    body: NewChannel,
    answers: { 201: ChannelWithSecret },
  },
  'GET /api/{user_id}/channels/{id}': {
    summary: 'Read a channel',
    access: 'notify:read',
    answers: { 200: Channel },
  },
  'PATCH /api/{user_id}/channels/{id}': {
    summary: 'Change a channel; is_active: true takes up one that was disabled',
    access: 'notify:write',
    body: ChannelPatch,
    answers: { 200: Channel },
  },
  'DELETE /api/{user_id}/channels/{id}': {
    summary: 'Delete a channel; what waits for it is not sent',
    access: 'notify:write',
    answers: { 204: null },
  },
  'POST /api/{user_id}/channels/{id}/test': {
    summary: 'Send a test notification',
    access: 'notify:write',
    answers: { 202: Delivery },
  },
  'POST /api/{user_id}/channels/{id}/secret': {
    summary: "Change a webhook's secret; the former signs too for 24 hours",
    access: 'notify:write',
    answers: { 200: ChannelWithSecret },
  },
} as const satisfies Routes
