import * as z from 'zod'
import type { EventName } from '../events.ts'
import { type ChannelKind, channelKinds, eventNames } from './channel.ts'
import type { Routes } from './route.ts'

const LocalTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'is not a time, such as 07:30' })

/** In the order of ISO 8601: Monday first. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** A day's name, or its number as in cron and ISO 8601: 1 is Monday, 0 and 7 are Sunday. */
const Day = z.union([z.enum(weekdays), z.int().min(0).max(7)], {
  error: `is not one of ${weekdays.join(', ')}`,
})

/** From `from` to `to` in the user's time zone; over midnight when `to` is the earlier. */
export const QuietHours = z
  .strictObject({
    from: LocalTime,
    to: LocalTime,
    days: z
      .array(Day)
      .min(1)
      .max(7)
      .optional()
      .meta({ description: 'The days on which it begins; every day when absent' }),
  })
  .refine(({ from, to }) => from !== to, { error: 'is the same as from', path: ['to'] })
export type QuietHours = z.infer<typeof QuietHours>

const Row = z.strictObject(
  Object.fromEntries(channelKinds.map((kind) => [kind, z.boolean().default(true)])) as Record<
    ChannelKind,
    z.ZodDefault<z.ZodBoolean>
  >,
)

const Matrix = z
  .strictObject(
    Object.fromEntries(eventNames.map((name) => [name, Row.prefault({})])) as Record<
      EventName,
      z.ZodPrefault<typeof Row>
    >,
  )
  .meta({ description: 'Which event may go to which kind of channel; what is absent may' })

/** Absent fields have their defaults: no quiet hours, no digest, no own changes, everything allowed. */
export const Preferences = z
  .strictObject({
    quiet_hours: QuietHours.nullable().default(null),
    digest_at: LocalTime.nullable()
      .default(null)
      .meta({ description: 'Local time at which mails of a day are sent as one' }),
    notify_self: z
      .boolean()
      .default(false)
      .meta({ description: 'Tell me of my own changes on other channels than webhooks too' }),
    matrix: Matrix.prefault({}),
  })
  .meta({ id: 'Preferences' })
export type Preferences = z.infer<typeof Preferences>

export const defaultPreferences: Preferences = Preferences.parse({})

export const preferencesRoutes = {
  'GET /api/{user_id}/preferences': {
    summary: 'Read the notification preferences',
    access: 'notify:read',
    answers: { 200: Preferences },
  },
  'PUT /api/{user_id}/preferences': {
    summary: 'Replace the notification preferences',
    access: 'notify:write',
    body: Preferences,
    answers: { 200: Preferences },
  },
} as const satisfies Routes
