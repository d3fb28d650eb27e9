import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { createContext, placeOf } from '../create-context.ts'
import { usage } from '../errors.ts'
import type { FlagSet } from '../flags.ts'
import { filterMarks } from '../task-filter.ts'
import { groupings, themeNames } from '../tui/model.ts'
import { prefetch } from '../tui/prefetch.ts'
import type { BoardOptions } from '../tui/state/initial.ts'

type Flags = { list?: boolean; by?: string; theme?: string; mouse: boolean; links: boolean }

export const board: Verb<Flags> = {
  summary: 'The tasks on a live board',
  usage: '[filter words] [flags]',
  examples: [
    ['todo board', 'columns todo, doing and done; ? shows the keys'],
    ['todo', 'the same, on a terminal'],
    ['todo board --by due', 'columns by priority, tag, project or due date'],
    ['todo board project:work +urgent', 'with a filter from the start'],
    ['todo board --list', 'as a list; b goes through the views'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('--list', 'as a list')
      .option('--by <what>', `columns by ${groupings.join(', ')}`)
      .option('--theme <name>', `colours: ${themeNames.join(', ')}`)
      .option('--no-mouse', 'leave the mouse to the terminal')
      .option('--no-links', 'addresses as plain text')
  },
  prepare: filterMarks,
  run: async (context, words, { list, by, theme, mouse, links }) => {
    const { terminal, config, out } = context
    if (out.mode !== 'text') throw usage('The board is for people.', 'For programs: `todo list --json`.')
    if (terminal.stdout.isTTY !== true || !terminal.isInteractive)
      throw usage('The board needs a terminal.', '`todo list` prints the tasks anywhere.')
    if (config.isDumb)
      throw usage('This terminal cannot be drawn on (TERM).', '`todo list` prints the tasks on any terminal.')
    const grouping = groupings.find((name) => name === by)
    if (by !== undefined && grouping === undefined)
      throw usage(`--by ${by} is none.`, `There are ${groupings.join(', ')}.`)
    if (theme !== undefined && !themeNames.some((one) => one === theme))
      throw usage(`--theme ${theme} is none.`, `There are ${themeNames.join(', ')}.`)
    terminal.isDrawnOn = true
    const stdin = terminal.stdin as NodeJS.ReadStream
    // What is typed while the board is still being loaded is for it, and not to be echoed.
    stdin.setRawMode(true)
    try {
      return await openBoards(context, {
        filter: words.length === 0 ? undefined : words.join(' '),
        layout: list ? 'list' : grouping === undefined ? undefined : 'board',
        by: grouping,
        theme,
        mouse,
        links,
      })
    } finally {
      stdin.setRawMode(false)
    }
  },
}

/** One board after the other, as the user goes from context to context; the next ones begin as this one ended. */
async function openBoards(context: Context, options: BoardOptions): Promise<number> {
  const prefetched = await prefetch(context.send, context.paths)
  // V8 keeps what it made of the bundle, which is a third of the time that loading it takes.
  enableCompileCache(join(import.meta.dirname, '.compiled'))
  const { openBoard } = await import('../tui/start.tsx')
  let ended = await openBoard(context, prefetched, options)
  while (typeof ended !== 'number') {
    const { terminal, version, config, flags } = context
    const next = createContext(terminal, placeOf(config, version), { ...flags, context: ended.context })
    try {
      ended = await openBoard(next, new Map(), { ...options, filter: undefined })
    } finally {
      await next.close('board')
    }
  }
  return ended
}
