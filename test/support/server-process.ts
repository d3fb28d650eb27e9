import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { inheritedEnvironment } from '../../shared/config.ts'

const entry = join(import.meta.dirname, '../../server/main.ts')

export type Ended = { code: number | null; stdout: string; stderr: string }

export type ServerProcess = {
  child: ChildProcess
  /** Where it listens; rejects when it ends before. */
  port: Promise<number>
  ended: Promise<Ended>
}

/** The program of the cluster's server, from its sources, on a free port. */
export function startServerProcess(words: string[], settings: Record<string, string>): ServerProcess {
  const env = inheritedEnvironment({ JWT_SECRET: '', HOST: '127.0.0.1', PORT: '0', ...settings })
  const child = spawn(process.execPath, [entry, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { stdout: '', stderr: '' }
  const listening = Promise.withResolvers<number>()
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text.stdout += chunk
    const line = text.stdout.split('\n').find((one) => one.includes('"listening"'))
    if (line !== undefined) listening.resolve(JSON.parse(line).port)
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => (text.stderr += chunk))
  const ended = once(child, 'close').then(([code]): Ended => {
    listening.reject(new Error(`the server ended: ${text.stderr}`))
    return { code, ...text }
  })
  listening.promise.catch(() => {})
  return { child, port: listening.promise, ended }
}
