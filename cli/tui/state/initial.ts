import { combine } from '../../../shared/filter/ast.ts'
import type { Context } from '../../context.ts'
import { readFilterLine } from '../../filter.ts'
import { lookUp, type Tree } from '../../settings.ts'
import { type Grouping, groupings, type LayoutName, layouts, type State, type Where } from '../model.ts'
import type { Remembered } from '../remembered.ts'
import { readPlaces } from '../work/contexts.ts'
import { planned } from './columns.ts'
import { planColumns } from './plans.ts'

export type BoardOptions = {
  /** Filter words; undefined takes those of last time. */
  filter: string | undefined
  layout: LayoutName | undefined
  by: Grouping | undefined
  theme: string | undefined
  mouse: boolean
  links: boolean
}

type Size = { columns: number; rows: number }

function readWords(context: Context, text: string): State['filter'] {
  const filter = readFilterLine(text, { now: context.now(), timeZone: context.timeZone() })
  return 'message' in filter
    ? { text: '', filter: combine('and', []), problem: null }
    : { text, filter, problem: null }
}

/** What the board begins with: what was said, else what was there last time, else columns by status. */
export function initialState(
  context: Context,
  options: BoardOptions,
  remembered: Remembered,
  tree: Tree,
  { columns, rows }: Size,
): State {
  const isAccessible = context.config.accessible || lookUp(tree, 'accessible') === true
  const named = <T extends string>(name: string, all: readonly T[]): T | undefined =>
    all.find((one) => one === lookUp(tree, name))
  const where: Where = {
    layout: options.layout ?? named('board.view', layouts) ?? remembered.where.layout,
    by: options.by ?? named('board.columns', groupings) ?? remembered.where.by,
    sort: remembered.where.sort,
  }
  const state: State = {
    size: { columns, rows },
    now: context.now(),
    timeZone: context.timeZone(),
    screens: [{ kind: 'tasks' }],
    left: [],
    where,
    filters: remembered.filters,
    filter: readWords(context, options.filter ?? remembered.filter),
    epoch: 0,
    columns: [],
    focus: 0,
    marks: new Set<number>(),
    queue: [],
    prompt: null,
    notice: null,
    limits: limitsOf(lookUp(tree, 'board.limits')),
    typed: '',
    flashing: new Set<number>(),
    isConnected: false,
    offlineSince: null,
    offlineWhy: null,
    tags: [],
    projects: [],
    place: placeOf(context),
    places: readPlaces({ context }),
    mouse: options.mouse && lookUp(tree, 'board.mouse') !== false && !isAccessible,
    accessible: isAccessible,
  }
  return placed(planned(state, planColumns(where, state.filter.filter, state)), remembered)
}

function placeOf(context: Context): string | null {
  const target = context.target()
  return target === null ? null : (target.name ?? target.place.url)
}

/** The file may have been written by hand: what is no number is no limit. */
const limitsOf = (value: unknown): Record<string, number> =>
  Object.fromEntries(
    Object.entries(value ?? {}).filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1])),
  )

/** Each column waits for the task that was selected; it is where it was as soon as it is read. */
function placed(state: State, { selected, column }: Remembered): State {
  const focus = Math.max(
    0,
    state.columns.findIndex(({ key }) => key === column),
  )
  return { ...state, focus, columns: state.columns.map((one) => ({ ...one, selectedId: selected })) }
}
