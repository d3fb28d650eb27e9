import { priorityNames } from '../shared/priorities.ts'
import { urgencyPoints } from '../shared/urgency.ts'

const { due, priority, doing, age } = urgencyPoints

const priorities = Object.entries(priority)
  .reverse()
  .map(([id, points]) => `${priorityNames[Number(id) - 1]} ${points}`)
  .join(', ')

/** The coefficients as the code has them. */
export const urgencyHelp = `What makes a task urgent, for \`todo next\` and --sort urgency: points, added up

  due       up to ${due.most}: ${Math.round(due.most * due.least * 10) / 10} from ${due.aheadDays} days ahead or more, growing evenly to ${due.most} at ${due.lateDays} days late
  priority  ${priorities}
  status    ${doing} when it is being done
  age       up to ${age.most}, growing evenly for ${age.days} days

  todo next           the ten most urgent open tasks
  todo list --sort urgency
`
