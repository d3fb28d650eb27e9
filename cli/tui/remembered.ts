import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { HomePaths } from '../../shared/config.ts'
import { type Grouping, groupings, type LayoutName, layouts, type State, type Where } from './model.ts'
import { boardFile } from './prefetch.ts'
import { focused, selected } from './state/select.ts'

/** What the next board begins with. Nothing of it matters much, so a file that cannot be read is as good as none. */
export type Remembered = {
  where: Where
  filter: string
  filters: string[]
  selected: number | null
  /** The column that had the focus. */
  column: string | null
  /** What it asked for first; see prefetch.ts. */
  first: string[]
}

const nothing: Remembered = {
  where: { layout: 'board', by: 'status', sort: null },
  filter: '',
  filters: [],
  selected: null,
  column: null,
  first: [],
}

export function readRemembered(paths: Pick<HomePaths, 'state'>): Remembered {
  try {
    return checked(JSON.parse(readFileSync(boardFile(paths), 'utf8')))
  } catch {
    return nothing
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

function checked(value: Partial<Remembered>): Remembered {
  const { layout, by, sort } = value.where ?? nothing.where
  return {
    where: {
      layout: layouts.includes(layout as LayoutName) ? layout : 'board',
      by: groupings.includes(by as Grouping) ? by : 'status',
      sort: isText(sort) ? sort : null,
    },
    filter: isText(value.filter) ? value.filter : '',
    filters: Array.isArray(value.filters) ? value.filters.filter(isText) : [],
    selected: Number.isSafeInteger(value.selected) ? value.selected! : null,
    column: isText(value.column) ? value.column : null,
    first: [],
  }
}

/** Written aside and moved into place, so that two boards that end at once leave a whole file. */
export function remember(paths: Pick<HomePaths, 'state'>, state: State, first: string[]): void {
  const { where, filter, filters } = state
  const place = { selected: selected(state)?.id ?? null, column: focused(state)?.key ?? null }
  const kept: Remembered = { where, filter: filter.text, filters, ...place, first }
  const file = boardFile(paths)
  try {
    mkdirSync(paths.state, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${file}.${process.pid}`, file)
  } catch {
    // A folder that cannot be written costs the memory of the view, not the board.
  }
}
