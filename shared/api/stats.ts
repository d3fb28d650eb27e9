import * as z from 'zod'
import { LocalDate } from './common.ts'
import type { Routes } from './route.ts'
import { TimeZone } from './time-zone.ts'

/** How long something took, in hours: half took no longer than `median`, 85 % no longer than `p85`. */
const Duration = z.object({ count: z.int(), median: z.number().nullable(), p85: z.number().nullable() })

export const Stats = z
  .object({
    todo: z.int(),
    doing: z.int(),
    overdue: z.int(),
    done: z.int(),
    /** `open` is at the end of the day, or now. Days are those of `time_zone`. */
    days: z.array(z.object({ date: LocalDate, created: z.int(), completed: z.int(), open: z.int() })),
    /** From making to completion, of what was completed in these days. */
    lead_time: Duration,
    /** From the first start to completion. */
    cycle_time: Duration,
    /** Open tasks by the days since they were made; `to` null is without end. */
    ages: z.array(z.object({ from: z.int(), to: z.int().nullable(), count: z.int() })),
  })
  .meta({ id: 'Stats' })
export type Stats = z.infer<typeof Stats>

export const statsRoutes = {
  'GET /api/{user_id}/stats': {
    summary: 'How the work flows: open, made and completed by day, lead and cycle time, ageing',
    access: 'tasks:read',
    query: z.strictObject({
      days: z.coerce
        .number({ error: 'is not a number from 1 to 366' })
        .int({ error: 'is not a whole number' })
        .min(1, { error: 'is less than 1' })
        .max(366, { error: 'is more than 366' })
        .optional(),
      time_zone: TimeZone.optional(),
      project: z.string().optional(),
    }),
    answers: { 200: Stats },
  },
} as const satisfies Routes
