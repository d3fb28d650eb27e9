import { setTimeout as sleep } from 'node:timers/promises'
import type { Attempt, Delivery } from '../shared/api/delivery.ts'
import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { localIso } from './dates/zone.ts'
import { usage } from './errors.ts'
import { bold, dim, green, red, type View, yellow } from './format.ts'
import type { Shape } from './output.ts'
import { escapeControls } from './text.ts'

export const deliveryFields = [
  ...['id', 'event_id', 'event_type', 'task_id', 'channel_id', 'kind', 'target', 'status', 'attempts'],
  ...['next_attempt_at', 'reason', 'created_at', 'updated_at'],
]

/** The reasons in words; one that is not here (a provider's own) is shown as it is. */
const reasons: Record<string, string> = {
  retry: 'will be tried again',
  replay: 'asked for again',
  interrupted: 'the sender stopped in between; tried again',
  credentials: "the provider refuses the service's key; waiting for the operator",
  quiet_hours: 'quiet hours',
  digest: 'waiting for the digest',
  preferences: 'switched off in the preferences',
  own_change: 'your own change',
  stale: 'too late to be of use',
  expired: 'too late for another try',
  gave_up: 'given up after many tries',
  rejected: 'refused by the receiver',
  gone: 'the target is no more; the channel was switched off',
  no_answer: 'it may have arrived; nobody knows',
  task_completed: 'the task was done',
  task_deleted: 'the task was deleted',
  task_rescheduled: 'the task was moved',
  channel_deleted: 'the channel was deleted',
  channel_disabled: 'the channel is off',
  unsubscribed: 'the address has unsubscribed',
  bounced: 'the address does not exist',
  spam_report: 'the address complained of spam',
  not_configured: 'the service is not set up for this kind of channel',
  no_desktop: 'no desktop or terminal to show it on',
}

export const reasonText = (reason: string | null): string =>
  reason === null ? '' : (reasons[reason] ?? reason)

const answerOf = ({ status, error, ms }: Attempt): string =>
  `${error ?? (status === null ? 'delivered' : `answered ${status}`)} (${ms} ms)`

export const deliveryShape = (view: () => View): Shape<Delivery> => ({
  line: (one) => {
    const { timeZone } = view()
    return [
      String(one.id),
      one.status,
      localIso(one.created_at, timeZone),
      one.event_type,
      one.task_id === null ? '' : String(one.task_id),
      one.kind,
      one.target,
      one.attempts.map((attempt) => `${localIso(attempt.at, timeZone)} ${answerOf(attempt)}`).join('; '),
      one.next_attempt_at === null ? '' : localIso(one.next_attempt_at, timeZone),
      reasonText(one.reason),
    ]
      .map((cell) => escapeControls(cell))
      .join('\t')
  },
  table: (items) => items.map((one) => describeDelivery(one, view())).join(''),
  columns: {
    id: (one) => one.id,
    status: (one) => one.status,
    event_type: (one) => one.event_type,
    event_id: (one) => one.event_id,
    task_id: (one) => one.task_id,
    channel_id: (one) => one.channel_id,
    kind: (one) => one.kind,
    target: (one) => one.target,
    attempts: (one) => one.attempts.length,
    next_attempt_at: (one) => one.next_attempt_at,
    reason: (one) => one.reason,
    created_at: (one) => one.created_at,
  },
})

const statusPaint = {
  queued: yellow,
  sending: yellow,
  sent: green,
  dead: red,
  suppressed: dim,
  unknown: red,
} as const satisfies Record<Delivery['status'], unknown>

/** One delivery in a few lines: what it is, each attempt, and what comes next. */
export function describeDelivery(one: Delivery, view: View): string {
  const time = (instant: string) => localIso(instant, view.timeZone).replace('T', ' ').slice(0, 19)
  const task = one.task_id === null ? '' : ` of task ${one.task_id}`
  const reason = one.reason === null ? '' : `, ${reasonText(one.reason)}`
  const head = `${bold(String(one.id), view)} ${statusPaint[one.status](one.status, view)}${escapeControls(reason)}`
  const lines = [
    `${head} ${dim('·', view)} ${escapeControls(`${one.event_type}${task} to ${one.kind} ${one.target}`)}`,
    ...one.attempts.map((attempt) => `    ${time(attempt.at)}  ${escapeControls(answerOf(attempt))}`),
    ...(one.status === 'queued' && one.next_attempt_at !== null
      ? [`    ${time(one.next_attempt_at)}  ${dim('next try', view)}`]
      : []),
  ]
  return `${lines.join('\n')}\n`
}

const lookMs = 150

/** Waits for the first attempt, or for what stands in its way, at most `limitMs`. */
export async function firstOutcome(
  { api }: Pick<Context, 'api'>,
  delivery: Delivery,
  limitMs: number,
): Promise<Delivery> {
  const deadline = Date.now() + limitMs
  const before = delivery.attempts.length
  let last = delivery
  while (Date.now() < deadline) {
    await sleep(lookMs)
    last = (await read(api, delivery.id)) ?? last
    const isWaiting = last.status === 'queued' || last.status === 'sending'
    if (!isWaiting || last.attempts.length > before) break
  }
  return last
}

/** A test has no entry in the log until the sender has taken it up. */
async function read(api: Context['api'], id: number): Promise<Delivery | null> {
  try {
    return await api('GET /api/{user_id}/deliveries/{id}', { params: { id } })
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  }
}

export function deliveryId(word: string): number {
  if (/^#?[1-9]\d{0,14}$/.test(word)) return Number(word.replace('#', ''))
  throw usage(`${JSON.stringify(word)} is not the id of a delivery.`, '`todo notify log` shows them.')
}
