import type { Delivery } from '../../shared/api/delivery.ts'
import type { TaskEvent } from '../../shared/api/event.ts'
import type { Task } from '../../shared/api/task.ts'
import type { Filter, FilterProblem } from '../../shared/filter.ts'
import type { Line } from './state/line.ts'

/** What a row shows of a task. The rest of it is asked for when the task is opened. */
export const cardFields = [
  ...(['id', 'title', 'status', 'priority_id', 'tags', 'project', 'due_date', 'due_at'] as const),
  ...(['recurring_task_id', 'position', 'version', 'created_at', 'updated_at', 'completed_at'] as const),
]
export type Card = Pick<Task, (typeof cardFields)[number]> & { description?: string }

export const layouts = ['board', 'list', 'grouped'] as const
export type LayoutName = (typeof layouts)[number]

export const groupings = ['status', 'priority', 'tag', 'project', 'due'] as const
export type Grouping = (typeof groupings)[number]

export const themeNames = ['dark', 'light', '16', 'none'] as const
export type ThemeName = (typeof themeNames)[number]

/** Fields that a card gets when it is moved into a column; null where nothing can be moved to. */
export type Entry = {
  body: Record<string, unknown>
  card: Partial<Card>
}

/** What a column is, before anything of it is loaded. */
export type ColumnPlan = { key: string; title: string; filter: Filter; sort: string; entry: Entry | null }

/**
 * A column and the part of it that is here. `items` are without a gap from the start of the column, or up to its end
 * when `from` says so; `more` is the cursor that goes on, null when all are here. `index` and `top` count in `items`.
 */
export type Column = ColumnPlan & {
  items: Card[]
  total: number | null
  from: 'start' | 'end'
  more: string | null
  isLoaded: boolean
  selectedId: number | null
  index: number
  top: number
}

export type Where = { layout: LayoutName; by: Grouping; sort: string | null }

/** A change on its way: shown at once, sent in order, kept while the service is away. */
export type Op = {
  id: number
  label: string
  /** The same on every attempt, so that a lost answer does not act twice. */
  key: string
  operations: Operation[]
  /** What the cards look like meanwhile; null: gone. */
  patches: ReadonlyMap<number, Partial<Card> | null>
  added: Card | null
  /** Refuse when the task is not at this version any more. */
  expected: { id: number; version: number } | null
  state: 'waiting' | 'sending' | 'rejected'
  reason: string | null
  attempts: number
}

export type Operation = {
  op: 'create' | 'update' | 'complete' | 'reopen' | 'delete'
  id?: number
  body?: Record<string, unknown>
}

export type PromptKind =
  | 'add'
  | 'filter'
  | 'title'
  | 'due'
  | 'tags'
  | 'project'
  | 'move'
  | 'palette'
  | 'help'
  | 'paste'
  | 'confirm'

export type Prompt = {
  kind: PromptKind
  line: Line
  /** The tasks that it is about. */
  ids: number[]
  /** What was typed, as it is understood. */
  echo: string
  /** Where the words cannot be read, in characters. */
  problem: { message: string; at: number; end: number } | null
  /** Completions of the word before the cursor, and which was put in. */
  choices: string[]
  choice: number | null
  /** How far back in the history; -1 is what is being typed. */
  history: number
  /** For `palette`: the chosen row. For `paste`: the lines. For `confirm`: what follows yes. */
  row: number
  lines: string[]
  onYes: (() => void) | null
}

/** `undoable` is done too, and says which key takes it back. */
export type Notice = {
  kind: 'done' | 'undoable' | 'info' | 'error'
  text: string
  detail: string | null
}

export const formFields = ['title', 'status', 'priority', 'due', 'tags', 'project', 'remind', 'note'] as const
export type FormField = (typeof formFields)[number]

export type Form = {
  id: number
  /** As it was when editing began. */
  base: Task
  values: Record<FormField, string>
  field: number
  line: Line
  problems: Partial<Record<FormField, string>>
  /** Set when somebody else changed it meanwhile: the task as it is now. */
  theirs: Task | null
}

/** A recurring task as its list shows it. `rule` and `next` are words. */
export type Rule = { id: number; title: string; rule: string; next: string; isActive: boolean }

/** A service that the user knows, by the name of its context. */
export type Place = { name: string; address: string; who: string }

export type Screen =
  | { kind: 'tasks' }
  | {
      kind: 'detail'
      id: number
      task: Task | null
      history: TaskEvent[] | null
      pane: 'task' | 'history'
      scroll: Record<'task' | 'history', number>
    }
  | { kind: 'form'; form: Form }
  | { kind: 'recurring'; items: Rule[] | null; index: number; next: Record<number, string[]> }
  | { kind: 'log'; items: Delivery[] | null; index: number }
  | { kind: 'contexts'; index: number }
  | { kind: 'help'; search: string; scroll: number; over: ScreenKind }
  | { kind: 'problem'; text: string; scroll: number }
export type ScreenKind = Screen['kind']

export type State = {
  size: { columns: number; rows: number }
  now: Date
  timeZone: string
  screens: Screen[]
  /** What `]` goes forward to. */
  left: Screen[]
  where: Where
  filter: { text: string; filter: Filter; problem: FilterProblem | null }
  filters: string[]
  /** Counts up when other columns are wanted: answers to older questions are dropped. */
  epoch: number
  columns: Column[]
  focus: number
  marks: ReadonlySet<number>
  limits: Readonly<Record<string, number>>
  queue: Op[]
  prompt: Prompt | null
  notice: Notice | null
  /** Keys typed so far of a longer one: a count, or `g`. */
  typed: string
  /** Tasks that somebody else has just changed. */
  flashing: ReadonlySet<number>
  /** Whether the service has answered once. */
  isConnected: boolean
  /** Since when the service is away; null while it is there. */
  offlineSince: number | null
  /** What it said, or what was said of it; its first line stands below. */
  offlineWhy: string | null
  /** The context of this board: null on this machine, an address when it has no name. */
  place: string | null
  places: Place[]
  tags: { name: string; color: string | null }[]
  projects: string[]
  mouse: boolean
  accessible: boolean
}
