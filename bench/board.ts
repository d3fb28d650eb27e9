import { parseArgs } from 'node:util'
import {
  type BoardProgram,
  findKanban,
  findTaskwarriorTui,
  type Opened,
  todoBoard,
} from './support/boards.ts'
import { createBenchHome } from './support/home.ts'
import { median, quantile } from './support/measure.ts'
import { sampleTasks } from './support/tasks.ts'
import { type Command, cpuSeconds, memory, openScreen, type Screen } from './support/tty.ts'

// The board in a pseudo-terminal of 120 × 40, beside other boards where they are installed and a bare Node that prints
// one letter, all with the same tasks in one run.
// Options: --sizes 1000,10000,100000 --starts 7 --keys 100 --idle 10 --kanban PATH --taskwarrior-tui PATH

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    starts: { type: 'string', default: '7' },
    keys: { type: 'string', default: '100' },
    idle: { type: 'string', default: '10' },
    kanban: { type: 'string', default: 'kanban' },
    'taskwarrior-tui': { type: 'string', default: 'taskwarrior-tui' },
  },
})

const targets = { frame: 300, key: 30, slowKey: 80, memory: 200, idle: 1 }
const burst = { keys: 200, everyMs: 5, patienceMs: 10_000 }

type Figures = {
  name: string
  size: number
  frames: number[]
  keys: number[]
  arrived: string
  idle: number
  clears: number
  memory: number
  beside: string | null
}

/** The first start fills caches: of V8, and of what the board asks for first. */
async function warmUp(command: Command, { mark, quit }: BoardProgram): Promise<void> {
  const screen = openScreen(command)
  await screen.sees(mark)
  await screen.quiet(1_000)
  await screen.quit(quit)
}

/** Until a card is on the screen, not only its frame. */
async function firstFrame(command: Command, mark: string): Promise<number> {
  const screen = openScreen(command)
  const ms = await screen.sees(mark)
  await screen.end()
  return ms
}

async function measure(program: BoardProgram, size: number, { command, beside }: Opened): Promise<Figures> {
  const frames: number[] = []
  await warmUp(command, program)
  for (let n = 0; n < Number(values.starts); n += 1) frames.push(await firstFrame(command, program.mark))
  const screen = openScreen(command)
  await screen.sees(program.mark)
  await screen.quiet(800)
  screen.child.write(program.enter)
  await screen.quiet(800)
  const from = screen.output().length
  const keys: number[] = []
  for (let n = 0; n < Number(values.keys); n += 1) {
    // Down and up again: the same distance at every size, with scrolling in it.
    keys.push(await screen.key(n % 50 < 40 ? 'j' : 'k'))
    await screen.quiet(60)
  }
  const arrived = await pressFast(screen, program, size)
  await screen.quiet(1_000)
  const clears =
    screen
      .output()
      .slice(from)
      .match(/\x1b\[[23]?J/g)?.length ?? 0
  const idle = await idleShare(screen.child.pid)
  const { most } = memory(screen.child.pid)
  const figures = { frames, keys, arrived, idle, clears, memory: most, beside: beside() }
  await screen.end()
  return { name: program.name, size, ...figures }
}

/** In per cent of one processor. */
async function idleShare(pid: number): Promise<number> {
  const before = cpuSeconds(pid)
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, Number(values.idle) * 1_000))
  return ((cpuSeconds(pid) - before) / (performance.now() - started)) * 100_000
}

/** A held key: every press counts, and the last one is on the screen soon after it. */
async function pressFast(screen: Screen, { top, below }: BoardProgram, size: number): Promise<string> {
  screen.child.write(top)
  await screen.quiet(500)
  const started = performance.now()
  for (let n = 0; n < burst.keys; n += 1) {
    screen.child.write('j')
    await new Promise((resolve) => setTimeout(resolve, burst.everyMs))
  }
  const typed = performance.now() - started
  const wanted = below(burst.keys, size)
  let isThere = false
  while (!isThere && performance.now() - started - typed < burst.patienceMs) {
    isThere = wanted.test(await screen.shown())
    if (!isThere) await screen.quiet(20)
  }
  return isThere ? `all, ${(performance.now() - started - typed).toFixed(0)} ms after the last` : 'SOME LOST'
}

