import { BEFORE_ALL, excludedBy, isPast } from './recurrence/bounds.ts'
import { dayOfWall, formatDay, formatWall, MINUTES_PER_DAY } from './recurrence/civil.ts'
import { completionHit } from './recurrence/completion.ts'
import type { Rule } from './recurrence/rule.ts'
import { type Budget, type Hit, hitAfter, hitUpTo, searchBudget } from './recurrence/walk.ts'
import { resolveWall, wallAt } from './recurrence/wall-time.ts'

export { describeRule } from './recurrence/describe.ts'
export type { RecurrencePattern, RuleFields } from './recurrence/fields.ts'
export { parseRule, type Rule } from './recurrence/rule.ts'
export { parseRecurrenceWords } from './recurrence/words.ts'

export type OccurrenceNote = 'clamped' | 'gap_shifted' | 'first_of_two'

/**
 * One occurrence. `instant` is its key in every case (`occurrence_at`; for an all-day rule the first instant of the
 * date); `at` is the same, or null for an all-day rule. `local` is what the zone's clock shows, or the date.
 */
export type Occurrence = { instant: string; at: string | null; local: string; notes: OccurrenceNote[] }

/** An instant as a Date, as RFC 3339 text or as milliseconds since 1970. */
export type Instant = Date | string | number

/**
 * How `count` is judged. Without `generated`, as in RFC 5545: the rule's first n occurrences from its start, left-out
 * ones included. With it, by the number of instances made so far, however many occurrences went by unmade.
 */
export type CountBy = { generated?: number | undefined }

/** The first occurrence strictly after an instant; null when the rule has ended. */
export function nextOccurrence(rule: Rule, after: Instant, count: CountBy = {}): Occurrence | null {
  if (used(rule, count, 0)) return null
  const hit = nextHit(rule, toMs(after), { counted: count.generated === undefined })
  return hit === null ? null : toOccurrence(rule, hit)
}

export type OccurrenceRange = CountBy & {
  /** Exclusive begin. Give this or `from`; without either the rule's own start counts. */
  after?: Instant | undefined
  /** Inclusive begin. */
  from?: Instant | undefined
  /** Exclusive end. */
  to?: Instant | undefined
  /** At most this many. */
  limit: number
}

/** The occurrences in a range, oldest first. */
export function occurrences(rule: Rule, range: OccurrenceRange): Occurrence[] {
  const { from, after, to, limit } = range
  const end = to === undefined ? Number.POSITIVE_INFINITY : toMs(to)
  let last = after !== undefined ? toMs(after) : from !== undefined ? toMs(from) - 1 : BEFORE_ALL
  const found: Occurrence[] = []
  const budget = listBudget(limit)
  while (found.length < limit && !used(rule, range, found.length)) {
    const hit = nextHit(rule, last, { counted: range.generated === undefined, budget })
    if (hit === null || hit.at >= end) break
    found.push(toOccurrence(rule, hit))
    last = hit.at
  }
  return found
}

/** The newest occurrence in `(after, upTo]`, found without walking through the others. */
export function latestOccurrence(
  rule: Rule,
  after: Instant,
  upTo: Instant,
  count: CountBy = {},
): Occurrence | null {
  if (used(rule, count, 0)) return null
  const begin = toMs(after)
  let at = count.generated === undefined ? Math.min(toMs(upTo), rule.countEnd()) : toMs(upTo)
  for (;;) {
    const hit = hitUpTo(rule.walk, at)
    if (hit === null || hit.at <= begin) return null
    const excluded = exclusion(rule, hit)
    const late = rule.bounds.find((bound) => isPast(bound, hit))
    if (late !== undefined)
      at = Math.min(hit.at - 1, 'instant' in late ? late.instant : endOf(rule, late.wall))
    else if (excluded === null) return toOccurrence(rule, hit)
    else at = excluded === 'single' ? hit.at - 1 : Math.min(hit.at, startOfDay(rule, dayOfWall(hit.wall))) - 1
  }
}

export type CatchUpPolicy = 'latest' | 'all' | 'none'

export type CatchUp = CountBy & {
  /** The last occurrence that was handled; exclusive. */
  after: Instant
  now: Instant
  policy: CatchUpPolicy
  /** How many `all` may return. Default 100. */
  cap?: number | undefined
  /** Under `none`, an occurrence at most this old is on time and not missed. Default 2 minutes. */
  graceMs?: number | undefined
}

/** More missed ones than this are not counted. */
export const MAX_MISSED = 1000

/**
 * What to make now of a rule whose last handled occurrence was `after`: `due` oldest first, `missed` the number of
 * occurrences that are passed over (at most MAX_MISSED), `next` the first one after `now`. Bounded whatever the gap.
 */
