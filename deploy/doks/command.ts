import { spawn } from 'node:child_process'
import { root } from '../local/settings.ts'

/** Runs a program and resolves with what it wrote to stdout; throws `CommandError` when it fails or is missing. */
export type Run = (program: string, args: string[], options?: RunOptions) => Promise<string>

export type RunOptions = {
  /** Given on stdin: secrets go this way, since everybody on a machine can read the arguments of its processes. */
  input?: string
  limitMs?: number
}

export class CommandError extends Error {
  readonly program: string
  constructor(program: string, message: string) {
    super(message)
    this.name = 'CommandError'
    this.program = program
  }
}

const defaultLimitMs = 120_000

/** Paths in arguments are the project's. */
export function createRun(env: Readonly<Record<string, string | undefined>>): Run {
  return (program, args, { input, limitMs = defaultLimitMs } = {}) =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(limitMs)
      const child = spawn(program, args, { env, cwd: root, stdio: ['pipe', 'pipe', 'pipe'], signal })
      const output = { out: '', err: '' }
      child.stdout.setEncoding('utf8').on('data', (chunk) => (output.out += chunk))
      child.stderr.setEncoding('utf8').on('data', (chunk) => (output.err += chunk))
      child.stdin.on('error', () => {}).end(input ?? '')
      const fail = (why: string) => reject(new CommandError(program, why))
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') fail(`${program} is not installed.`)
        else if (signal.aborted) fail(`${shown(program, args)}: no end after ${limitMs / 1000} s`)
        else fail(`${program}: ${error.message}`)
      })
      child.once('close', (code) => {
        if (code === 0) resolve(output.out)
        else fail(`${shown(program, args)}: exit code ${code}\n${output.err.trim()}`.trim())
      })
    })
}

/** As one would type it. */
export const shown = (program: string, args: string[]): string =>
  [program, ...args].map((word) => (/^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word}'`)).join(' ')