const row = ({ name, size, frames, keys, arrived, idle, clears, memory: megabytes }: Figures): string =>
  [
    ...[
      name,
      size.toLocaleString('en-US'),
      `${median(frames).toFixed(0)} (${Math.min(...frames).toFixed(0)})`,
    ],
    ...[quantile(keys, 0.5).toFixed(1), quantile(keys, 0.99).toFixed(1), arrived],
    ...[idle.toFixed(2), String(clears), megabytes.toFixed(0)],
  ].join(' | ')

const head = [
  `board | tasks | first frame ms, median (min; target ≤ ${targets.frame}) | key → redraw ms p50 (≤ ${targets.key})`,
  `p99 (≤ ${targets.slowKey}) | ${burst.keys} keys at ${burst.everyMs} ms | idle CPU % (< ${targets.idle}) | full clears`,
  `memory MB (≤ ${targets.memory})`,
].join(' | ')
const rule = '--- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---:'

function findPrograms(): BoardProgram[] {
  const others = [
    { name: 'fulsomenko/kanban', option: 'kanban', program: findKanban(values.kanban) },
    {
      name: 'taskwarrior-tui',
      option: 'taskwarrior-tui',
      program: findTaskwarriorTui(values['taskwarrior-tui']),
    },
  ]
  for (const { name, option, program } of others)
    if (program === null)
      process.stderr.write(`${name} is not measured: not installed. See --${option} PATH.\n`)
  return [todoBoard, ...others.flatMap(({ program }) => program ?? [])]
}

async function bareStarts(): Promise<number[]> {
  const home = createBenchHome()
  const { file, env } = home.command()
  const starts: number[] = []
  for (let n = 0; n < Number(values.starts); n += 1)
    starts.push(await firstFrame({ file, args: ['-e', 'process.stdout.write("#")'], env }, '#'))
  home.remove()
  return starts
}

async function main(): Promise<void> {
  const programs = findPrograms()
  const found: Figures[] = []
  for (const size of values.sizes.split(',').map(Number)) {
    const tasks = sampleTasks(size)
    for (const program of programs) {
      if (size > (program.most ?? size)) continue
      process.stderr.write(`${program.name} with ${size} tasks …\n`)
      const opened = await program.open(tasks)
      try {
        found.push(await measure(program, size, opened))
      } catch (error) {
        // A board that gives up at some size says so in its row, and the others are measured still.
        if (program === todoBoard) throw error
        process.stderr.write(`${program.name} with ${size} tasks: ${(error as Error).message}\n`)
      } finally {
        opened.remove()
      }
    }
  }
  report(found, await bareStarts())
}

function report(found: Figures[], bare: number[]): void {
  const lines = found.map((one) => `| ${row(one)} |\n`)
  process.stdout.write(`| ${head} |\n| ${rule} |\n${lines.join('')}\n`)
  process.stdout.write(
    `A bare \`node -e\` that prints one letter, in the same run: ${median(bare).toFixed(0)} ms.\n`,
  )
  for (const { name, size, frames, beside } of found) {
    const other = found.find((one) => one.name !== name && one.size === size && name === todoBoard.name)
    const ratios = [
      `first frame ÷ bare node ${(median(frames) / median(bare)).toFixed(2)}`,
      ...(other === undefined
        ? []
        : [`÷ ${other.name} ${(median(frames) / median(other.frames)).toFixed(2)}`]),
      ...(beside === null ? [] : [beside]),
    ]
    process.stdout.write(`- ${name}, ${size.toLocaleString('en-US')} tasks: ${ratios.join('; ')}\n`)
  }
}

await main()
