import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cliConfig, homePaths } from '../../shared/config.ts'
import { connect, raw } from '../../shared/db/connect.ts'
import { taskJson } from '../../shared/db/task-json.ts'
import { type SampleTask, sampleTags } from './tasks.ts'

const program = join(import.meta.dirname, '../../dist/cli/main.js')

export type BenchHome = {
  folder: string
  command: (...words: string[]) => { file: string; args: string[]; env: Record<string, string> }
  /** Runs to its end; throws unless it succeeds. */
  todo: (...words: string[]) => string
  remove: () => void
}

/** A TODO_HOME of its own. NODE_EXTRA_CA_CERTS and the like of the caller do not reach what is measured. */
export function createBenchHome(): BenchHome {
  const folder = mkdtempSync(join(tmpdir(), 'todo-bench-'))
  const env = {
    HOME: folder,
    TODO_HOME: join(folder, 'todo'),
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
  }
  const command: BenchHome['command'] = (...words) => ({
    file: process.execPath,
    args: [program, ...words],
    env,
  })
  const todo = (...words: string[]) => {
    const { file, args } = command(...words)
    return expectDone(spawnSync(file, args, { env, encoding: 'utf8' }), words.join(' '))
  }
  const remove = () => {
    todo('daemon', 'stop')
    rmSync(folder, { recursive: true, force: true })
  }
  return { folder, command, todo, remove }
}

function expectDone({ status, stdout, stderr }: SpawnSyncReturns<string>, what: string): string {
  if (status !== 0) throw new Error(`${what}: ${stderr}`)
  return stdout
}

const pathsOf = ({ folder }: BenchHome) =>
  homePaths(cliConfig({ HOME: folder, TODO_HOME: join(folder, 'todo') }))

function connectTo(home: BenchHome) {
  const [, , , port, socketDir] = readFileSync(
    join(pathsOf(home).postgresData, 'postmaster.pid'),
    'utf8',
  ).split('\n')
  return connect(
    { socketDir: socketDir!, port: Number(port) },
    { max: 1, name: 'todo-bench', statementTimeoutMs: 0 },
  )
}

const chunk = 5_000

/** Puts the tasks into the running daemon's database, with tags and events, as if they had been added. */
export async function fill(home: BenchHome, tasks: SampleTask[]): Promise<void> {
  home.todo('tag', 'list')
  const db = connectTo(home)
  const [user] = await db<{ id: string }[]>`select id from users`
  const owner = user!.id
  await db`insert into tags (user_id, name) select ${owner}, unnest(${sampleTags}::text[])`
  for (let at = 0; at < tasks.length; at += chunk) {
    const rows = JSON.stringify(tasks.slice(at, at + chunk))
    await db`
      with given as (
        select * from json_to_recordset(${rows}::text::json) as g
          ("title" text, "project" text, "tag" text, "priority" text, "dueDate" date, "createdAt" timestamptz)
      ),
      task as (
        insert into tasks (user_id, title, project, priority_id, due_date, created_at, updated_at)
        select ${owner}, title, project, case priority when 'high' then 3 when 'low' then 1 else 2 end,
               "dueDate", "createdAt", "createdAt" from given
        returning id, title
      )
      insert into task_tags (user_id, task_id, tag_id)
      select ${owner}, t.id, l.id from task t join given g using (title) join tags l on l.name = g.tag`
  }
  await db`
    insert into events (user_id, task_id, type, version, change_id, data)
    select t.user_id, t.id, 'task.created', 1, gen_random_uuid(), ${taskJson(db, 't')}::jsonb from tasks t`
  await raw(db, 'vacuum analyze')
  await db.end({ timeout: 5 })
}

/** Memory in MB: the daemon's resident set, and the proportional share of all processes of its Postgres. Linux only. */
export function memoryOf(home: BenchHome): {
  daemonRss: number
  postgresPss: number
  postgresProcesses: number
} {
  const { pid } = JSON.parse(home.todo('daemon', 'status', '--json')) as { pid: number }
  const postmaster = Number(
    readFileSync(join(pathsOf(home).postgresData, 'postmaster.pid'), 'utf8').split('\n')[0],
  )
  const family = [postmaster, ...childrenOf(postmaster)]
  return {
    daemonRss: kilobytes(`/proc/${pid}/status`, 'VmRSS') / 1024,
    postgresPss: family.reduce((sum, one) => sum + kilobytes(`/proc/${one}/smaps_rollup`, 'Pss'), 0) / 1024,
    postgresProcesses: family.length,
  }
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)

function parentOf(pid: number): number {
  try {
    // The name in parentheses may contain anything, spaces too.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) \S /s, '')
        .split(' ')[0],
    )
  } catch {
    return 0
  }
}

function kilobytes(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'))![1])
}
