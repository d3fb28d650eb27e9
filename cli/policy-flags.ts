import type { FlagSet } from './flags.ts'
import type { TemplateBody } from './rule-flags.ts'

/** How a recurring task behaves at the edges of its rule. */
export type PolicyFlags = { catchUp?: string; overlap?: string; monthDay?: string; ahead?: string }

export function policyFlags(command: FlagSet): void {
  command
    .option('--catch-up <policy>', 'after downtime: latest (the newest missed one), all, none')
    .option('--overlap <policy>', 'while the last one is open: allow, skip')
    .option('--month-day <policy>', 'where the month is too short: clamp, skip, last')
    .option('--ahead <lead>', 'make the task so long before: 3d')
}

/** The server judges what they say. */
export const readPolicies = ({ catchUp, overlap, monthDay, ahead }: PolicyFlags): Partial<TemplateBody> =>
  ({
    ...(catchUp !== undefined && { catch_up: catchUp }),
    ...(overlap !== undefined && { overlap }),
    ...(monthDay !== undefined && { month_day_policy: monthDay }),
    ...(ahead !== undefined && { create_ahead: ahead === '' ? null : ahead }),
  }) as Partial<TemplateBody>
