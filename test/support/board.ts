import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { type Cli, program } from './cli.ts'

export type OpenBoard = {
  /** The rows as a person sees them, blanks at their ends taken off. */
  rows: () => string[]
  text: () => string
  /** Everything that came out, with its escape sequences. */
  output: () => string
  type: (text: string) => void
  resize: (cols: number, rows: number) => void
  /** Resolves when the screen matches; tells the screen when it does not in time. */
  shows: (wanted: RegExp | ((text: string) => boolean)) => Promise<void>
  hides: (unwanted: RegExp) => Promise<void>
  /** Types, and waits for what that shows. */
  press: (keys: string, wanted: RegExp) => Promise<void>
  /** The style of the cell where a text stands. */
  cellAt: (text: string) => { isBold: boolean; isInverse: boolean; background: number; foreground: number }
  /** Whether the other buffer is shown, as full-screen programs do. */
  isAlternate: () => boolean
  exit: Promise<{ exitCode: number; signal: number | undefined }>
  child: IPty
}

const longestWaitMs = 40_000
/** Whoever waits for an end that never comes must hear of it instead of hanging. */
const longestRunMs = 90_000

export type BoardOptions = {
  cols?: number
  rows?: number
  env?: Record<string, string | undefined>
  command?: [string, ...string[]]
}

const open = new Set<IPty>()

/** Ends what a failed test has left open. */
export function closeBoards(): void {
  for (const child of open) child.kill('SIGKILL')
}

/** Runs the real program in a pseudo-terminal, with a terminal emulator that keeps its screen. */
export function openBoard(cli: Cli, words: string[] = ['board'], options: BoardOptions = {}): OpenBoard {
  const { cols = 120, rows = 30, env = {}, command = [process.execPath, program] } = options
  const screen = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 100 })
  const [file, ...first] = command
  const child = spawn(file, [...first, ...words], {
    cols,
    rows,
    cwd: cli.env.HOME!,
    name: env.TERM ?? cli.env.TERM!,
    env: Object.fromEntries(
      Object.entries({ ...cli.env, ...env }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>,
  })
  open.add(child)
  const limit = setTimeout(() => child.kill('SIGKILL'), longestRunMs)
  let output = ''
  let isEnded = false
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  child.onData((chunk) => {
    output += chunk
    screen.write(chunk, wake)
  })
  screen.onData((answer) => child.write(answer))
  const exit = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) =>
    child.onExit((how) => {
      isEnded = true
      clearTimeout(limit)
      open.delete(child)
      screen.write('', () => {
        wake()
        resolve({ exitCode: how.exitCode, signal: how.signal })
      })
    }),
  )
  const read = () => {
    const { active } = screen.buffer
    return Array.from(
      { length: screen.rows },
      // What an earlier, larger size has left beyond the edge is kept by the emulator, and not seen.
      (_, n) => active.getLine(active.viewportY + n)?.translateToString(true, 0, screen.cols) ?? '',
    )
  }
  const text = () => read().join('\n')
  const until = (isThere: (text: string) => boolean, what: string) =>
    new Promise<void>((resolve, reject) => {
      const done = (act: () => void) => {
        clearTimeout(patience)
        waiting.delete(look)
        act()
      }
      const fail = (why: string) => done(() => reject(new Error(`${why} ${what}:\n${text()}`)))
      const patience = setTimeout(() => fail('waited in vain for'), longestWaitMs)
      const look = () => {
        if (isThere(text())) done(resolve)
        else if (isEnded) fail('it ended without')
      }
      waiting.add(look)
      look()
    })
  const shows: OpenBoard['shows'] = (wanted) =>
    until((now) => (typeof wanted === 'function' ? wanted(now) : wanted.test(now)), String(wanted))
  return {
    rows: read,
    text,
    output: () => output,
    shows,
    exit,
    child,
    type: (keys) => child.write(keys),
    resize: (newCols, newRows) => {
      screen.resize(newCols, newRows)
      child.resize(newCols, newRows)
    },
    hides: (unwanted) => until((now) => !unwanted.test(now), `the end of ${unwanted}`),
    press: async (keys, wanted) => {
      child.write(keys)
      await shows(wanted)
    },
    cellAt: (wanted) => {
      const y = read().findIndex((row) => row.includes(wanted))
      const line = screen.buffer.active.getLine(screen.buffer.active.viewportY + y)
      if (line === undefined) throw new Error(`${wanted} is not on the screen:\n${text()}`)
      let x = 0
      while (!line.translateToString(false, x).startsWith(wanted)) x += 1
      const cell = line.getCell(x)!
      return {
        isBold: cell.isBold() !== 0,
        isInverse: cell.isInverse() !== 0,
        background: cell.getBgColor(),
        foreground: cell.getFgColor(),
      }
    },
    isAlternate: () => screen.buffer.active.type === 'alternate',
  }
}
