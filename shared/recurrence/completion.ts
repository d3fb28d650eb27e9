import {
  civilDate,
  dayOfWall,
  LAST_DAY,
  LAST_YEAR,
  MINUTES_PER_DAY,
  minuteOfWall,
  monthNumber,
} from './civil.ts'
import type { Rule } from './rule.ts'
import { dayInMonth } from './simple.ts'
import { AFTER_ALL, type Hit, hitAfter } from './walk.ts'
import { resolveWall, wallAt } from './wall-time.ts'

/** The next occurrence after a completion (ms), before `until` and exdates are looked at. */
export function completionHit(rule: Rule, completedAt: number): (Hit & { clamped: boolean }) | null {
  if (completedAt >= AFTER_ALL) return null
  const date = dayOfWall(wallAt(rule.zone, completedAt))
  if (rule.pattern === 'custom') {
    const midnight = resolveWall(rule.zone, (date + 1) * MINUTES_PER_DAY)
    const hit = hitAfter(rule.walk, Math.max(completedAt, (midnight?.at ?? completedAt + 1) - 1))
    return hit === null ? null : { ...hit, clamped: false }
  }
  const time = rule.start === null ? 0 : minuteOfWall(rule.start)
  const planned = plusInterval(rule, date)
  const monthly = rule.pattern === 'monthly' || rule.pattern === 'yearly'
  const clamped =
    monthly && rule.policy === 'clamp' && planned !== null && civilDate(planned).day < civilDate(date).day
  // A date that the zone leaves out passes the task on to the following one.
  for (let day = planned; day !== null && day <= LAST_DAY; day += 1) {
    const wall = day * MINUTES_PER_DAY + time
    const resolved = resolveWall(rule.zone, wall)
    if (resolved !== null && resolved.at > completedAt) return { ...resolved, wall, clamped }
  }
  return null
}

function plusInterval({ pattern, interval, policy }: Rule, date: number): number | null {
  if (pattern === 'daily') return date + interval
  if (pattern === 'weekly') return date + interval * 7
  const from = civilDate(date)
  const step = pattern === 'monthly' ? interval : interval * 12
  const last = LAST_YEAR * 12 + 11
  for (let month = monthNumber(from) + step; month <= last; month += step) {
    const day = dayInMonth(month, from.day, policy)
    if (day !== null) return day
  }
  return null
}
