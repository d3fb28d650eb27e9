import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Variant } from './measure.ts'
import type { SampleTask } from './tasks.ts'

export type Taskwarrior = { version: string; command: (...words: string[]) => Omit<Variant, 'name'> }

const path = '/usr/local/bin:/usr/bin:/bin'

/** The version where Taskwarrior is installed, else null. */
export function findTaskwarrior(): string | null {
  const { status, stdout } = spawnSync('task', ['--version'], {
    env: { PATH: path, HOME: '/nonexistent' },
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : null
}

const stamp = (date: string) => date.replaceAll(/[-:]|\.\d+/g, '')

/** Taskwarrior in a folder of its own with the same tasks. */
export function createTaskwarrior(version: string, parent: string, tasks: SampleTask[]): Taskwarrior {
  const folder = join(parent, `taskwarrior-${tasks.length}`)
  mkdirSync(folder, { recursive: true })
  const rc = join(folder, 'taskrc')
  writeFileSync(rc, `data.location=${folder}\nconfirmation=off\nnews.version=${version}\nverbose=nothing\n`)
  const env = { PATH: path, HOME: folder, TASKRC: rc, LANG: 'C.UTF-8', TZ: 'UTC' }
  const file = join(folder, 'tasks.json')
  const letters = { high: 'H', medium: 'M', low: 'L' }
  const rows = tasks.map((task) => ({
    uuid: task.uuid,
    status: 'pending',
    description: task.title,
    entry: stamp(task.createdAt),
    modified: stamp(task.createdAt),
    project: task.project,
    tags: [task.tag],
    ...(task.priority && { priority: letters[task.priority] }),
    ...(task.dueDate && { due: stamp(`${task.dueDate}T00:00:00Z`) }),
  }))
  writeFileSync(file, JSON.stringify(rows))
  for (const words of [['import', file], ['list']]) {
    const { status, stderr } = spawnSync('task', words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    if (status !== 0) throw new Error(`task ${words[0]}: ${stderr}`)
  }
  return { version, command: (...words) => ({ file: 'task', args: words, env }) }
}
