import { keyText } from './key-text.ts'
import type { ScreenKind } from './model.ts'

/** Everything that the board can do, in the order of the help. */
export type CommandName = (typeof bindings)[number]['name']

export type Binding = {
  name: string
  /** By the names of input/parse.ts; several typed after each other stand with a blank between. */
  keys: readonly string[]
  /** The screens on which it works. */
  on: readonly ScreenKind[]
  does: string
  group: 'Move' | 'Change' | 'Look' | 'Go' | 'Terminal'
  /** A word for the bottom line, which shows those that have one. */
  hint?: string
}

const tasks = ['tasks'] as const
const rows = ['tasks', 'recurring', 'log', 'contexts', 'detail', 'help', 'problem'] as const
const onTask = ['tasks', 'detail'] as const
const everywhere = ['tasks', 'detail', 'recurring', 'log', 'contexts', 'help', 'problem'] as const

/**
 * The one table of keys. The handlers, the bottom line, the help, the palette and docs/board.md read it, and the
 * setting `board.keys` changes it.
 */
export const bindings = [
  { name: 'down', keys: ['j', 'down'], on: rows, does: 'Down; with a count, so many (5j)', group: 'Move' },
  { name: 'up', keys: ['k', 'up'], on: rows, does: 'Up', group: 'Move' },
  { name: 'left', keys: ['h', 'left'], on: tasks, does: 'Column or group to the left', group: 'Move' },
  { name: 'right', keys: ['l', 'right'], on: tasks, does: 'Column or group to the right', group: 'Move' },
  { name: 'first', keys: ['g g', 'home'], on: rows, does: 'First', group: 'Move' },
  { name: 'last', keys: ['G', 'end'], on: rows, does: 'Last', group: 'Move' },
  { name: 'half-down', keys: ['ctrl-d'], on: rows, does: 'Half a screen down', group: 'Move' },
  { name: 'half-up', keys: ['ctrl-u'], on: rows, does: 'Half a screen up', group: 'Move' },
  { name: 'page-down', keys: ['pagedown'], on: rows, does: 'A screen down', group: 'Move' },
  { name: 'page-up', keys: ['pageup'], on: rows, does: 'A screen up', group: 'Move' },
  {
    name: 'scroll-down',
    keys: ['ctrl-e'],
    on: ['detail', 'tasks'],
    does: 'Scroll a row down',
    group: 'Move',
  },
  { name: 'scroll-up', keys: ['ctrl-y'], on: ['detail', 'tasks'], does: 'Scroll a row up', group: 'Move' },
  { name: 'next', keys: ['n'], on: tasks, does: 'Next match, in the next column too', group: 'Move' },
  { name: 'previous', keys: ['N'], on: tasks, does: 'Previous match', group: 'Move' },
  { name: 'next-group', keys: ['}'], on: tasks, does: 'Next group that has tasks', group: 'Move' },
  { name: 'previous-group', keys: ['{'], on: tasks, does: 'Previous group that has tasks', group: 'Move' },

  {
    name: 'add',
    keys: ['a', 'insert'],
    on: tasks,
    does: 'Add a task, into this column',
    group: 'Change',
    hint: 'add',
  },
  { name: 'done', keys: ['d'], on: onTask, does: 'Done, or open again', group: 'Change', hint: 'done' },
  { name: 'start', keys: ['s'], on: onTask, does: 'Start, or stop', group: 'Change', hint: 'start' },
  {
    name: 'edit',
    keys: ['e'],
    on: onTask,
    does: 'Edit every field in a form',
    group: 'Change',
    hint: 'edit',
  },
  { name: 'title', keys: ['c'], on: tasks, does: 'Change the title in its place', group: 'Change' },
  {
    name: 'move-left',
    keys: ['H', 'shift-left'],
    on: tasks,
    does: 'Move to the column on the left',
    group: 'Change',
  },
  {
    name: 'move-right',
    keys: ['L', 'shift-right'],
    on: tasks,
    does: 'Move to the column on the right',
    group: 'Change',
    hint: 'move',
  },
  {
    name: 'move-down',
    keys: ['J', 'shift-down'],
    on: tasks,
    does: 'Move below the next one',
    group: 'Change',
  },
  { name: 'move-up', keys: ['K', 'shift-up'], on: tasks, does: 'Move above the one before', group: 'Change' },
  { name: 'move', keys: ['m'], on: tasks, does: 'Move to a column by its name', group: 'Change' },
  {
    name: 'priority',
    keys: ['p'],
    on: onTask,
    does: 'Next higher priority; after critical, low',
    group: 'Change',
  },
  { name: 'tags', keys: ['t'], on: onTask, does: 'Tags: +put on, -take off', group: 'Change' },
  { name: 'due', keys: ['w'], on: onTask, does: 'When it is due; nothing: no more', group: 'Change' },
  { name: 'project', keys: ['P'], on: onTask, does: 'Project', group: 'Change' },
  { name: 'note', keys: ['E'], on: onTask, does: 'The note, in $EDITOR', group: 'Change' },
  { name: 'delete', keys: ['x', 'delete'], on: onTask, does: 'Delete', group: 'Change' },
  { name: 'undo', keys: ['u'], on: everywhere, does: 'Undo the last change', group: 'Change', hint: 'undo' },
  { name: 'redo', keys: ['U', 'ctrl-r'], on: everywhere, does: 'Redo', group: 'Change' },
  { name: 'repeat', keys: ['.'], on: tasks, does: 'The last change again, here', group: 'Change' },
  {
    name: 'mark',
    keys: ['v', 'space'],
    on: tasks,
    does: 'Mark, for changes of many at once',
    group: 'Change',
  },
  {
    name: 'mark-all',
    keys: ['V'],
    on: tasks,
    does: 'Mark all of this column that are loaded',
    group: 'Change',
  },
  { name: 'retry', keys: ['r'], on: tasks, does: 'Send again what was refused', group: 'Change' },
  { name: 'drop', keys: ['D'], on: tasks, does: 'Drop what was refused', group: 'Change' },

  {
    name: 'filter',
    keys: ['/'],
    on: tasks,
    does: 'Filter while typing, as `todo list` reads it',
    group: 'Look',
    hint: 'filter',
  },
  { name: 'layout', keys: ['b'], on: tasks, does: 'Board, list, groups', group: 'Look', hint: 'view' },
  { name: 'by-status', keys: ['g s'], on: tasks, does: 'Columns by status', group: 'Look' },
  { name: 'by-priority', keys: ['g p'], on: tasks, does: 'Columns by priority', group: 'Look' },
  { name: 'by-tag', keys: ['g t'], on: tasks, does: 'Columns by tag', group: 'Look' },
  { name: 'by-project', keys: ['g j'], on: tasks, does: 'Columns by project', group: 'Look' },
  { name: 'by-due', keys: ['g d'], on: tasks, does: 'Columns by due date', group: 'Look' },
  {
    name: 'sort',
    keys: ['S'],
    on: tasks,
    does: 'Next order: usual, due, priority, urgency, newest, title',
    group: 'Look',
  },
  {
    name: 'refresh',
    keys: ['ctrl-l'],
    on: everywhere,
    does: 'Read and draw everything again',
    group: 'Look',
  },
  { name: 'copy-title', keys: ['y'], on: onTask, does: 'Copy the title', group: 'Look' },
  { name: 'copy-link', keys: ['Y'], on: onTask, does: 'Copy a link to it', group: 'Look' },
  {
    name: 'problem',
    keys: ['!'],
    on: everywhere,
    does: 'The whole text of what is told below',
    group: 'Look',
  },

  {
    name: 'open',
    keys: ['enter', 'o'],
    on: ['tasks', 'recurring', 'log', 'contexts'],
    does: 'Open',
    group: 'Go',
  },
  {
    name: 'pane',
    keys: ['tab', 'shift-tab'],
    on: ['detail'],
    does: 'To the other pane',
    group: 'Go',
    hint: 'pane',
  },
  { name: 'recurring', keys: ['g r'], on: everywhere, does: 'Recurring tasks', group: 'Go' },
  { name: 'log', keys: ['g l'], on: everywhere, does: 'Notifications that were sent', group: 'Go' },
  {
    name: 'contexts',
    keys: ['g c'],
    on: everywhere,
    does: 'Contexts: the tasks of another service',
    group: 'Go',
  },
  { name: 'pause', keys: ['p'], on: ['recurring'], does: 'Pause, or resume', group: 'Change', hint: 'pause' },
  { name: 'skip', keys: ['s'], on: ['recurring'], does: 'Skip the next one', group: 'Change', hint: 'skip' },
  { name: 'replay', keys: ['r'], on: ['log'], does: 'Send it again', group: 'Change', hint: 'send again' },
  { name: 'search-help', keys: ['/'], on: ['help'], does: 'Search', group: 'Look', hint: 'search' },
  {
    name: 'palette',
    keys: [':', 'ctrl-p'],
    on: everywhere,
    does: 'Everything by its name',
    group: 'Go',
    hint: 'commands',
  },
  { name: 'help', keys: ['?', 'f1'], on: everywhere, does: 'These keys', group: 'Go', hint: 'help' },
  { name: 'back', keys: ['[', '-'], on: everywhere, does: 'Back', group: 'Go' },
  { name: 'forward', keys: [']'], on: everywhere, does: 'Forward', group: 'Go' },
  {
    name: 'cancel',
    keys: ['escape'],
    on: everywhere,
    does: 'One level back: message, marks, filter, screen',
    group: 'Go',
  },
  {
    name: 'quit',
    keys: ['q'],
    on: everywhere,
    does: 'Back, and from the first screen out',
    group: 'Go',
    hint: 'quit',
  },

  { name: 'mouse', keys: ['M'], on: everywhere, does: 'Mouse on or off', group: 'Terminal' },
  {
    name: 'suspend',
    keys: ['ctrl-z'],
    on: everywhere,
    does: 'To the shell; `fg` comes back',
    group: 'Terminal',
  },
  { name: 'interrupt', keys: ['ctrl-c'], on: everywhere, does: 'End at once', group: 'Terminal' },
] as const satisfies readonly Binding[]

