import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchHome, createBenchHome } from './support/home.ts'
import { type SampleTask, sampleTasks } from './support/tasks.ts'
import { createTaskwarrior, findTaskwarrior } from './support/taskwarrior.ts'

// What import and export cost, start to end, and the most memory that the client had meanwhile, which must not grow
// with the file. Option: --sizes 10000,100000

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '10000,100000' } } })

type Command = ReturnType<BenchHome['command']>
type Run = { seconds: number; peakMb: number }

const sampleEveryMs = 10

/** Runs with stdout into a file, and looks how much memory it ever had. Linux only. */
function run({ file, args, env }: Command, output: string): Promise<Run> {
  const target = openSync(output, 'w')
  const started = performance.now()
  let peakKb = 0
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['ignore', target, 'inherit'] })
    const timer = setInterval(() => {
      peakKb = Math.max(peakKb, highWaterOf(child.pid!))
    }, sampleEveryMs)
    child.once('exit', (code) => {
      clearInterval(timer)
      closeSync(target)
      if (code === 0) resolve({ seconds: (performance.now() - started) / 1000, peakMb: peakKb / 1024 })
      else reject(new Error(`${args.join(' ')} ended with ${code}`))
    })
  })
}

function highWaterOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

const recordOf = (task: SampleTask): string =>
  JSON.stringify({
    uid: task.uuid,
    title: task.title,
    project: task.project,
    tags: [task.tag],
    priority: task.priority ?? 'medium',
    due_date: task.dueDate,
    created_at: task.createdAt,
  })

const row = (name: string, size: number, { seconds, peakMb }: Run, target = ''): string =>
  `| ${name} | ${size.toLocaleString('en-US')} | ${seconds.toFixed(2)} | ${peakMb.toFixed(0)} | ${target} |`

async function measure(size: number, version: string | null): Promise<string[]> {
  const tasks = sampleTasks(size)
  const home = createBenchHome()
  try {
    const file = join(home.folder, 'tasks.ndjson')
    writeFileSync(file, tasks.map((task) => `${recordOf(task)}\n`).join(''))
    home.todo('list')
    const out = join(home.folder, 'out')
    const target = size === 10_000 ? '≤ 5 s' : ''
    const rows = [
      row('import', size, await run(home.command('import', file), out), target),
      row('import again: all there', size, await run(home.command('import', file), out)),
      row('export as ndjson', size, await run(home.command('export', '--ndjson'), out)),
      row('export as ical', size, await run(home.command('export', '--format', 'ical'), out)),
    ]
    if (statSync(out).size < size * 100) throw new Error('the export is not whole')
    if (version === null) return rows
    const rival = createTaskwarrior(version, home.folder, tasks.slice(0, 1))
    const theirs = join(home.folder, `taskwarrior-${size}`)
    const whole = createTaskwarrior(version, home.folder, tasks)
    const json = join(theirs, 'tasks.json')
    return [
      ...rows,
      row(`Taskwarrior ${version} import`, size, await run(rival.command('import', json), out)),
      row(`Taskwarrior ${version} export`, size, await run(whole.command('export'), out)),
    ]
  } finally {
    home.remove()
  }
}

const version = findTaskwarrior()
process.stdout.write(
  '| what | tasks | seconds | most memory, MB | target |\n| --- | ---: | ---: | ---: | --- |\n',
)
for (const size of values.sizes.split(',').map(Number)) {
  process.stdout.write(`${(await measure(size, version)).join('\n')}\n`)
}
