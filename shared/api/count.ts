import * as z from 'zod'
import { list, text } from './common.ts'
import type { Routes } from './route.ts'
import { TimeZone } from './time-zone.ts'

/** One scan counts for all filters, so a board asks once for its whole head. */
export const mostCounts = 60

export const Counts = z.object({ counts: z.array(z.int()) }).meta({ id: 'Counts' })
export type Counts = z.infer<typeof Counts>

export const countRoutes = {
  'GET /api/{user_id}/counts': {
    summary: 'Count the tasks of each of several filters, in their order',
    access: 'tasks:read',
    query: z.strictObject({
      filter: list(text(8000))
        .refine((filters) => filters.length <= mostCounts, { error: `has more than ${mostCounts} filters` })
        .meta({ description: 'The filter language; repeat it for more counts. Empty is every task' }),
      within: text(8000).optional().meta({ description: 'A filter that every counted task also passes' }),
      time_zone: TimeZone.optional().meta({ description: 'whose days the dates of the filters are' }),
    }),
    answers: { 200: Counts },
  },
} as const satisfies Routes
