import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBenchHome, fill, memoryOf } from './home.ts'
import type { SampleTask } from './tasks.ts'
import { createTaskwarrior, findTaskwarrior } from './taskwarrior.ts'
import type { Command } from './tty.ts'

/** A board with its tasks in place. */
export type Opened = {
  command: Command
  /** What else works for it while it is open, in words; null when it is alone. */
  beside: () => string | null
  remove: () => void
}

/** A program that shows tasks in a terminal, and how one sees from outside what it does. */
export type BoardProgram = {
  name: string
  /** With all tasks in one column, of the same titles and dates. */
  open: (tasks: SampleTask[]) => Promise<Opened>
  /** On the screen as soon as a task is. */
  mark: string
  /** Typed after that, to get among the tasks. */
  enter: string
  top: string
  quit: string
  /** What stands on the screen when the selection is so many tasks below the first of `size`. */
  below: (steps: number, size: number) => RegExp
  /** With more tasks it is not measured: it would take longer than anybody waits. */
  most?: number
}

export const todoBoard: BoardProgram = {
  name: 'todo board',
  mark: '#',
  enter: '',
  top: 'gg',
  quit: 'q',
  open: async (tasks) => {
    const home = createBenchHome()
    await fill(home, tasks)
    const beside = () => {
      const { daemonRss, postgresPss } = memoryOf(home)
      return `its service holds ${daemonRss.toFixed(0)} MB, Postgres ${postgresPss.toFixed(0)} MB`
    }
    return { command: home.command('board'), beside, remove: home.remove }
  },
  below: (steps, size) => new RegExp(`\\b${steps + 1}/${size}\\b`),
}

const version = (file: string): string | null => {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' })
  return status === 0 ? stdout.trim().split('\n')[0]! : null
}

const bareEnv = (folder: string) => ({
  HOME: folder,
  XDG_CONFIG_HOME: join(folder, 'config'),
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
})

/** fulsomenko/kanban (`cargo install kanban-cli`), its board of columns on a JSON file. Null where it is not installed. */
export function findKanban(file: string): BoardProgram | null {
  const found = version(file)
  if (found === null) return null
  return {
    name: found,
    mark: 'item',
    enter: '\r',
    top: 'gg',
    quit: 'q',
    open: async (tasks) => {
      const folder = mkdtempSync(join(tmpdir(), 'kanban-bench-'))
      const data = join(folder, 'board.json')
      writeFileSync(data, JSON.stringify(kanbanFile(tasks)))
      return {
        command: { file, args: [data], env: bareEnv(folder) },
        beside: () => null,
        remove: () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    // It keeps the selected task on the last row and says how many are below it.
    below: (steps, size) => new RegExp(`\\b${size - steps - 1} Tasks below`),
  }
}

/** Its file of version 18, as `kanban init` and `kanban card create` of 0.12.2 write it. */
function kanbanFile(tasks: SampleTask[]): object {
  const now = new Date().toISOString()
  const board = randomUUID()
  const columns = ['todo', 'doing', 'done'].map((name, position) => ({
    id: randomUUID(),
    board_id: board,
    name,
    position,
    default_status: null,
    wip_limit: null,
    created_at: now,
    updated_at: now,
  }))
  const priorities = { high: 'High', medium: 'Medium', low: 'Low' }
  const cards = tasks.map((task, n) => ({
    id: task.uuid,
    board_id: board,
    column_id: columns[0]!.id,
    card_number: n + 1,
    position: n,
    title: task.title,
    description: null,
    status: 'Todo',
    prefix: 'task',
    points: null,
    priority: priorities[task.priority ?? 'medium'],
    sprint_id: null,
    sprint_logs: [],
    due_date: task.dueDate === null ? null : `${task.dueDate}T00:00:00Z`,
    created_at: task.createdAt,
    updated_at: task.createdAt,
    completed_at: null,
  }))
  const metadata = { instance_id: randomUUID(), saved_at: now, writer_version: '0.12.2', writer_commit: '' }
  const boardRow = {
    id: board,
    name: 'bench',
    description: null,
    position: 0,
    active_sprint_id: null,
    card_prefix: null,
    sprint_prefix: null,
    sprint_names: [],
    sprint_name_used_count: 0,
    next_sprint_number: 1,
    sprint_duration_days: null,
    task_list_view: 'ColumnView',
    task_sort_field: 'Default',
    task_sort_order: 'Ascending',
    created_at: now,
    updated_at: now,
  }
  const none = { edges: [] }
  return {
    version: 18,
    metadata,
    data: {
      archived_boards: [],
      archived_cards: [],
      boards: [boardRow],
      columns,
      cards,
      sprints: [],
      graph: { blocks: none, relates: none, spawns: none },
      prefixes: [{ name: 'task', card_counter: tasks.length, sprint_counter: 0 }],
    },
  }
}

/**
 * taskwarrior-tui, on Taskwarrior's own data. Null where one of the two is missing, or where they do not work together:
 * from 0.26 on it wants Taskwarrior 3.
 */
export function findTaskwarriorTui(file: string): BoardProgram | null {
  const [found, taskwarrior] = [version(file), findTaskwarrior()]
  if (found === null || taskwarrior === null) return null
  return {
    name: `${found} on ${taskwarrior}`,
    mark: 'item',
    enter: '',
    top: 'gg',
    quit: 'q',
    open: async (tasks) => {
      const folder = mkdtempSync(join(tmpdir(), 'taskwarrior-bench-'))
      const { env } = createTaskwarrior(taskwarrior, folder, tasks).command('list')
      // Its own filter would show one page; in the order of the ids one sees how far the selection is.
      appendFileSync(env.TASKRC!, 'report.next.filter=status:pending\nreport.next.sort=id+\n')
      return {
        command: { file, args: [], env: { ...bareEnv(folder), ...env } },
        beside: () => null,
        remove: () => rmSync(folder, { recursive: true, force: true }),
      }
    },
    below: (steps) => new RegExp(`^• +${steps + 1} `, 'm'),
    most: 10_000,
  }
}
