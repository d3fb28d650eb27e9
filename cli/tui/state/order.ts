import type { TaskSort } from '../../../shared/api/task.ts'
import { urgencyOf } from '../../../shared/urgency.ts'
import { dayMs } from '../../dates/calendar.ts'
import type { Card } from '../model.ts'

const dueKey = (card: Card): number => {
  if (card.due_at !== null) return Date.parse(card.due_at)
  return card.due_date === null ? Number.POSITIVE_INFINITY : Date.parse(card.due_date) + dayMs
}

const keys: Record<TaskSort, (card: Card, now: Date) => number | string> = {
  due: dueKey,
  priority: (card) => card.priority_id,
  created: (card) => Date.parse(card.created_at),
  updated: (card) => Date.parse(card.updated_at),
  title: (card) => card.title.toLowerCase(),
  position: (card) => card.position,
  urgency: (card, now) => -urgencyOf(card, now),
}

/** Puts cards into the order of the API's `sort`, `-` in front for descending; ties go by id. */
export function compareBy(sort: string, now: Date): (a: Card, b: Card) => number {
  const descending = sort.startsWith('-')
  const key = keys[sort.replace(/^-/, '') as TaskSort]
  const sign = descending ? -1 : 1
  const value = (card: Card) => {
    const found = key(card, now)
    // Without due comes last both ways.
    return descending && found === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : found
  }
  return (a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === right) return sign * (a.id - b.id)
    return left < right ? -sign : sign
  }
}

export const reversed = (sort: string): string => (sort.startsWith('-') ? sort.slice(1) : `-${sort}`)
