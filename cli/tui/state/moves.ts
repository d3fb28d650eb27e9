import type { TaskStatus } from '../../../shared/api/task.ts'
import type { Card, Column, Operation, State } from '../model.ts'
import { focused } from './select.ts'

export type Planned = { operation: Operation; patch: Partial<Card> | null }

/** The operation that gives a task another status; completing is one of its own, since it may make the next one. */
export function toStatus(card: Card, status: TaskStatus): Planned {
  const now = new Date().toISOString()
  const patch = { status, updated_at: now, completed_at: status === 'done' ? now : null }
  if (status === 'done') return { operation: { op: 'complete', id: card.id }, patch }
  return { operation: { op: 'update', id: card.id, body: { status } }, patch }
}

/** What moving a card from one column into another changes; the reason where it cannot be. */
export function toColumn(card: Card, from: Column | undefined, into: Column): Planned | string {
  const { entry } = into
  if (entry === null) return `Nothing can be moved into “${into.title}”.`
  if (entry.card.status !== undefined) return toStatus(card, entry.card.status)
  const [tag] = entry.card.tags ?? []
  if (tag === undefined || from?.entry?.card.tags === undefined) {
    return { operation: { op: 'update', id: card.id, body: entry.body }, patch: entry.card }
  }
  // Only the tag of the column that it leaves is taken off; the others say something else.
  const left = from.entry.card.tags.map(({ name }) => name)
  const tags = [...card.tags.filter(({ name }) => !left.includes(name) && name !== tag.name), tag]
  const body = { add_tags: [tag.name], ...(left.length > 0 && { remove_tags: left }) }
  return { operation: { op: 'update', id: card.id, body }, patch: { tags } }
}

/** The place of a card one below or above: between its new neighbours. Null where there is none. */
export function reordered(state: State, by: 1 | -1): Planned | string | null {
  const column = focused(state)
  const card = column?.items[column.index]
  if (column === undefined || card === undefined) return null
  if (column.sort !== 'position')
    return `Sorted by ${column.sort.replace('-', '')}; cards have a place of their own in the usual order (S).`
  const next = column.items[column.index + by]
  if (next === undefined) return null
  const beyond = column.items[column.index + 2 * by]
  const position = beyond === undefined ? next.position + by : (next.position + beyond.position) / 2
  return { operation: { op: 'update', id: card.id, body: { position } }, patch: { position } }
}
