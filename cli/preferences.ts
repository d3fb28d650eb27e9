import type { Preferences, QuietHours, Weekday } from '../shared/api/preferences.ts'
import { usage } from './errors.ts'

const days: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** `8:00`, `08:00` and `8` as HH:MM. */
export function readTime(text: string): string {
  const [, hours, minutes = '00'] = /^(\d{1,2})(?::(\d{2}))?$/.exec(text.trim()) ?? []
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) {
    throw usage(`${JSON.stringify(text)} is not a time of day.`, 'Write it like 08:00.')
  }
  return `${hours.padStart(2, '0')}:${minutes}`
}

/** `22:00-07:00`, with `mon-fri,sun` as the days on which they begin. */
export function readQuietHours(text: string, on: string | undefined): QuietHours {
  const [from, to, ...more] = text.split(/-|–|\.\./)
  if (from === undefined || to === undefined || more.length > 0) {
    throw usage(`${JSON.stringify(text)} is not understood.`, 'Write quiet hours like 22:00-07:00, or off.')
  }
  return { from: readTime(from), to: readTime(to), ...(on !== undefined && { days: readDays(on) }) }
}

function readDays(text: string): Weekday[] {
  const found = new Set<Weekday>()
  for (const part of text.toLowerCase().split(',')) {
    const [first, last = first] = part.split('-').map((word) => dayOf(word.trim()))
    for (let n = days.indexOf(first!); ; n = (n + 1) % 7) {
      found.add(days[n]!)
      if (days[n] === last) break
    }
  }
  return days.filter((day) => found.has(day))
}

function dayOf(word: string): Weekday {
  const day = days.find((one) => word.length >= 2 && (word.startsWith(one) || one.startsWith(word)))
  if (day !== undefined) return day
  throw usage(`${JSON.stringify(word)} is not a day.`, 'Write days like mon-fri or sat,sun.')
}

export function describeQuietHours(quiet: QuietHours | null): string {
  if (quiet === null) return 'none'
  const on = quiet.days === undefined ? 'every day' : quiet.days.map((day) => nameOf(day)).join(', ')
  return `${quiet.from} to ${quiet.to}, ${on}`
}

const nameOf = (day: Weekday | number): Weekday => (typeof day === 'number' ? days[(day + 6) % 7]! : day)

export function describePreferences({ quiet_hours, digest_at, notify_self, matrix }: Preferences): string {
  const denied = Object.entries(matrix).flatMap(([event, row]) =>
    Object.entries(row).flatMap(([kind, isAllowed]) => (isAllowed ? [] : [`${event} by ${kind}`])),
  )
  return `Quiet hours   ${describeQuietHours(quiet_hours)}
Digest        ${digest_at === null ? 'none, every mail by itself' : `one mail a day at ${digest_at}`}
Own changes   ${notify_self ? 'told on all channels' : 'told to webhooks only'}
Switched off  ${denied.length === 0 ? 'nothing' : denied.join(', ')}
`
}
