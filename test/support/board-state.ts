import type { Card, Column, State, Where } from '../../cli/tui/model.ts'
import { planned, replaced } from '../../cli/tui/state/columns.ts'
import { planColumns } from '../../cli/tui/state/plans.ts'
import { combine } from '../../shared/filter/ast.ts'

/** A task of the board with what a test is about. */
export const cardOf = (more: Partial<Card> = {}): Card => ({
  id: 1,
  title: 'Pay rent',
  status: 'todo',
  priority_id: 2,
  tags: [],
  project: null,
  due_date: null,
  due_at: null,
  recurring_task_id: null,
  position: more.id ?? 1,
  version: 1,
  created_at: '2026-11-01T09:00:00.000Z',
  updated_at: '2026-11-01T09:00:00.000Z',
  completed_at: null,
  ...more,
})

/** A board of 120 × 30 at noon of 21 November 2026, with these cards in their columns. */
export function stateOf(cards: Card[], more: Partial<State> = {}): State {
  const where: Where = more.where ?? { layout: 'board', by: 'status', sort: null }
  const state: State = {
    size: { columns: 120, rows: 30 },
    now: new Date('2026-11-21T12:00:00Z'),
    timeZone: 'UTC',
    screens: [{ kind: 'tasks' }],
    left: [],
    where,
    filters: [],
    filter: { text: '', filter: combine('and', []), problem: null },
    epoch: 0,
    columns: [],
    focus: 0,
    marks: new Set<number>(),
    queue: [],
    prompt: null,
    notice: null,
    limits: {},
    typed: '',
    flashing: new Set<number>(),
    isConnected: true,
    offlineSince: null,
    offlineWhy: null,
    tags: [],
    projects: [],
    place: null,
    places: [],
    mouse: true,
    accessible: false,
    ...more,
  }
  const empty = planned(state, planColumns(where, state.filter.filter, state))
  return empty.columns.reduce(
    (now, column) => {
      const items = cards.filter(
        (card) => column.filter.kind === 'status' && column.filter.status === card.status,
      )
      return replaced(now, now.epoch, column.key, { items, more: null, from: 'start' })
    },
    counted(empty, cards),
  )
}

const counted = (state: State, cards: Card[]): State => ({
  ...state,
  columns: state.columns.map((column): Column => {
    const { filter } = column
    const total = cards.filter((card) => filter.kind === 'status' && filter.status === card.status).length
    return { ...column, total }
  }),
})

/** The titles of each column, for a look at all of it. */
export const titlesOf = (state: State): Record<string, string[]> =>
  Object.fromEntries(state.columns.map((column) => [column.key, column.items.map(({ title }) => title)]))
