import { spawn } from '@lydell/node-pty'
import { type Cli, program } from './cli.ts'

export type Screen = {
  /** Everything that came out so far, with its escape sequences. */
  output: () => string
  type: (text: string) => void
  /** Resolves when the output matches; rejects when the program ends without it. */
  shows: (pattern: RegExp) => Promise<void>
  exit: Promise<number>
}

const longestRunMs = 30_000

export type ScreenOptions = { cols?: number; rows?: number; env?: Record<string, string> }

/** Runs `todo` in a pseudo-terminal of the given size. */
export function openTerminal(
  cli: Cli,
  words: string[],
  { cols = 100, rows = 30, env = {} }: ScreenOptions = {},
): Screen {
  const child = spawn(process.execPath, [program, ...words], {
    name: env.TERM ?? cli.env.TERM!,
    cols,
    rows,
    cwd: cli.env.HOME!,
    env: { ...cli.env, ...env },
  })
  // Whoever waits for what never comes must hear of it instead of hanging.
  const limit = setTimeout(() => child.kill('SIGKILL'), longestRunMs)
  let output = ''
  let ended = false
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const look of [...waiting]) look()
  }
  child.onData((chunk) => {
    output += chunk
    wake()
  })
  const exit = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => {
      ended = true
      clearTimeout(limit)
      wake()
      resolve(exitCode)
    }),
  )
  const shows = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        const found = pattern.test(output)
        if (!found && !ended) return
        waiting.delete(look)
        if (found) resolve()
        else reject(new Error(`it ended without ${pattern}:\n${output}`))
      }
      waiting.add(look)
      look()
    })
  return { output: () => output, type: (text) => child.write(text), shows, exit }
}

/** What a reader sees: escape sequences and carriage returns taken out. */
export const plain = (text: string): string =>
  text.replace(/\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r/g, '')