export function catchUp(
  rule: Rule,
  { after, now, policy, cap = 100, graceMs = 120_000, generated }: CatchUp,
): { due: Occurrence[]; missed: number; next: Occurrence | null } {
  const [begin, end] = [toMs(after), toMs(now)]
  const limit = MAX_MISSED + (policy === 'all' ? cap : 1)
  const seen = countHits(rule, { after: begin, upTo: end, limit, counted: generated === undefined })
  let due: Occurrence[] = []
  if (policy === 'all') due = occurrences(rule, { after: begin, to: end + 1, limit: cap, generated })
  else {
    const from = policy === 'none' ? Math.max(begin, end - graceMs - 1) : begin
    const latest = latestOccurrence(rule, from, end, { generated })
    if (latest !== null) due = [latest]
  }
  const made = generated === undefined ? undefined : generated + due.length
  return {
    due,
    missed: Math.max(0, Math.min(seen - due.length, MAX_MISSED)),
    next: nextOccurrence(rule, end, { generated: made }),
  }
}

type Counting = { after: number; upTo: number; limit: number; counted: boolean }

/** How many occurrences lie in `(after, upTo]`, up to a limit. */
function countHits(rule: Rule, { after, upTo, limit, counted }: Counting): number {
  const budget = listBudget(limit)
  let [count, last] = [0, after]
  while (count < limit) {
    const hit = nextHit(rule, last, { counted, budget })
    if (hit === null || hit.at > upTo) break
    count += 1
    last = hit.at
  }
  return count
}

/**
 * The occurrence that follows a completion (`anchor: completion`): the local date of the completion plus the
 * interval, at the template's wall time; for a cron or RRULE rule its first date after the completion's. Null when
 * the rule has ended.
 */
export function afterCompletion(rule: Rule, completedAt: Instant, count: CountBy = {}): Occurrence | null {
  if (used(rule, count, 0)) return null
  let hit = completionHit(rule, toMs(completedAt))
  for (let tries = 0; hit !== null && tries < 1000; tries += 1) {
    const current = hit
    if (rule.bounds.some((bound) => isPast(bound, current))) return null
    if (exclusion(rule, current) === null) return toOccurrence(rule, current, current.clamped)
    hit = completionHit(rule, current.at)
  }
  return null
}

export type Preview = { occurrences: Omit<Occurrence, 'instant'>[]; warnings: string[] }

/** The next occurrences in the shape of the API. Without `after` it begins at the rule's start, else at `now`. */
export function previewRule(
  rule: Rule,
  options: { after?: Instant | undefined; now: Instant; limit: number },
): Preview {
  const after = options.after ?? (rule.start === null ? options.now : BEFORE_ALL)
  const found = occurrences(rule, { after, limit: options.limit })
  return {
    occurrences: found.map(({ at, local, notes }) => ({ at, local, notes })),
    warnings: [...rule.warnings],
  }
}

/** The exdate that leaves exactly this occurrence out: local, so that it survives changes of the zone's rules. */
export function exdateOf(rule: Rule, occurrence: Occurrence): string {
  return rule.walk.timing.kind === 'elapsed' ? occurrence.instant : occurrence.local
}

function used(rule: Rule, { generated }: CountBy, more: number): boolean {
  return rule.count !== null && generated !== undefined && generated + more >= rule.count
}

/** One budget for a whole list, so that a hostile rule costs no more when more of it is asked for. */
function listBudget(limit: number): Budget {
  return { steps: searchBudget().steps + 4 * limit }
}

type Search = { counted: boolean; budget?: Budget }

function nextHit(rule: Rule, after: number, { counted, budget }: Search): Hit | null {
  let last = Math.max(after, BEFORE_ALL)
  for (;;) {
    const hit = hitAfter(rule.walk, last, budget)
    if (hit === null || rule.bounds.some((bound) => isPast(bound, hit))) return null
    if (counted && hit.at > rule.countEnd()) return null
    const excluded = exclusion(rule, hit)
    if (excluded === null) return hit
    last = excluded === 'single' ? hit.at : Math.max(hit.at, startOfDay(rule, dayOfWall(hit.wall) + 1) - 1)
  }
}

function exclusion(rule: Rule, hit: Hit): 'day' | 'single' | null {
  const { days, walls, instants } = rule.exdates
  if (days.size + walls.size + instants.size === 0) return null
  return excludedBy(rule.exdates, hit, wallAt(rule.zone, hit.at))
}

function startOfDay(rule: Rule, day: number): number {
  return endOf(rule, day * MINUTES_PER_DAY)
}

/** The instant of a wall minute, also when the zone leaves its date out. */
function endOf(rule: Rule, wall: number): number {
  return resolveWall(rule.zone, wall)?.at ?? endOf(rule, wall + MINUTES_PER_DAY)
}

function toOccurrence(
  rule: Rule,
  hit: Hit,
  clamped = rule.walk.pattern.clamped?.(hit.wall) === true,
): Occurrence {
  const instant = new Date(hit.at).toISOString()
  const notes: OccurrenceNote[] = clamped ? ['clamped'] : []
  if (rule.allDay) return { instant, at: null, local: formatDay(dayOfWall(hit.wall)), notes }
  if (hit.how === 'gap') notes.push('gap_shifted')
  if (hit.how === 'first') notes.push('first_of_two')
  return {
    instant,
    at: instant,
    local: formatWall(hit.how === 'gap' ? wallAt(rule.zone, hit.at) : hit.wall),
    notes,
  }
}

function toMs(instant: Instant): number {
  const ms = typeof instant === 'number' ? instant : new Date(instant).getTime()
  if (Number.isNaN(ms)) throw new RangeError(`Not an instant: ${String(instant)}`)
  return ms
}
