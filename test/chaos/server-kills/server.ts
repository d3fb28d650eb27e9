import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inheritedEnvironment } from '../../../shared/config.ts'
import { stopLeftPostgres } from '../../../shared/db/embedded.ts'

const program = join(import.meta.dirname, '../../../dist/cli/main.js')

export type KilledServer = {
  /** Where it listens now; while it is down, where it listened last. */
  url: () => string
  /** Kills what is named, with SIGKILL; answers how many processes that were. */
  kill: (what: 'server' | 'postgres' | 'both') => number
  /** Resolves when it says that it is ready, with the milliseconds that took. */
  ready: () => Promise<number>
  stop: () => Promise<void>
}

/** `todo serve` on its own Postgres below `home`, started again whenever it ends, as a service manager does it. */
export function keepServing(home: string): KilledServer {
  const dataDir = join(home, 'data/serve/postgres')
  let [url, isStopping] = ['', false]
  let child: ChildProcess
  const told = Promise.withResolvers<void>()
  const start = () => {
    child = spawn(
      process.execPath,
      [program, 'serve', '--port', url === '' ? '0' : new URL(url).port, '--json'],
      {
        env: inheritedEnvironment({
          TODO_HOME: home,
          HOST: '127.0.0.1',
          DATABASE_URL: undefined,
          TODO_DATABASE_URL: undefined,
          RATE_LIMIT: '0',
          AUTH_RATE_LIMIT: '0',
          LOG_LEVEL: 'silent',
        }),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    child.stdout!.setEncoding('utf8').once('data', (line: string) => {
      url = (JSON.parse(line) as { url: string }).url
      told.resolve()
    })
    child.once('exit', () => {
      if (!isStopping) setTimeout(start, 50)
    })
  }
  start()
  return {
    url: () => url,
    ready: async () => {
      const begin = performance.now()
      await told.promise
      while (!(await isReady(url))) {
        if (performance.now() - begin > 60_000) throw new Error('the server is not ready after a minute')
        await sleep(20)
      }
      return performance.now() - begin
    },
    kill: (what) => {
      const postgres = Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
      const pids = { server: [child.pid!], postgres: [postgres], both: [child.pid!, postgres] }[what]
      return pids.filter(killed).length
    },
    stop: async () => {
      isStopping = true
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      await stopLeftPostgres(dataDir)
    },
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  )

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    return false
  }
}
