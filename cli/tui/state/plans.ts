import { combine, type Filter, mentions, negate } from '../../../shared/filter/ast.ts'
import { priorityNames } from '../../../shared/priorities.ts'
import { isoDate } from '../../dates/calendar.ts'
import type { Card, ColumnPlan, Entry, Grouping, State, Where } from '../model.ts'
import { todayOf } from './match.ts'

const status = (name: 'todo' | 'doing' | 'done'): Filter => ({ kind: 'status', status: name })
const open: Filter = { kind: 'or', parts: [status('todo'), status('doing')] }

/** A board with a column for every tag of a big household is no board; the rest is in the list. */
const mostColumns = 20

type Known = Pick<State, 'tags' | 'projects' | 'now' | 'timeZone'>

const entry = (body: Record<string, unknown>, card: Partial<Card>): Entry => ({ body, card })

function byStatus(): ColumnPlan[] {
  return (['todo', 'doing', 'done'] as const).map((name) => ({
    key: name,
    title: name,
    filter: status(name),
    sort: name === 'done' ? '-updated' : 'position',
    entry: entry({ status: name }, { status: name }),
  }))
}

function byPriority(): ColumnPlan[] {
  return [...priorityNames].reverse().map((name) => ({
    key: name,
    title: name,
    filter: { kind: 'priority', name },
    sort: 'position',
    entry: entry({ priority: name }, { priority_id: priorityNames.indexOf(name) + 1 }),
  }))
}

function byTag({ tags }: Known): ColumnPlan[] {
  const columns = tags.slice(0, mostColumns).map(({ name, color }): ColumnPlan => {
    const filter: Filter = { kind: 'tag', name }
    // The real id comes with the answer; until then no other tag has this one.
    const card = { tags: [{ id: 0, name, color }] }
    return {
      key: `+${name}`,
      title: `+${name}`,
      filter,
      sort: 'position',
      entry: entry({ tags: [name] }, card),
    }
  })
  const none = { key: 'untagged', title: 'no tag', filter: { kind: 'tag', name: null } as Filter }
  return [...columns, { ...none, sort: 'position', entry: entry({ tags: [] }, { tags: [] }) }]
}

function byProject({ projects }: Known): ColumnPlan[] {
  const tops = [...new Set(projects.map((name) => name.split('.')[0]!))].slice(0, mostColumns)
  const column = (name: string | null): ColumnPlan => ({
    key: name ?? 'no project',
    title: name ?? 'no project',
    filter: { kind: 'project', name },
    sort: 'position',
    entry: entry({ project: name }, { project: name }),
  })
  return [...tops, null].map(column)
}

const due = (test: 'on' | 'from' | 'after' | 'by', when: string): Filter => ({ kind: 'due', test, when })

function byDue(known: Known): ColumnPlan[] {
  const today = todayOf(known)
  const day = (ahead: number) => isoDate(today + ahead)
  const late: Filter = { kind: 'overdue' }
  const at = (date: string | null) =>
    entry({ due_date: date, due_at: null }, { due_date: date, due_at: null })
  const week = combine('and', [due('from', day(2)), due('by', day(7))])
  const columns: [title: string, filter: Filter, entry: Entry | null][] = [
    ['overdue', late, null],
    ['today', combine('and', [due('on', day(0)), negate(late)]), at(day(0))],
    ['tomorrow', due('on', day(1)), at(day(1))],
    ['next 7 days', week, at(day(7))],
    ['later', due('after', day(7)), at(day(14))],
    ['no date', { kind: 'undated' }, at(null)],
  ]
  return columns.map(([title, filter, into]) => ({ key: title, title, filter, sort: 'due', entry: into }))
}

const plansBy: Record<Grouping, (known: Known) => ColumnPlan[]> = {
  status: byStatus,
  priority: byPriority,
  tag: byTag,
  project: byProject,
  due: byDue,
}

/**
 * The columns that a view has, each with the whole filter that its tasks pass. Done tasks are in the columns by
 * status, elsewhere where the filter speaks of the status.
 */
export function planColumns(where: Where, filter: Filter, known: Known): ColumnPlan[] {
  const isList = where.layout === 'list'
  const list = { key: 'all', title: 'tasks', filter: { kind: 'all' } as Filter, sort: 'due', entry: null }
  const plans = isList ? [list] : plansBy[where.by](known)
  const showsAll = mentions(filter, 'status') || (!isList && where.by === 'status')
  return plans.map((plan) => {
    const parts = [plan.filter, filter, ...(showsAll ? [] : [open])].filter(({ kind }) => kind !== 'all')
    return { ...plan, filter: combine('and', parts), sort: where.sort ?? plan.sort }
  })
}
