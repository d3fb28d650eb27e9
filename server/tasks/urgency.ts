import { urgencyPoints } from '../../shared/urgency.ts'

const { due, age, doing, priority } = urgencyPoints

const days = (from: string, to: string) => `extract(epoch from ${to} - ${from}) / 86400`
// Cut to the hour, or the pages of one list would not fit together.
const hour = `date_trunc('hour', now())`

const nearness = `${due.least} + ${1 - due.least} * (${due.aheadDays} - ${days(hour, 't.due_key')}) / ${due.aheadDays + due.lateDays}`
const priorityCase = Object.entries(priority)
  .map(([id, points]) => `when ${id} then ${points}`)
  .join(' ')

/** The sort key of `urgency`, negative so that the most urgent comes first; the points are those of shared/urgency.ts. */
export const urgencyKey = `(case when t.status = 'done' then 0 else -round((
    case when t.due_key = 'infinity' then 0 else ${due.most} * least(1, greatest(${due.least}, ${nearness})) end
    + case t.priority_id ${priorityCase} else 0 end
    + case t.status when 'doing' then ${doing} else 0 end
    + ${age.most} * least(1, greatest(0, ${days('t.created_at', hour)} / ${age.days}))
  )::numeric, 3) end)`
