import { defaultPreferences, Preferences } from '../shared/api/preferences.ts'
import type { Task } from '../shared/api/task.ts'
import type { EventName } from '../shared/events.ts'
import type { Claimed } from './queue.ts'
import { nextTimeOf, quietUntil } from './quiet.ts'

/** `hold` waits until then, and leaves as one message with whatever else has the same `bundle`. */
export type Decision =
  | { do: 'send' }
  | { do: 'suppress'; reason: string }
  | { do: 'hold'; until: Date; reason: 'quiet_hours' | 'digest' | 'hourly_limit'; bundle: string }

type Facts = Pick<
  Claimed,
  | 'kind'
  | 'event_type'
  | 'payload'
  | 'expires_at'
  | 'forced'
  | 'bundle'
  | 'channel_target'
  | 'is_active'
  | 'suppression'
  | 'task_status'
  | 'task_deleted'
  | 'task_due_at'
  | 'task_due_date'
  | 'time_zone'
  | 'preferences'
  | 'sent_lately'
>

const suppress = (reason: string): Decision => ({ do: 'suppress', reason })

/**
 * Whether a delivery may leave now, by what is true at this moment and not when it was recorded: the task, the
 * preferences and the address may have changed meanwhile. Tests and replays, which the user asked for, are held back
 * only where nothing can be sent. People get `hourlyLimit` messages of a kind an hour; what is more leaves as one.
 */
export function decide(facts: Facts, now: Date, hourlyLimit = Number.POSITIVE_INFINITY): Decision {
  if (facts.channel_target === null) return suppress('channel_deleted')
  if (facts.suppression !== null) return suppress(facts.suppression)
  if (facts.forced) return { do: 'send' }
  if (!facts.is_active) return suppress('channel_disabled')
  const changed = taskChange(facts)
  if (changed !== null) return suppress(changed)
  const preferences = preferencesOf(facts.preferences)
  const refused = refusal(facts, preferences)
  if (refused !== null) return suppress(refused)
  const isLate = facts.expires_at !== null && facts.expires_at <= now
  // A digest tells what was due meanwhile: that is its purpose, so nothing in it is too late.
  if (isLate && !isDigest(facts.bundle)) return suppress(isQuiet(facts.bundle) ? 'quiet_hours' : 'stale')
  if (facts.kind === 'webhook' || isUrgent(facts)) return { do: 'send' }
  const wanted = whenWanted(facts, preferences, now)
  return wanted.do === 'send' ? withinLimit(facts, now, hourlyLimit) : wanted
}

/**
 * What wakes people up and is not counted: reminders of critical tasks, and what its producer calls urgent. Digests do
 * not wait for them either.
 */
function isUrgent({ event_type, payload }: Facts): boolean {
  if (event_type === 'notification.send') return payload.urgent === true
  const task = payload.data as Partial<Task> | undefined
  return event_type === 'task.due.approaching' && task?.priority?.level === criticalLevel
}

const criticalLevel = 4
const hourMs = 3_600_000

/** What is over the limit leaves with the full hour, as one message; a reminder that would be stale by then does not wait. */
function withinLimit(facts: Facts, now: Date, hourlyLimit: number): Decision {
  if (facts.bundle !== null || facts.sent_lately < hourlyLimit) return { do: 'send' }
  const until = new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs)
  if (facts.expires_at !== null && until >= facts.expires_at) return { do: 'send' }
  return { do: 'hold', until, reason: 'hourly_limit', bundle: `limit ${until.toISOString()}` }
}

/** Preferences are for people; programs get everything at once. */
function whenWanted(facts: Facts, preferences: Preferences, now: Date): Decision {
  if (isDigest(facts.bundle)) return { do: 'send' }
  if (facts.kind === 'email' && preferences.digest_at !== null) {
    const until = nextTimeOf(preferences.digest_at, facts.time_zone, now)
    // A reminder that the digest would bring after the task is due is sent by itself.
    if (
      facts.event_type !== 'task.due.approaching' ||
      facts.expires_at === null ||
      until < facts.expires_at
    ) {
      return { do: 'hold', until, reason: 'digest', bundle: `digest ${until.toISOString()}` }
    }
  }
  const until = quietUntil(preferences.quiet_hours, facts.time_zone, now)
  if (until === null) return { do: 'send' }
  if (facts.expires_at !== null && until >= facts.expires_at) return suppress('quiet_hours')
  return { do: 'hold', until, reason: 'quiet_hours', bundle: `quiet ${until.toISOString()}` }
}

const isDigest = (bundle: string | null) => bundle?.startsWith('digest') === true
const isQuiet = (bundle: string | null) => bundle?.startsWith('quiet') === true

/** Reminders of what is done, gone or moved are pointless; so is telling people of a task that is gone again. */
function taskChange(facts: Facts): string | null {
  const isReminder = facts.event_type === 'task.due.approaching'
  if (facts.event_type === 'notification.send' || facts.event_type === 'task.deleted') return null
  if (!isReminder && facts.kind === 'webhook') return null
  if (facts.task_status === null || facts.task_deleted) return 'task_deleted'
  if (!isReminder) return null
  if (facts.task_status === 'done') return 'task_completed'
  const told = facts.payload.data as Task | undefined
  return isSameDue(told, facts) ? null : 'task_rescheduled'
}

function isSameDue(told: Task | undefined, facts: Facts): boolean {
  const toldAt = told?.due_at ? Date.parse(told.due_at) : null
  return toldAt === (facts.task_due_at?.getTime() ?? null) && (told?.due_date ?? null) === facts.task_due_date
}

function refusal(facts: Facts, preferences: Preferences): string | null {
  const row = preferences.matrix[facts.event_type as EventName]
  if (row?.[facts.kind] === false) return 'preferences'
  const isChange = facts.event_type !== 'task.due.approaching' && facts.event_type !== 'notification.send'
  // Everything that comes through the API is the user's own doing; what the recurrer makes is not.
  const isOwn = isChange && sourceOf(facts.payload) === 'server'
  return isOwn && facts.kind !== 'webhook' && !preferences.notify_self ? 'own_change' : null
}

const sourceOf = (payload: Record<string, unknown>) =>
  String(payload.source ?? '')
    .split('/')
    .at(-1)

/** What a newer version stored and this one does not understand counts as not said. */
function preferencesOf(stored: unknown): Preferences {
  const parsed = stored === null ? null : Preferences.safeParse(stored)
  return parsed?.success ? parsed.data : defaultPreferences
}
