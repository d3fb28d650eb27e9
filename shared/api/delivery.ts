import * as z from 'zod'
import { Id, Instant, page, pageQuery } from './common.ts'
import type { Routes } from './route.ts'

export const deliveryStatuses = ['queued', 'sending', 'sent', 'dead', 'suppressed', 'unknown'] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** `status` is the HTTP or SMTP status of the answer, null where there was none; `error` says why it did not go. */
export const Attempt = z.object({
  at: Instant,
  status: z.int().nullable(),
  error: z.string().nullable(),
  ms: z.int(),
})
export type Attempt = z.infer<typeof Attempt>

export const Delivery = z
  .object({
    id: Id,
    event_id: z.string(),
    event_type: z.string(),
    task_id: Id.nullable(),
    channel_id: Id,
    kind: z.string(),
    target: z.string(),
    status: z.enum(deliveryStatuses),
    attempts: z.array(Attempt),
    next_attempt_at: Instant.nullable(),
    reason: z.string().nullable().meta({ description: 'Why it waits, or why it was not sent' }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Delivery' })
export type Delivery = z.infer<typeof Delivery>

export const DeliveryQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(deliveryStatuses, { error: `is not one of ${deliveryStatuses.join(', ')}` }).optional(),
  event: z.string().max(256).optional().meta({ description: "An event's type, or its id" }),
  channel_id: z.coerce.number({ error: 'is not a number' }).pipe(Id).optional(),
  task_id: z.coerce.number({ error: 'is not a number' }).pipe(Id).optional(),
})
export type DeliveryQuery = z.infer<typeof DeliveryQuery>

export const deliveryRoutes = {
  'GET /api/{user_id}/deliveries': {
    summary: 'The log of deliveries, newest first',
    access: 'notify:read',
    query: DeliveryQuery,
    answers: { 200: page(Delivery) },
  },
  'GET /api/{user_id}/deliveries/{id}': {
    summary: 'Read a delivery with its attempts',
    access: 'notify:read',
    answers: { 200: Delivery },
  },
  'POST /api/{user_id}/deliveries/{id}/replay': {
    summary: 'Send again what was sent, given up or held back, whatever the preferences say',
    access: 'notify:write',
    answers: { 202: Delivery },
  },
} as const satisfies Routes
