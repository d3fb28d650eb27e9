import type { DueTest, Filter } from '../../../shared/filter/ast.ts'
import { priorityNames } from '../../../shared/priorities.ts'
import { type Day, dayMs, isoDate } from '../../dates/calendar.ts'
import { instantOf, wallAt } from '../../dates/zone.ts'
import type { Card } from '../model.ts'

/** Whose clock and calendar a filter is read by. */
export type Clock = { now: Date; timeZone: string }

export const todayOf = ({ now, timeZone }: Clock): Day => wallAt(now.getTime(), timeZone).day

const keyOf = (name: string) => name.normalize('NFC').toLowerCase()
const parseDay = (date: string): Day => Date.parse(date) / dayMs

/** The instant that an all-day date counts as where instants are compared: the last moment of its day. */
const dueInstant = (card: Card, { timeZone }: Clock): number | null => {
  if (card.due_at !== null) return Date.parse(card.due_at)
  if (card.due_date === null) return null
  return instantOf({ day: parseDay(card.due_date) + 1, ms: 0 }, timeZone) - 1
}

const dueDay = (card: Card, { timeZone }: Clock): string | null =>
  card.due_at !== null ? isoDate(wallAt(Date.parse(card.due_at), timeZone).day) : card.due_date

const compare: Record<DueTest, <T extends string | number>(due: T, when: T) => boolean> = {
  on: (due, when) => due === when,
  before: (due, when) => due < when,
  by: (due, when) => due <= when,
  from: (due, when) => due >= when,
  after: (due, when) => due > when,
}

function isDue(card: Card, test: DueTest, when: string, clock: Clock): boolean {
  if (when.includes('T')) {
    const due = dueInstant(card, clock)
    return due !== null && compare[test](due, Date.parse(when))
  }
  const due = dueDay(card, clock)
  return due !== null && compare[test](due, when)
}

export function isOverdue(card: Pick<Card, 'status' | 'due_at' | 'due_date'>, clock: Clock): boolean {
  if (card.status === 'done') return false
  if (card.due_at !== null) return Date.parse(card.due_at) <= clock.now.getTime()
  return card.due_date !== null && card.due_date < isoDate(todayOf(clock))
}

const containsText = (card: Card, text: string): boolean | null => {
  const wanted = text.toLowerCase()
  if (card.title.toLowerCase().includes(wanted)) return true
  return card.description === undefined ? null : card.description.toLowerCase().includes(wanted)
}

const isBelow = (project: string | null, name: string) =>
  project !== null && (project === name || project.startsWith(`${name}.`))

/**
 * Whether a task passes a filter, as the server would answer; null where only the server knows, because a card comes
 * without its note.
 */
export function matches(filter: Filter, card: Card, clock: Clock): boolean | null {
  switch (filter.kind) {
    case 'all':
      return true
    case 'and':
    case 'or': {
      const decisive = filter.kind === 'or'
      const each = filter.parts.map((part) => matches(part, card, clock))
      if (each.includes(decisive)) return decisive
      return each.includes(null) ? null : !decisive
    }
    case 'not': {
      const inner = matches(filter.part, card, clock)
      return inner === null ? null : !inner
    }
    case 'tag': {
      const { name } = filter
      return name === null ? card.tags.length === 0 : card.tags.some((tag) => keyOf(tag.name) === keyOf(name))
    }
    case 'project':
      return filter.name === null ? card.project === null : isBelow(card.project, filter.name)
    case 'status':
      return card.status === filter.status
    case 'priority':
      return priorityNames[card.priority_id - 1] === filter.name
    case 'due':
      return isDue(card, filter.test, filter.when, clock)
    case 'undated':
      return card.due_at === null && card.due_date === null
    case 'overdue':
      return isOverdue(card, clock)
    case 'text':
      return containsText(card, filter.text)
  }
}
