import { type QuietHours, weekdays } from '../shared/api/preferences.ts'
import { instantsOf, wallAt, weekdayOf } from './wall-clock.ts'

/**
 * The end of the quiet hours that `now` falls into, or null. They are intervals of instants, each from the first
 * time that the clocks show `from` to the last time that they show `to`: a clock that is set back does not end and
 * begin them twice. `days` names the days on which they begin.
 */
export function quietUntil(quiet: QuietHours | null, zone: string, now: Date): Date | null {
  if (quiet === null) return null
  const at = now.getTime()
  const today = wallAt(at, zone).day
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  let end: number | null = null
  // A clock set back over midnight shows yesterday again, so the neighbours of both days are looked at.
  for (const day of [today - 2, today - 1, today, today + 1]) {
    if (!beginsOn(quiet, day)) continue
    const begins = instantsOf({ day, minute: from }, zone).first
    const ends = instantsOf({ day: to > from ? day : day + 1, minute: to }, zone).last
    if (begins <= at && at < ends) end = Math.max(end ?? 0, ends)
  }
  return end === null ? null : new Date(end)
}

/** The next time after `now` at which clocks in `zone` show `at` (HH:MM), for the first time where they do twice. */
export function nextTimeOf(at: string, zone: string, now: Date): Date {
  const today = wallAt(now.getTime(), zone).day
  const minute = minutesOf(at)
  const instants = [-1, 0, 1, 2].map((offset) => instantsOf({ day: today + offset, minute }, zone).first)
  return new Date(instants.find((instant) => instant > now.getTime())!)
}

function beginsOn(quiet: QuietHours, day: number): boolean {
  if (quiet.days === undefined) return true
  const index = weekdayOf(day)
  return quiet.days.some((one) =>
    typeof one === 'number' ? (one + 6) % 7 === index : one === weekdays[index],
  )
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return hours! * 60 + minutes!
}
