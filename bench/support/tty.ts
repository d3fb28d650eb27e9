import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

// A program in a pseudo-terminal, measured from outside: what comes out, and when. Linux only, for /proc.

export type Screen = {
  child: IPty
  startedAt: number
  output: () => string
  /** What a terminal shows after all that; a program that writes only what changed never writes a whole line. */
  shown: () => Promise<string>
  /** Milliseconds from the start until the text was on the screen. */
  sees: (text: string) => Promise<number>
  /** Waits until nothing has come for so long. */
  quiet: (ms: number) => Promise<void>
  /** Milliseconds from a key to the first byte of the answer. */
  key: (key: string) => Promise<number>
  end: () => Promise<void>
  /** Ends it by its own key, so that it keeps what it wants to keep. */
  quit: (key: string) => Promise<void>
}

export type Command = { file: string; args: string[]; env: Record<string, string>; cwd?: string }

const size = { cols: 120, rows: 40 }
const longestMs = 60_000

/** The rows that a terminal shows after `output`. */
async function draw(output: string): Promise<string> {
  const terminal = new xterm.Terminal({ ...size, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const { active } = terminal.buffer
  const rows = Array.from({ length: size.rows }, (_, n) => active.getLine(n)?.translateToString(true) ?? '')
  terminal.dispose()
  return rows.join('\n')
}

export function openScreen({ file, args, env, cwd }: Command): Screen {
  const startedAt = performance.now()
  const child = spawn(file, args, {
    ...size,
    name: 'xterm-256color',
    cwd: cwd ?? '/',
    env: { ...env, TERM: 'xterm-256color' },
  })
  let output = ''
  let lastAt = performance.now()
  let heard: (() => void) | null = null
  child.onData((chunk) => {
    output += chunk
    lastAt = performance.now()
    // Programs that ask where the cursor is, or what the terminal is, wait for the answer.
    if (chunk.includes('\x1b[6n')) child.write('\x1b[1;1R')
    if (chunk.includes('\x1b[c')) child.write('\x1b[?1;2c')
    heard?.()
  })
  const ended = new Promise<void>((resolve) => child.onExit(() => resolve()))
  const next = () =>
    new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, longestMs)
      heard = () => {
        clearTimeout(limit)
        heard = null
        resolve()
      }
    })
  return {
    child,
    startedAt,
    output: () => output,
    shown: () => draw(output),
    sees: async (text) => {
      while (!output.includes(text)) {
        await next()
        if (performance.now() - startedAt > longestMs) throw new Error(`${file} never showed ${text}`)
      }
      return lastAt - startedAt
    },
    quiet: async (ms) => {
      // Some draw a clock, and are never quiet for long.
      const latest = performance.now() + 5 * ms
      while (performance.now() - lastAt < ms && performance.now() < latest)
        await sleep(ms - (performance.now() - lastAt) + 1)
    },
    key: async (key) => {
      const at = performance.now()
      const answer = next()
      child.write(key)
      await answer
      return lastAt - at
    },
    quit: async (key) => {
      child.write(key)
      await ended
    },
    end: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const ticksPerSecond = 100

/** Seconds of processor time so far of a process and of the programs that it has called. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}

/** Resident memory in MB, now and at most. */
export function memory(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]) / 1024
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') }
}