export type Keys = ReadonlyMap<string, readonly string[]>

/** The keys of each command: the table's, or those that the user's settings give it. */
export function keysOf(custom: Readonly<Record<string, readonly string[]>> = {}): Keys {
  return new Map(bindings.map(({ name, keys }) => [name, custom[name] ?? keys]))
}

/** What the user's file says of keys, and what is wrong with it: one mistake shall not take the others away. */
export function readKeys(value: unknown): { keys: Keys; problems: string[] } {
  const problems: string[] = []
  const custom: Record<string, string[]> = {}
  for (const [name, keys] of Object.entries(value ?? {})) {
    if (!bindings.some((binding) => binding.name === name))
      problems.push(`board.keys: there is no “${name}”; docs/board.md has the names.`)
    else if (!Array.isArray(keys) || keys.some((key) => typeof key !== 'string'))
      problems.push(`board.keys: “${name}” needs a list of keys, like ["ctrl-x"].`)
    else custom[name] = keys
  }
  return { keys: keysOf(custom), problems }
}

export type Lookup = { name: CommandName } | 'unfinished' | null

/** The command that keys mean on a screen; `unfinished` while a longer one begins with them. */
export function lookUp(keys: Keys, screen: ScreenKind, typed: readonly string[]): Lookup {
  const wanted = typed.join(' ')
  let unfinished = false
  for (const { name, on } of bindings) {
    if (!(on as readonly string[]).includes(screen)) continue
    for (const key of keys.get(name) ?? []) {
      if (key === wanted) return { name }
      if (key.startsWith(`${wanted} `)) unfinished = true
    }
  }
  return unfinished ? 'unfinished' : null
}

/** The likeliest keys of a screen, for the bottom line. */
export function hintsFor(keys: Keys, screen: ScreenKind): { key: string; word: string }[] {
  return bindings.flatMap((binding) => {
    const { name, on, hint }: Binding = binding
    const key = keys.get(name)?.[0]
    return hint !== undefined && key !== undefined && on.includes(screen)
      ? [{ key: keyText(key), word: hint }]
      : []
  })
}
