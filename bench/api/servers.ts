import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inheritedEnvironment } from '../../shared/config.ts'

export type Running = {
  port: number
  /** Milliseconds of CPU so far, of all its threads. */
  cpuMs: () => number
  /** Resident memory in MB. */
  rssMb: () => number
  stop: () => Promise<void>
}

/** The server as it is deployed, with sign-in, limits and its log on; `listeningMs` from before the fork. */
export async function startServer(databaseUrl: string): Promise<{ server: Running; listeningMs: number }> {
  const env = inheritedEnvironment({
    DATABASE_URL: databaseUrl,
    PORT: '0',
    HOST: '127.0.0.1',
    // The limits count as always, but let a benchmark pass.
    RATE_LIMIT: '1000000',
    AUTH_RATE_LIMIT: '100000',
    JWT_SECRET: 'q7Vd2kZp9sXw4Rb8Tn3Ly6Hc1Mf5Gj0A',
  })
  const begin = performance.now()
  const child = spawn(process.execPath, program(), {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // Its log goes through a pipe, as it would to a collector; here it is thrown away.
  const port = await portInLog(child)
  const listeningMs = performance.now() - begin
  child.stdout!.resume()
  return { server: running(child, port), listeningMs }
}

const root = join(import.meta.dirname, '../..')

/** With TODO_BENCH_PROFILE=FOLDER the server runs from its sources and writes a CPU profile there when it ends. */
const program = (): string[] => {
  const folder = inheritedEnvironment({}).TODO_BENCH_PROFILE
  if (!folder) return [join(root, 'dist/server/main.js')]
  return ['--cpu-prof', `--cpu-prof-dir=${folder}`, join(root, 'server/main.ts')]
}

async function portInLog(child: ChildProcess): Promise<number> {
  let log = ''
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)))
    const read = (text: string) => {
      log += text
      const line = log.split('\n').find((one) => one.includes('"listening"'))
      if (line === undefined || !log.slice(log.indexOf(line)).includes('\n')) return
      child.stdout!.off('data', read)
      resolve((JSON.parse(line) as { port: number }).port)
    }
    child.stdout!.setEncoding('utf8').on('data', read)
  })
}

export async function startRaw(databaseUrl: string): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'raw-server.ts'), databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return running(child, Number(port))
}

const running = (child: ChildProcess, port: number): Running => ({
  port,
  cpuMs: () => {
    // After the name in brackets, which may hold spaces, user and system time are fields 12 and 13 in ticks of 10 ms.
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  },
  rssMb: () =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
  stop: async () => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  },
})
