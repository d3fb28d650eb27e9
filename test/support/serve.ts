import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after } from 'node:test'
import { type Cli, program, type Result } from './cli.ts'

export type Served = {
  url: string
  pid: number
  /** Sends SIGTERM (or another) and resolves when it has ended. */
  stop: (signal?: NodeJS.Signals) => Promise<Result>
}

const running = new Set<Served>()

after(async () => {
  for (const served of running) await served.stop()
})

/** `todo serve` on a free port; rejects with what it said when it ends before it listens. */
export async function startServe(
  cli: Cli,
  { words = [], env = {} }: { words?: string[]; env?: Record<string, string | undefined> } = {},
): Promise<Served> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json', ...words], {
    env: { ...cli.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    text.stderr += chunk
  })
  const told = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text.stdout += chunk
    if (text.stdout.includes('\n')) told.resolve(JSON.parse(text.stdout).url)
  })
  const ended = once(child, 'close').then(([code]) => {
    told.reject(new Error(`todo serve ended with ${code}: ${text.stderr}`))
    return { code, ...text } as Result
  })
  const url = await told.promise
  const served: Served = {
    url,
    pid: child.pid!,
    stop: (signal = 'SIGTERM') => {
      running.delete(served)
      child.kill(signal)
      return ended
    },
  }
  running.add(served)
  return served
}
