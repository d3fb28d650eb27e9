import { spawn } from 'node:child_process'
import { chownSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { daemonStatus, stopDaemon } from '../../cli/daemon.ts'
import {
  cliConfig,
  type Environment,
  type HomePaths,
  homePaths,
  inheritedEnvironment,
} from '../../shared/config.ts'
import { isRunning } from '../../shared/db/embedded/process.ts'

export type Answer = {
  status?: number
  body?: { id: number; title: string; items: { title: string }[] }
  error?: string
  hint?: string
  stderr: string
}

export type Home = {
  folder: string
  paths: HomePaths
  /** One request by a process of its own, as a command does it. */
  request(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<Answer>
  /** The running daemon's process, or null. */
  daemonPid(): Promise<number | null>
  /** The process in Postgres' pid file, dead or alive. */
  postgresPid(): number
  /** Stops what runs and removes the folder. */
  remove(): Promise<void>
}

export type HomeOptions = {
  /** On top of this process' environment and TODO_HOME. */
  env?: (folder: string) => Environment
  /** Run the commands as this user; only root can. */
  uid?: number
}

const client = join(import.meta.dirname, 'daemon-client.ts')

/** A TODO_HOME of its own. */
export async function createHome({ env, uid }: HomeOptions = {}): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'todo-home-'))
  if (uid !== undefined) chownSync(folder, uid, uid)
  const own = { TODO_HOME: folder, TODO_DATABASE_URL: undefined, ...env?.(folder) }
  const all = inheritedEnvironment(own)
  const paths = homePaths(cliConfig(all))
  const user = uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
  return {
    folder,
    paths,
    request: (method, path, body, timeoutMs) => {
      const words = [method, path, body === undefined ? '' : JSON.stringify(body)]
      if (timeoutMs !== undefined) words.push(String(timeoutMs))
      return runClient([...user, process.execPath, client, ...words], all)
    },
    daemonPid: async () => (await daemonStatus(paths))?.pid ?? null,
    postgresPid: () =>
      Number(readFileSync(join(paths.postgresData, 'postmaster.pid'), 'utf8').split('\n')[0]),
    remove: async () => {
      await stopDaemon(paths)
      for (const path of [folder, paths.run]) await rm(path, { recursive: true, force: true })
    },
  }
}

function runClient([file, ...args]: string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(file!, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    child.once('error', reject)
    child.once('close', () => {
      try {
        resolve({ ...JSON.parse(stdout), stderr })
      } catch {
        reject(new Error(`no answer: ${stdout}${stderr}`))
      }
    })
  })
}

/** The processes that have `word` in their command line; for counting daemons and servers. Linux only. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandOf(pid).includes(word))
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** Resolves when the process has gone or is only a zombie; it has ten seconds for that. */
export async function gone(pid: number): Promise<void> {
  const deadline = performance.now() + 10_000
  while (isRunning(pid)) {
    if (performance.now() > deadline) throw new Error(`process ${pid} has not ended`)
    await sleep(5)
  }
}
